using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Counts;

public sealed class CountTests : ServerFixture
{
    private CountService.CountServiceClient Counts => new(Server.Channel);

    [Test]
    public async Task A_warehouse_is_counted_and_its_stock_brought_to_what_was_found()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, warehouse: place);
        await Catalog.UpdateInventoryItemAsync(
            new()
            {
                Item = sku,
                UnitCost = new() { Amount = "2.50", Currency = "EUR" },
            }
        );
        var count = (await Counts.CreateCountAsync(new() { Warehouse = place, Reason = "yearly" })).Count;

        var recorded = await Counts.RecordCountsAsync(Found(count, sku, 8));
        var listed = await Counts.ListDiscrepanciesAsync(new() { CountId = count.CountId });
        var approval = new ApproveCountRequest
        {
            RequestId = Some.RequestId(),
            CountId = count.CountId,
            ExpectedVersion = recorded.Count.Version,
            Reason = "shrinkage",
            Note = "shelf 4",
        };
        var approved = await Counts.ApproveCountAsync(approval);
        var again = await Counts.ApproveCountAsync(approval);
        var counts = await Counts.ListCountsAsync(new() { Warehouse = place, State = CountState.Approved });
        var transactions = await new JournalService.JournalServiceClient(Server.Channel).ListTransactionsAsync(
            new() { Sku = sku, Kinds = { TransactionKind.Counted } }
        );

        var line = recorded.Lines.Single();
        Assert.That((line.Expected, line.Difference, line.Value.Amount), Is.EqualTo((10, -2, "5")));
        Assert.That(listed.Discrepancies.Single().Line, Is.EqualTo(line));
        Assert.That((approved.ApprovedLines, approved.Replayed, again.Replayed), Is.EqualTo((1, false, true)));
        Assert.That(counts.Counts.Single(), Is.EqualTo(approved.Count));
        var transaction = transactions.Transactions.Single();
        Assert.That(
            (transaction.DocumentId, transaction.Change.OnHand, transaction.Reason),
            Is.EqualTo((count.CountId, -2, "shrinkage: shelf 4"))
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(8));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Who_counts_blindly_is_told_what_was_expected_when_it_is_over()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, warehouse: place);
        var count = (await Counts.CreateCountAsync(new() { Warehouse = place, Blind = true })).Count;

        var recorded = await Counts.RecordCountsAsync(Found(count, sku, 8));
        var open = await Counts.GetCountAsync(new() { CountId = count.CountId });
        await Counts.ApproveCountAsync(new() { CountId = count.CountId });
        var ended = await Counts.GetCountAsync(new() { CountId = count.CountId });

        var (blind, seen) = (open.Lines.Single(), ended.Lines.Single());
        Assert.That(recorded.Lines.Single(), Is.EqualTo(blind));
        Assert.That(
            (blind.HasCounted, blind.HasExpected, blind.HasDifference, blind.HasStockVersion, open.HasDifferentLines),
            Is.EqualTo((true, false, false, false, false))
        );
        Assert.That((seen.Expected, seen.Difference, ended.DifferentLines), Is.EqualTo((10, -2, 1)));
    }

    [Test]
    public async Task What_stays_open_is_told_with_its_numbers_and_refusals_by_their_reasons()
    {
        var place = await Given.Warehouse();
        var (sku, stranger) = (await Given.Stock(onHand: 10, warehouse: place), await Given.Item());
        await Hold(sku, quantity: 9);
        var count = (await Counts.CreateCountAsync(new() { Warehouse = place, Items = { sku } })).Count;
        await Counts.RecordCountsAsync(Found(count, sku, 8));

        var approved = await Counts.ApproveCountAsync(new() { CountId = count.CountId });
        var unlisted = await Refused(Counts.RecordCountsAsync(Found(count, stranger, 8)));
        var stale = await Refused(Counts.ApproveCountAsync(new() { CountId = count.CountId, ExpectedVersion = 1 }));
        await Counts.CancelCountAsync(new() { CountId = count.CountId });
        var ended = await Refused(Counts.RecordCountsAsync(Found(count, sku, 8)));
        var unknown = await Refused(Counts.GetCountAsync(new() { CountId = $"{Guid.Empty}" }));

        var line = approved.Refused.Single();
        Assert.That(
            (line.Refusal, line.Difference, line.OnHand, line.Reserved),
            Is.EqualTo((LineRefusal.BelowReserved, -2, 10, 9))
        );
        Assert.That((approved.ApprovedLines, approved.Count.State), Is.EqualTo((0, CountState.Open)));
        Assert.That((unlisted.Code, unlisted.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "NOT_IN_COUNT")));
        Assert.That(unlisted.Detail<PreconditionFailure>().Violations.Single().Subject, Is.EqualTo(stranger));
        Assert.That((stale.Code, stale.Info.Metadata["current_version"]), Is.EqualTo((StatusCode.Aborted, "2")));
        Assert.That((ended.Reason, ended.Info.Metadata["state"]), Is.EqualTo(("COUNT_STATE", "CANCELLED")));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "COUNT_UNKNOWN")));
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once()
    {
        var create = new CreateCountRequest { RequestId = "\t", Items = { "a", "a", "" } };
        var record = new RecordCountsRequest { Lines = { new CountedItem { State = (CountedState)9 } } };
        var approve = new ApproveCountRequest
        {
            CountId = "1",
            ExpectedVersion = 0,
            Note = "why",
        };
        var twice = new RecordCountsRequest { CountId = $"{Guid.Empty}" };
        var sku = await Given.Item();
        twice.Lines.Add(new CountedItem { Item = sku, Quantity = 1 });
        twice.Lines.Add(new CountedItem { Item = sku, Quantity = 1 });

        AreNamed(await Refused(Counts.CreateCountAsync(create)), "request_id warehouse items[1] items[2]");
        AreNamed(
            await Refused(Counts.RecordCountsAsync(record)),
            "count_id lines[0].item lines[0].quantity lines[0].state"
        );
        AreNamed(await Refused(Counts.RecordCountsAsync(new() { CountId = $"{Guid.Empty}" })), "lines");
        AreNamed(await Refused(Counts.RecordCountsAsync(twice)), "lines");
        AreNamed(await Refused(Counts.ApproveCountAsync(approve)), "count_id expected_version note");
        AreNamed(await Refused(Counts.CancelCountAsync(new())), "count_id");
        AreNamed(
            await Refused(Counts.GetCountAsync(new() { Lines = (CountLineSelection)9, PageSize = -1 })),
            "count_id lines page_size"
        );
        AreNamed(
            await Refused(Counts.ListDiscrepanciesAsync(new() { CountId = "x", Selection = (DiscrepancySelection)9 })),
            "count_id selection"
        );
        AreNamed(await Refused(Counts.ListCountsAsync(new() { PageToken = "AAAA" })), "page_token");
    }

    private static RecordCountsRequest Found(Count count, string sku, long quantity) =>
        new()
        {
            CountId = count.CountId,
            Lines =
            {
                new CountedItem { Item = sku, Quantity = quantity },
            },
        };

    private static void AreNamed(Refusal refusal, string fields)
    {
        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(string.Join(' ', refusal.Fields.Select(f => f.Field)), Is.EqualTo(fields));
    }
}
