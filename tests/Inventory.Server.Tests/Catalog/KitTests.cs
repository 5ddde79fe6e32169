using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Catalog;

/// <summary>Kits over the wire.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class KitTests : ServerFixture
{
    [Test]
    public async Task A_kit_is_made_read_edited_and_held_by_its_parts()
    {
        var (leg, top) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 5));
        var request = NewKit((leg, 4), (top, 1));

        var made = await Catalog.CreateInventoryItemAsync(request);
        var held = await Reservations.ReserveInventoryAsync(Order(request.Sku, 2));
        var edited = await Catalog.UpdateInventoryItemAsync(
            new() { Item = request.Sku, Components = { Part(leg, 1) } }
        );
        var got = await Catalog.GetInventoryItemAsync(new() { Item = request.Sku });
        var read = await Reservations.GetReservationAsync(new() { ReservationId = held.Reservation.ReservationId });

        Assert.That(made.Item.Components, Is.EquivalentTo(request.Components));
        Assert.That((made.Item.Available, edited.Item.Available), Is.EqualTo((2, 1)));
        Assert.That(edited.Item.Components, Is.EqualTo(new[] { Part(leg, 1) }));
        Assert.That(got.Item, Is.EqualTo(edited.Item));
        var line = held.Reservation.Lines.Single();
        Assert.That((line.Sku, line.Quantity), Is.EqualTo((request.Sku, 2)));
        Assert.That(line.Allocations.Select(a => (a.Sku, a.Quantity)), Is.EquivalentTo([(leg, 8), (top, 2)]));
        Assert.That(read.Reservation, Is.EqualTo(held.Reservation));
    }

    [Test]
    public async Task All_that_is_wrong_with_a_kit_is_named_at_once()
    {
        var request = NewKit(("", 0), ("one", 10_001), ("one", 1));
        request.SafetyStock = 1;
        request.Openings.Add(new OpeningQuantity { Warehouse = Given.MainWarehouse, Quantity = 1 });
        var many = NewKit([.. Enumerable.Range(0, 51).Select(i => ($"part-{i}", 1L))]);

        var wrong = await Refused(Catalog.CreateInventoryItemAsync(request));
        var tooMany = await Refused(Catalog.CreateInventoryItemAsync(many));
        var none = await Refused(
            Catalog.UpdateInventoryItemAsync(
                new()
                {
                    Item = "any",
                    UpdateMask = new() { Paths = { "components" } },
                }
            )
        );

        Assert.That(
            wrong.Fields,
            Is.EquivalentTo(
                new[]
                {
                    ("components[0].sku", "REQUIRED"),
                    ("components[0].quantity", "OUT_OF_RANGE"),
                    ("components[1].quantity", "OUT_OF_RANGE"),
                    ("components[2].sku", "CONFLICT"),
                    ("openings", "CONFLICT"),
                    ("safety_stock", "CONFLICT"),
                }
            )
        );
        Assert.That(tooMany.Fields, Is.EqualTo(new[] { ("components", "OUT_OF_RANGE") }));
        Assert.That(none.Fields, Is.EqualTo(new[] { ("components", "REQUIRED") }));
    }

    [Test]
    public async Task What_makes_no_sense_of_a_kit_is_refused_by_reason()
    {
        var part = await Given.Stock(onHand: 9);
        var kit = (await Catalog.CreateInventoryItemAsync(NewKit((part, 2)))).Item;

        var unknown = await Refused(Catalog.CreateInventoryItemAsync(NewKit(("no-such-sku", 1))));
        var nested = await Refused(Catalog.CreateInventoryItemAsync(NewKit((kit.Sku, 1))));
        var plain = await Refused(
            Catalog.UpdateInventoryItemAsync(new() { Item = part, Components = { Part(kit.Sku, 1) } })
        );
        var safety = await Refused(Catalog.UpdateInventoryItemAsync(new() { Item = kit.Sku, SafetyStock = 2 }));
        var stock = await Refused(
            Stock.AddInventoryToLocationAsync(
                new()
                {
                    Sku = kit.Sku,
                    Warehouse = Given.MainWarehouse,
                    Quantity = 1,
                }
            )
        );
        var used = await Refused(Catalog.DeleteInventoryItemAsync(new() { Item = await UsedAsync() }));

        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "SKU_UNKNOWN")));
        Assert.That(nested.Reason, Is.EqualTo("ITEM_IS_KIT"));
        Assert.That(plain.Reason, Is.EqualTo("NOT_A_KIT"));
        Assert.That(safety.Reason, Is.EqualTo("ITEM_IS_KIT"));
        Assert.That((stock.Code, stock.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "ITEM_IS_KIT")));
        Assert.That(used.Reason, Is.EqualTo("PART_OF_KIT"));
    }

    private async Task<string> UsedAsync()
    {
        var part = await Given.Item();
        await Given.Kit((part, 1));
        return part;
    }

    private static KitComponent Part(string sku, long quantity) => new() { Sku = sku, Quantity = quantity };

    private static CreateInventoryItemRequest NewKit(params (string Sku, long Quantity)[] parts)
    {
        var sku = Some.Sku();
        return new()
        {
            RequestId = Some.RequestId(),
            Sku = sku,
            Name = sku,
            Components = { parts.Select(p => Part(p.Sku, p.Quantity)) },
        };
    }
}
