using Inventory.Engine.Scans;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Scans;

/// <summary>A tag that lies before an antenna is read over and over, and is one thing.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class TagWindowTests : ScanFixture
{
    [Test]
    public async Task Reads_of_a_tag_within_the_window_count_once()
    {
        var sku = await Given.Stock(onHand: 0);
        var gtin = await Given.Barcode(sku);
        var tag = $"{gtin}/1";

        var fates = await Fates(
            Tagged(gtin, tag, 0),
            Tagged(gtin, tag, 4.9),
            Tagged(gtin, tag, -4.9),
            Tagged(gtin, $"{gtin}/2", 1),
            Tagged(gtin, tag, 60)
        );

        Assert.That(
            fates,
            Is.EqualTo(
                new[] { ScanFate.Accepted, ScanFate.Repeated, ScanFate.Repeated, ScanFate.Accepted, ScanFate.Accepted }
            )
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(3));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_tag_that_stays_counts_once_however_long_it_stays()
    {
        var sku = await Given.Stock(onHand: 0);
        var gtin = await Given.Barcode(sku);

        foreach (var second in Enumerable.Range(0, 10))
        {
            await Ingest(Tagged(gtin, $"{gtin}/1", 3 * second));
        }

        Assert.That(await Then.OnHand(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task Another_warehouse_and_another_meaning_count_by_themselves()
    {
        var sku = await Given.Stock(onHand: 0);
        var gtin = await Given.Barcode(sku);
        var other = await Given.Warehouse();

        var fates = await Fates(
            Tagged(gtin, $"{gtin}/1", 0),
            Tagged(gtin, $"{gtin}/1", 1) with
            {
                Meaning = ScanMeaning.Ship,
            },
            Tagged(gtin, $"{gtin}/1", 2) with
            {
                Warehouse = other,
            },
            Tagged(gtin, $"{gtin}/1", 3) with
            {
                Meaning = ScanMeaning.Count,
            }
        );

        Assert.That(fates, Is.All.EqualTo(ScanFate.Accepted));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task Eight_readers_of_two_servers_see_one_tag_and_count_it_once()
    {
        var sku = await Given.Stock(onHand: 0);
        var gtin = await Given.Barcode(sku);
        await using var other = new EngineNode(Database.Cell);

        var verdicts = await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(i =>
                    IngestOn((i % 2 == 0 ? Node : other).Ingest, Tagged(gtin, $"{gtin}/{i / 8}", 0.1 * (i % 8)))
                )
        );

        Assert.That(verdicts.Count(v => v[0].Fate == ScanFate.Accepted), Is.EqualTo(8));
        Assert.That(verdicts.Count(v => v[0].Fate == ScanFate.Repeated), Is.EqualTo(56));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(8));
    }

    [Test]
    public async Task Without_a_window_each_read_counts()
    {
        var sku = await Given.Stock(onHand: 0);
        var gtin = await Given.Barcode(sku);
        await using var ingest = new IngestScans(
            Database.Cell,
            Node.Directory,
            Node.Committed,
            Node.Open,
            TimeSpan.Zero
        );

        await IngestOn(ingest, Tagged(gtin, $"{gtin}/1", 0), Tagged(gtin, $"{gtin}/1", 0));

        Assert.That(await Then.OnHand(sku), Is.EqualTo(2));
    }

    [Test]
    public async Task Unknown_tags_that_are_read_over_and_over_are_kept_and_wait_for_people_once()
    {
        await Given.Warehouse(Given.MainWarehouse);
        var tag = $"{Some.Gtin13()}/1";

        var fates = await Fates(Tagged(null, tag, 0), Tagged(null, tag, 1), Tagged(null, tag, 2));

        Assert.That(fates, Is.EqualTo(new[] { ScanFate.Quarantined, ScanFate.Repeated, ScanFate.Repeated }));
    }

    private async Task<IEnumerable<ScanFate>> Fates(params NewScan[] scans)
    {
        var device = Device();
        return (await Ingest([.. scans.Select((s, i) => s with { DeviceId = device, Sequence = i + 1 })])).Select(v =>
            v.Fate
        );
    }

    private static NewScan Tagged(string? gtin, string tag, double seconds) =>
        Read(ScanMeaning.Receive, gtin) with
        {
            Tag = tag,
            ScannedAt = Noon.AddSeconds(seconds),
        };
}
