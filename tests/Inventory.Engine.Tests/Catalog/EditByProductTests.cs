using Inventory.Engine.Catalog;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

/// <summary>Edits and deletions that name what the product service calls a product.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class EditByProductTests : EngineFixture
{
    [Test]
    public async Task A_product_with_one_variant_is_edited_and_deleted_and_both_are_replayed_when_it_is_gone()
    {
        var product = Some.Sku();
        var sku = await Variant(product);
        var edit = Rename(product);
        var deletion = Deletion(product);

        var edited = await Node.UpdateItem.ExecuteAsync(edit, default);
        var deleted = await Node.DeleteItem.ExecuteAsync(deletion, default);
        var editedAgain = await Node.UpdateItem.ExecuteAsync(edit, default);
        var deletedAgain = await Node.DeleteItem.ExecuteAsync(deletion, default);

        Assert.That((edited.Outcome, edited.Item!.Sku), Is.EqualTo((UpdateItemOutcome.Updated, sku)));
        Assert.That((editedAgain.Outcome, editedAgain.Item!.Sku), Is.EqualTo((UpdateItemOutcome.Replayed, sku)));
        Assert.That(deleted.Outcome, Is.EqualTo(DeleteItemOutcome.Deleted));
        Assert.That(deletedAgain.Outcome, Is.EqualTo(DeleteItemOutcome.Replayed));
    }

    [Test]
    public async Task Of_several_variants_none_is_touched_and_what_was_done_before_is_still_known()
    {
        var product = Some.Sku();
        var first = await Variant(product);
        var edit = Rename(product);
        await Node.UpdateItem.ExecuteAsync(edit, default);
        var second = await Variant(product);

        var replayed = await Node.UpdateItem.ExecuteAsync(edit, default);
        var edited = await Node.UpdateItem.ExecuteAsync(Rename(product), default);
        var deleted = await Node.DeleteItem.ExecuteAsync(Deletion(product), default);

        Assert.That(replayed.Outcome, Is.EqualTo(UpdateItemOutcome.Replayed));
        Assert.That(edited.Outcome, Is.EqualTo(UpdateItemOutcome.SeveralVariants));
        Assert.That(deleted.Outcome, Is.EqualTo(DeleteItemOutcome.SeveralVariants));
        foreach (var (sku, revision) in new[] { (first, 2L), (second, 1L) })
        {
            var item = await Node.Item.BySkuOrIdAsync(sku, default);
            Assert.That(item.Item!.Revision, Is.EqualTo(revision), sku);
        }
    }

    [Test]
    public async Task A_product_comes_before_an_item_of_that_sku_which_serves_where_there_is_none()
    {
        var alone = await Given.Item();
        var clash = await Given.Item();
        var variant = await Variant(clash);

        var byProduct = await Node.UpdateItem.ExecuteAsync(Rename(clash), default);
        var bySku = await Node.UpdateItem.ExecuteAsync(Rename(alone), default);
        var unknown = await Node.UpdateItem.ExecuteAsync(Rename(Some.Sku()), default);

        Assert.That((byProduct.Item!.Sku, bySku.Item!.Sku), Is.EqualTo((variant, alone)));
        Assert.That(unknown.Outcome, Is.EqualTo(UpdateItemOutcome.ItemUnknown));
    }

    [Test]
    public async Task The_same_name_as_an_item_and_as_a_product_are_two_contents()
    {
        var sku = await Given.Item();
        var edit = Rename(sku);
        await Node.UpdateItem.ExecuteAsync(edit, default);

        var other = await Node.UpdateItem.ExecuteAsync(edit with { IsProduct = false }, default);

        Assert.That(other.Outcome, Is.EqualTo(UpdateItemOutcome.RequestIdReused));
    }

    private static ItemEdit Rename(string product) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Item = product,
            IsProduct = true,
            Name = "Hose",
        };

    private static ItemDeletion Deletion(string product) =>
        new(Some.Caller, Some.RequestId(), product) { IsProduct = true };

    private async Task<string> Variant(string product)
    {
        var sku = Some.Sku();
        await Node.CreateItem.ExecuteAsync(
            new NewItem
            {
                Caller = Some.Caller,
                Sku = sku,
                Name = "A",
                ProductId = product,
                VariantId = sku,
            },
            default
        );
        return sku;
    }
}
