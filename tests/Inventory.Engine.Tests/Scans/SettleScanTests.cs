using Inventory.Engine.Database;
using Inventory.Engine.Scans;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Scans;

/// <summary>What people do with what was kept.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SettleScanTests : ScanFixture
{
    private const string Clerk = "clerk";

    [Test]
    public async Task A_barcode_that_an_item_gets_later_makes_a_retry_move_the_stock_once()
    {
        var sku = await Given.Stock(onHand: 10);
        var scan = Read(ScanMeaning.Sale, Some.Gtin13().PadLeft(14, '0'), 2);
        await Ingest(scan);
        var id = (await Kept(scan)).ScanId;
        var before = await Retry(id);

        await Given.Barcode(sku, scan.Gtin);
        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Retry(id)));

        Assert.That((before.Outcome, before.Scan!.State), Is.EqualTo((SettleScanOutcome.Done, ScanState.Quarantined)));
        Assert.That(done.Count(d => d.Outcome == SettleScanOutcome.Done), Is.EqualTo(1));
        Assert.That(done.Count(d => d.Outcome == SettleScanOutcome.Replayed), Is.EqualTo(7));
        Assert.That(done.Select(d => d.Scan!.State), Is.All.EqualTo(ScanState.Accepted));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(8));
        Assert.That(
            (await Journal(sku)).Select(t => (t.Kind, t.Actor, t.Document)),
            Is.EqualTo(new[] { (Of(JournalKind.ScanSold), Clerk, (Guid?)id) })
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_scan_that_said_nothing_is_of_the_item_that_a_person_names()
    {
        var sku = await Given.Stock(onHand: 10);
        var scan = Read(ScanMeaning.Receive, null, 3) with
        {
            Flaw = new ScanFlaw(ScanProblem.IdentifierMalformed, "it is no GTIN"),
        };
        await Ingest(scan);
        var id = (await Kept(scan)).ScanId;

        var unknown = await Resolve(id, Some.Sku());
        var done = await Resolve(id, sku);
        var again = await Resolve(id, sku);
        var other = await Resolve(id, await Given.Item());

        Assert.That(
            new[] { unknown.Outcome, done.Outcome, again.Outcome, other.Outcome },
            Is.EqualTo(
                new[]
                {
                    SettleScanOutcome.SkuUnknown,
                    SettleScanOutcome.Done,
                    SettleScanOutcome.Replayed,
                    SettleScanOutcome.OtherState,
                }
            )
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(13));
        var kept = await Kept(scan);
        Assert.That(
            (kept.State, kept.Sku, kept.SettledBy, kept.Note),
            Is.EqualTo((ScanState.Accepted, sku, Clerk, "as the label says"))
        );
    }

    [Test]
    public async Task What_was_short_moves_when_the_goods_are_there()
    {
        var sku = await Given.Stock(onHand: 1);
        var scan = Read(ScanMeaning.Ship, await Given.Barcode(sku), 3);
        await Ingest(scan);
        var id = (await Kept(scan)).ScanId;

        var still = await Retry(id);
        await Edit(Some.Add(sku, 2));
        var done = await Retry(id);

        Assert.That((still.Scan!.State, still.Scan.Available), Is.EqualTo((ScanState.Quarantined, (long?)1)));
        Assert.That((done.Scan!.State, done.Scan.Problem), Is.EqualTo((ScanState.Accepted, (ScanProblem?)null)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(0));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task What_is_dismissed_moves_nothing_and_stays_to_be_seen()
    {
        var sku = await Given.Stock(onHand: 1);
        var scan = Read(ScanMeaning.Ship, await Given.Barcode(sku), 3);
        await Ingest(scan);
        var id = (await Kept(scan)).ScanId;

        var done = await Settle(
            new()
            {
                Caller = new(Clerk),
                ScanId = id,
                Dismiss = true,
            }
        );
        var again = await Settle(
            new()
            {
                Caller = new(Clerk),
                ScanId = id,
                Dismiss = true,
            }
        );
        var late = await Resolve(id, sku);

        Assert.That(
            new[] { done.Outcome, again.Outcome, late.Outcome },
            Is.EqualTo(new[] { SettleScanOutcome.Done, SettleScanOutcome.Replayed, SettleScanOutcome.OtherState })
        );
        Assert.That(
            (done.Scan!.State, done.Scan.Problem),
            Is.EqualTo((ScanState.Dismissed, (ScanProblem?)ScanProblem.StockShort))
        );
        Assert.That((await Ingest(scan))[0].Fate, Is.EqualTo(ScanFate.Duplicate));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_scan_that_is_not_there_is_unknown() =>
        Assert.That((await Retry(Guid.NewGuid())).Outcome, Is.EqualTo(SettleScanOutcome.ScanUnknown));

    private Task<SettleScanAnswer> Retry(Guid id) => Settle(new() { Caller = new(Clerk), ScanId = id });

    private Task<SettleScanAnswer> Resolve(Guid id, string sku) =>
        Settle(
            new()
            {
                Caller = new(Clerk),
                ScanId = id,
                Sku = sku,
                Note = "as the label says",
            }
        );

    private Task<SettleScanAnswer> Settle(ScanSettlement request) =>
        Node.Settle.ExecuteAsync(request, CancellationToken.None);
}
