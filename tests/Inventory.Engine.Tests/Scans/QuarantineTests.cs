using Inventory.Engine.Scans;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Scans;

/// <summary>What cannot be moves nothing, and is kept with its reason.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class QuarantineTests : ScanFixture
{
    private static readonly ScanVerdict Accepted = new(ScanFate.Accepted);

    [Test]
    public async Task What_would_be_less_than_nothing_is_kept_with_what_was_there()
    {
        var sku = await Given.Stock(onHand: 10);
        await Hold(sku, 7);
        var gtin = await Given.Barcode(sku);
        var scan = Read(ScanMeaning.Ship, gtin, 4);

        var verdicts = await InOrder(scan, Read(ScanMeaning.Ship, gtin, 3), Read(ScanMeaning.Sale, gtin));

        var kept = await Kept(scan);
        Assert.That(
            verdicts,
            Is.EqualTo(
                new[]
                {
                    new ScanVerdict(ScanFate.Quarantined, ScanProblem.StockShort),
                    Accepted,
                    new ScanVerdict(ScanFate.Quarantined, ScanProblem.StockShort),
                }
            )
        );
        Assert.That((kept.State, kept.Available), Is.EqualTo((ScanState.Quarantined, (long?)3)));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((7, 7)));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task What_is_received_in_a_batch_can_be_sold_in_it()
    {
        var sku = await Given.Stock(onHand: 0);
        var gtin = await Given.Barcode(sku);

        var verdicts = await InOrder(
            Read(ScanMeaning.Sale, gtin),
            Read(ScanMeaning.Receive, gtin, 2),
            Read(ScanMeaning.Sale, gtin, 2)
        );

        Assert.That(
            verdicts.Select(v => v.Fate),
            Is.EqualTo(new[] { ScanFate.Quarantined, ScanFate.Accepted, ScanFate.Accepted })
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(0));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_scan_that_nobody_understands_is_kept_with_the_reason()
    {
        var sku = await Given.Stock(onHand: 10);
        var gtin = await Given.Barcode(sku);
        var bad = new ScanFlaw(ScanProblem.FieldInvalid, "quantity must be 1 or more");
        NewScan[] scans =
        [
            Read(ScanMeaning.Sale, "00000000000000"),
            Read(ScanMeaning.Sale, null),
            Read(ScanMeaning.Sale, gtin, warehouse: Some.WarehouseCode()),
            Read(ScanMeaning.Move, gtin) with
            {
                ToWarehouse = Some.WarehouseCode(),
            },
            Read(ScanMeaning.Sale, gtin, -3) with
            {
                Flaw = bad,
            },
        ];

        var verdicts = await Ingest(scans);

        Assert.That(
            verdicts.Select(v => v.Problem),
            Is.EqualTo(
                new ScanProblem?[]
                {
                    ScanProblem.ItemUnknown,
                    ScanProblem.ItemUnknown,
                    ScanProblem.WarehouseUnknown,
                    ScanProblem.WarehouseUnknown,
                    ScanProblem.FieldInvalid,
                }
            )
        );
        var kept = await Kept(scans[4]);
        Assert.That((kept.Scan.Quantity, kept.Detail), Is.EqualTo((-3, bad.Detail)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(10));
    }

    [Test]
    public async Task Closed_warehouses_discontinued_items_and_kits_take_nothing_in()
    {
        var gone = await Given.Stock(onHand: 1, discontinued: true);
        var part = await Given.Stock(onHand: 1);
        var kit = await Given.Kit((part, 1));
        var shut = await Given.Warehouse(active: false);

        var verdicts = await Ingest(
            Read(ScanMeaning.Receive, await Given.Barcode(gone)),
            Read(ScanMeaning.Receive, await Given.Barcode(kit)),
            Read(ScanMeaning.Receive, await Given.Barcode(part), warehouse: shut),
            Read(ScanMeaning.Return, await Given.Barcode(part), warehouse: shut),
            Read(ScanMeaning.Return, await Given.Barcode(gone))
        );

        Assert.That(
            verdicts.Select(v => v.Problem),
            Is.EqualTo(
                new ScanProblem?[]
                {
                    ScanProblem.ItemDiscontinued,
                    ScanProblem.ItemIsKit,
                    ScanProblem.WarehouseInactive,
                    ScanProblem.WarehouseInactive,
                    null,
                }
            )
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    /// <summary>Of one device, so that they are judged in this order.</summary>
    private Task<IReadOnlyList<ScanVerdict>> InOrder(params NewScan[] scans) =>
        Ingest([.. scans.Select((s, i) => s with { DeviceId = scans[0].DeviceId, Sequence = i + 1 })]);
}
