using Inventory.Engine.Catalog;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class KitTests : EngineFixture
{
    [Test]
    public async Task A_kit_is_made_of_items_and_has_as_many_as_they_allow()
    {
        var (leg, top) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 5));
        var kit = NewKit((leg, 4), (top, 1));

        var made = await Create(kit);
        var again = await Create(kit);
        var got = await Node.Item.BySkuOrIdAsync(kit.Sku, CancellationToken.None);
        var listed = await Node.Items.ExecuteAsync(new() { Prefix = kit.Sku }, 10, null, CancellationToken.None);

        Assert.That(made.Outcome, Is.EqualTo(CreateItemOutcome.Created));
        Assert.That(made.Item!.Components, Is.EquivalentTo(kit.Components));
        Assert.That((made.Item.Available, got.Item!.Available), Is.EqualTo((2, 2)));
        Assert.That(again.Outcome, Is.EqualTo(CreateItemOutcome.Replayed));
        Assert.That(again.Item, Is.EqualTo(made.Item).UsingPropertiesComparer());
        Assert.That(got.Item, Is.EqualTo(made.Item).UsingPropertiesComparer());
        Assert.That(listed.Items.Single(), Is.EqualTo(made.Item).UsingPropertiesComparer());
    }

    [Test]
    public async Task A_kit_of_what_is_unknown_a_kit_or_named_twice_is_not_made()
    {
        var part = await Given.Stock(onHand: 9);
        var other = await Create(NewKit((part, 1)));
        var id = Engine.Database.PublicId.Item((await Node.Item.BySkuOrIdAsync(part, default)).Item!.ItemId);

        var unknown = await Create(NewKit((part, 1), ("no-such-sku", 1)));
        var kit = await Create(NewKit((other.Item!.Sku, 1)));
        var twice = await Create(NewKit((part, 1), (id, 2)));

        Assert.That(
            (unknown.Outcome, unknown.Components.Single()),
            Is.EqualTo((CreateItemOutcome.ComponentUnknown, "no-such-sku"))
        );
        Assert.That(
            (kit.Outcome, kit.Components.Single()),
            Is.EqualTo((CreateItemOutcome.ComponentIsKit, other.Item.Sku))
        );
        Assert.That((twice.Outcome, twice.Components.Single()), Is.EqualTo((CreateItemOutcome.ComponentRepeated, id)));
    }

    [Test]
    public async Task A_kit_may_be_made_of_something_else()
    {
        var (leg, top, drawer) = (
            await Given.Stock(onHand: 12),
            await Given.Stock(onHand: 5),
            await Given.Stock(onHand: 7)
        );
        var kit = (await Create(NewKit((leg, 4), (top, 1)))).Item!;
        var edit = Edit(kit.Sku) with { Components = [new(leg, 3), new(drawer, 2)] };

        var edited = await Node.UpdateItem.ExecuteAsync(edit, CancellationToken.None);
        var again = await Node.UpdateItem.ExecuteAsync(edit, CancellationToken.None);
        var got = await Node.Item.BySkuOrIdAsync(kit.Sku, CancellationToken.None);

        Assert.That(edited.Outcome, Is.EqualTo(UpdateItemOutcome.Updated));
        Assert.That(edited.Item!.Components, Is.EquivalentTo(new Component[] { new(leg, 3), new(drawer, 2) }));
        Assert.That((edited.Item.Available, got.Item!.Available), Is.EqualTo((3, 3)));
        Assert.That(got.Item.Components, Is.EqualTo(edited.Item.Components));
        Assert.That(again.Outcome, Is.EqualTo(UpdateItemOutcome.Replayed));
        Assert.That(again.Item!.Components, Is.EqualTo(edited.Item.Components));
    }

    [Test]
    public async Task An_edit_that_would_make_no_sense_of_a_kit_changes_nothing()
    {
        var part = await Given.Stock(onHand: 9);
        var kit = (await Create(NewKit((part, 2)))).Item!;

        UpdateItemOutcome[] outcomes =
        [
            await Update(Edit(part) with { Components = [new(kit.Sku, 1)] }),
            await Update(Edit(kit.Sku) with { SafetyStock = 2 }),
            await Update(Edit(kit.Sku) with { Components = [new("no-such-sku", 1)] }),
            await Update(Edit(kit.Sku) with { Components = [new(kit.Sku, 1)] }),
        ];

        Assert.That(
            outcomes,
            Is.EqualTo([
                UpdateItemOutcome.NotAKit,
                UpdateItemOutcome.KitHasNoStock,
                UpdateItemOutcome.ComponentUnknown,
                UpdateItemOutcome.ComponentIsKit,
            ])
        );
        Assert.That(
            (await Node.Item.BySkuOrIdAsync(kit.Sku, CancellationToken.None)).Item,
            Is.EqualTo(kit).UsingPropertiesComparer()
        );
    }

    [Test]
    public async Task A_part_is_not_deleted_while_a_kit_is_made_of_it()
    {
        var part = await Given.Item();
        var kit = (await Create(NewKit((part, 2)))).Item!;

        var refused = await Delete(part);
        var gone = await Delete(kit.Sku);
        var after = await Delete(part);

        Assert.That(refused, Is.EqualTo(DeleteItemOutcome.PartOfKit));
        Assert.That((gone, after), Is.EqualTo((DeleteItemOutcome.Deleted, DeleteItemOutcome.Deleted)));
    }

    [Test]
    public async Task A_part_that_is_deleted_while_kits_are_made_of_it_is_in_none_or_stays()
    {
        for (var turn = 0; turn < 20; turn++)
        {
            var part = await Given.Item();
            var kit = NewKit((part, 1));

            var making = Create(kit);
            var deleting = Delete(part);
            await Task.WhenAll(making, deleting);

            var made = (await making).Outcome == CreateItemOutcome.Created;
            Assert.That(await deleting, Is.EqualTo(made ? DeleteItemOutcome.PartOfKit : DeleteItemOutcome.Deleted));
        }
    }

    [Test]
    public async Task Stock_of_a_kit_is_refused_however_it_is_edited()
    {
        var part = await Given.Stock(onHand: 9);
        var kit = (await Create(NewKit((part, 2)))).Item!;

        var outcomes = new List<EditOutcome>();
        foreach (var kind in new[] { EditKind.Add, EditKind.Remove, EditKind.Adjust, EditKind.Set })
        {
            outcomes.Add((await Edit(Some.Edit(kind, kit.Sku, 1))).Outcome);
        }

        Assert.That(outcomes, Is.All.EqualTo(EditOutcome.ItemIsKit));
        Assert.That(await Then.Changes(kit.Sku), Is.Zero);
    }

    private static NewItem NewKit(params (string Sku, long Quantity)[] components)
    {
        var sku = Some.Sku();
        return new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Sku = sku,
            Name = sku,
            Components = [.. components.Select(c => new Component(c.Sku, c.Quantity))],
        };
    }

    private static ItemEdit Edit(string sku) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Item = sku,
        };

    private Task<CreateItemAnswer> Create(NewItem item) => Node.CreateItem.ExecuteAsync(item, CancellationToken.None);

    private async Task<UpdateItemOutcome> Update(ItemEdit edit) =>
        (await Node.UpdateItem.ExecuteAsync(edit, CancellationToken.None)).Outcome;

    private async Task<DeleteItemOutcome> Delete(string sku) =>
        (await Node.DeleteItem.ExecuteAsync(new(Some.Caller, Some.RequestId(), sku), CancellationToken.None)).Outcome;
}
