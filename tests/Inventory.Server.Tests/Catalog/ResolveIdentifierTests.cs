using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Catalog;

/// <summary>What a scanner has read, over the wire.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ResolveIdentifierTests : RestFixture
{
    [Test]
    public async Task What_was_scanned_is_told_with_the_item_that_has_its_GTIN()
    {
        var gtin = Some.Gtin13();
        var item = await Catalog.CreateInventoryItemAsync(
            new()
            {
                Sku = Some.Sku(),
                Name = "boots",
                Barcodes = { gtin },
            }
        );

        var found = await Scans.ResolveIdentifierAsync(
            new() { Text = $"]d2010{gtin}17270630{'\x1d'}10LOT-7{'\x1d'}2112345" }
        );
        var byRest = await Post("/v1/scans:resolve", $$"""{"text":"https://id.gs1.org/01/0{{gtin}}/10/LOT-7"}""");

        Assert.That((found.Sku, found.ItemId), Is.EqualTo((item.Item.Sku, item.Item.ItemId)));
        Assert.That(
            (found.Form, found.Gtin, found.ExpireDate, found.Batch, found.Serial),
            Is.EqualTo((IdentifierForm.ElementString, $"0{gtin}", "2027-06-30", "LOT-7", "12345"))
        );
        Assert.That((byRest["sku"], byRest["batch"]), Is.EqualTo((item.Item.Sku, "LOT-7")));
    }

    [Test]
    public async Task A_GTIN_that_nobody_has_is_told_without_an_item()
    {
        var found = await Scans.ResolveIdentifierAsync(new() { Text = Some.Gtin13() });

        Assert.That((found.Form, found.Sku, found.ItemId), Is.EqualTo((IdentifierForm.Gtin, "", "")));
    }

    [Test]
    public async Task What_says_nothing_is_refused_with_what_is_wrong()
    {
        var wrong = await Refused(Scans.ResolveIdentifierAsync(new() { Text = "(01)09521234543214" }));
        var none = await Refused(Scans.ResolveIdentifierAsync(new()));
        var control = await Refused(Scans.ResolveIdentifierAsync(new() { Text = "a\0" }));

        Assert.That(wrong.Fields, Is.EqualTo([("text", "FORMAT")]));
        Assert.That(none.Fields, Is.EqualTo([("text", "REQUIRED")]));
        Assert.That(control.Fields, Is.EqualTo([("text", "CHARACTERS")]));
    }
}
