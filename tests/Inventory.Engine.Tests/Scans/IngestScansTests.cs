using Inventory.Engine.Database;
using Inventory.Engine.Scans;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Scans;

[Parallelizable(ParallelScope.Self)]
public sealed class IngestScansTests : ScanFixture
{
    private static readonly ScanVerdict Accepted = new(ScanFate.Accepted);
    private static readonly ScanVerdict Duplicate = new(ScanFate.Duplicate);

    [TestCase(ScanMeaning.Receive, 4, JournalKind.ScanReceived)]
    [TestCase(ScanMeaning.Return, 4, JournalKind.ScanReturned)]
    [TestCase(ScanMeaning.Ship, -4, JournalKind.ScanShipped)]
    [TestCase(ScanMeaning.Sale, -4, JournalKind.ScanSold)]
    public async Task A_scan_moves_stock_and_the_journal_names_it(ScanMeaning meaning, int delta, JournalKind kind)
    {
        var sku = await Given.Stock(onHand: 10);
        var scan = Read(meaning, await Given.Barcode(sku), 4) with { Reason = "dock 3", Reference = "order-7" };

        var verdicts = await Ingest(scan);

        var kept = await Kept(scan);
        Assert.That(verdicts, Is.EqualTo(new[] { Accepted }));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(10 + delta));
        Assert.That(
            await Journal(sku),
            Is.EqualTo(
                new[]
                {
                    new Told(
                        Of(kind),
                        Given.MainWarehouse,
                        delta,
                        0,
                        0,
                        kept.ScanId,
                        Some.Caller.Name,
                        "dock 3: order-7"
                    ),
                }
            )
        );
        Assert.That((kept.State, kept.Sku, kept.Scan), Is.EqualTo((ScanState.Accepted, sku, scan)));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_move_takes_from_one_warehouse_and_puts_into_another_that_had_none()
    {
        var sku = await Given.Stock(onHand: 10);
        var scan = Read(ScanMeaning.Move, await Given.Barcode(sku), 4) with { ToWarehouse = await Given.Warehouse() };

        await Ingest(scan);

        Assert.That(await Then.OnHand(sku, Given.MainWarehouse), Is.EqualTo(6));
        Assert.That(await Then.OnHand(sku, scan.ToWarehouse), Is.EqualTo(4));
        Assert.That(
            (await Journal(sku)).Select(t => (t.Kind, t.Warehouse, t.OnHand)),
            Is.EqualTo(
                new[]
                {
                    (Of(JournalKind.ScanMovedOut), Given.MainWarehouse, -4L),
                    (Of(JournalKind.ScanMovedIn), scan.ToWarehouse!, 4L),
                }
            )
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_count_is_kept_and_moves_nothing()
    {
        var sku = await Given.Stock(onHand: 10);
        var scan = Read(ScanMeaning.Count, await Given.Barcode(sku), 7);

        var verdicts = await Ingest(scan);

        Assert.That(verdicts, Is.EqualTo(new[] { Accepted }));
        Assert.That((await Kept(scan)).Scan, Is.EqualTo(scan));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(10));
        Assert.That(await Journal(sku), Is.Empty);
    }

    [Test]
    public async Task What_comes_damaged_is_on_hand_and_not_for_sale()
    {
        var sku = await Given.Stock(onHand: 10);
        var gtin = await Given.Barcode(sku);

        await Ingest(Read(ScanMeaning.Return, gtin, 3) with { State = StockState.Damaged });
        await Ingest(Read(ScanMeaning.Receive, gtin, 2) with { State = StockState.QualityControl });
        await Ingest(Read(ScanMeaning.Ship, gtin, 1) with { State = StockState.Damaged });

        Assert.That(await Then.OnHand(sku), Is.EqualTo(14));
        Assert.That(await Then.Available(sku), Is.EqualTo(10));
        Assert.That(
            (await Journal(sku)).Select(t => (t.OnHand, t.Damaged, t.QualityControl)),
            Is.EqualTo(new[] { (3L, 3L, 0L), (2L, 0L, 2L), (-1L, -1L, 0L) })
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Goods_that_a_warehouse_never_had_begin_to_be_kept_there()
    {
        var sku = await Given.Item(safetyStock: 2);
        await Given.Warehouse(Given.MainWarehouse);

        var verdicts = await Ingest(Read(ScanMeaning.Receive, await Given.Barcode(sku), 5));

        Assert.That(verdicts, Is.EqualTo(new[] { Accepted }));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(5));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_sequence_has_one_effect_for_ever_whatever_it_says_again()
    {
        var sku = await Given.Stock(onHand: 10);
        var scan = Read(ScanMeaning.Sale, await Given.Barcode(sku), 2);

        var first = await Ingest(scan, scan);
        var again = await Ingest(scan with { Quantity = 5 });

        Assert.That(first, Is.EqualTo(new[] { Accepted, Duplicate }));
        Assert.That(again, Is.EqualTo(new[] { Duplicate }));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(8));
    }

    [Test]
    public async Task The_same_scans_over_eight_streams_of_two_servers_count_once()
    {
        const int many = 600;
        var skus = new[] { await Given.Stock(onHand: many), await Given.Stock(onHand: many) };
        var gtins = new[] { await Given.Barcode(skus[0]), await Given.Barcode(skus[1]) };
        await using var other = new EngineNode(Database.Cell);
        var devices = Enumerable.Range(0, 4).Select(_ => Device()).ToArray();
        NewScan[] scans =
        [
            .. Enumerable
                .Range(0, many)
                .Select(i =>
                    Read(ScanMeaning.Sale, gtins[i % 2], device: devices[i % 4], sequence: i + 1) with
                    {
                        Quantity = 1,
                    }
                ),
        ];

        var verdicts = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(stream => StreamAsync(stream % 2 == 0 ? Node : other, stream))
        );

        Assert.That(verdicts.Sum(v => v.Count(f => f.Fate == ScanFate.Accepted)), Is.EqualTo(many));
        Assert.That(verdicts.Sum(v => v.Count(f => f.Fate == ScanFate.Duplicate)), Is.EqualTo(7 * many));
        Assert.That(await Then.OnHand(skus[0]), Is.EqualTo(many / 2));
        Assert.That(await Then.OnHand(skus[1]), Is.EqualTo(many / 2));
        Assert.That(await Then.Violations(), Is.Empty);

        // Each begins elsewhere, so that none is always the first.
        async Task<List<ScanVerdict>> StreamAsync(EngineNode node, int stream)
        {
            var heard = new List<ScanVerdict>();
            var chunks = scans.Chunk(25).ToArray();
            for (var i = 0; i < chunks.Length; i++)
            {
                heard.AddRange(await IngestOn(node.Ingest, chunks[(i + 3 * stream) % chunks.Length]));
            }

            return heard;
        }
    }

    [Test]
    public async Task A_sequence_that_says_two_things_on_two_servers_at_once_has_one_effect()
    {
        const int many = 400;
        var skus = new[] { await Given.Stock(onHand: many), await Given.Stock(onHand: many) };
        var gtins = new[] { await Given.Barcode(skus[0]), await Given.Barcode(skus[1]) };
        await using var other = new EngineNode(Database.Cell);
        var device = Device();

        foreach (var chunk in Enumerable.Range(1, many).Chunk(20))
        {
            await Task.WhenAll(SendAsync(Node, gtins[0], chunk), SendAsync(other, gtins[1], chunk));
        }

        Assert.That(await Then.OnHand(skus[0]) + await Then.OnHand(skus[1]), Is.EqualTo(many));
        Assert.That(await Then.Violations(), Is.Empty);

        // No stock row is common to them, so nothing but the key of the scan keeps them apart.
        Task SendAsync(EngineNode node, string gtin, int[] sequences) =>
            IngestOn(
                node.Ingest,
                [.. sequences.Select(i => Read(ScanMeaning.Sale, gtin, device: device, sequence: i))]
            );
    }

    [Test]
    public async Task A_barcode_that_went_to_another_item_moves_the_other_items_stock()
    {
        var (old, next) = (await Given.Stock(onHand: 10), await Given.Stock(onHand: 10));
        var gtin = await Given.Barcode(old);
        await Ingest(Read(ScanMeaning.Sale, gtin));

        await Given.Barcode(next, gtin);
        await Ingest(Read(ScanMeaning.Sale, gtin));

        Assert.That((await Then.OnHand(old), await Then.OnHand(next)), Is.EqualTo((9, 9)));
    }

    [Test]
    public async Task What_a_scan_brings_is_told_at_once_as_an_edit_is()
    {
        var sku = await Given.Stock(onHand: 0);
        var told = new List<StockLevel>();
        Node.Committed.Committed += levels =>
        {
            lock (told)
            {
                told.AddRange(levels);
            }
        };

        await Ingest(Read(ScanMeaning.Receive, await Given.Barcode(sku), 6));

        var item = (await Node.Directory.FindAsync([sku], CancellationToken.None))[sku];
        var level = told.Single(l => l.ItemId == item.ItemId);
        Assert.That((level.OnHand, level.Available, level.Version), Is.EqualTo((6, 6, 1)));
    }
}
