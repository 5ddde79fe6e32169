using Inventory.Engine.Counts;
using Inventory.Engine.Database;
using Inventory.Engine.Reports;
using Inventory.Engine.Reservations;
using Inventory.Engine.Transfers;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reports;

public sealed class OperationReportTests : ReportFixture
{
    private const string MadeSql = """
        UPDATE reservation SET created_at = @Now::timestamptz - @Days * interval '1 day' WHERE reservation_id = @Id
        """;

    [Test]
    public async Task Warehouse_efficiency_is_of_what_was_held_transferred_and_counted()
    {
        var (place, other) = (await Given.Warehouse(), await Given.Warehouse());
        var (sku, wrong) = (await Given.Item(), await Given.Stock(onHand: 20, warehouse: place));
        // 20 held: 12 sold, 3 cancelled, 1 expired, and 4 are held still.
        await History(
            sku,
            place,
            new(20, JournalKind.Added, 100),
            new(15, JournalKind.Held, 0, 2),
            new(12, JournalKind.Cancelled, 0, -2),
            new(9, JournalKind.Held, 0, 12),
            new(8, JournalKind.Held, 0, 8),
            new(7, JournalKind.Confirmed, -12, -12),
            new(6, JournalKind.Cancelled, 0, -3),
            new(5, JournalKind.Expired, 0, -1)
        );
        await Transferred(sku, place, other, quantity: 10, received: 8);
        await Transferred(sku, place, other, quantity: 4, received: 4);
        await Counted(place, (sku, 86), (wrong, 15));

        var rows = await Run(
            Query(ReportKind.WarehouseEfficiency, place, other) with
            {
                Before = null,
            },
            "warehouse units_held units_sold units_lapsed fill_rate transfers_sent units_sent transfers_arrived"
                + " units_arrived units_lost lines_counted lines_exact line_accuracy units_off unit_accuracy"
        );

        // On hand there were 100 - 12 - 10 - 4 = 74 and 20, found were 86 and 15.
        Assert.That(
            rows,
            Is.EquivalentTo(
                new[]
                {
                    $"{place} 20 12 4 0.7500 2 14 0 0 0 2 0 0.0000 17 0.8191",
                    $"{other} 0 0 0 - 0 0 2 12 2 0 0 - 0 -",
                }
            )
        );
    }

    [Test]
    public async Task Reservations_are_told_by_the_day_on_which_they_were_made_and_by_their_end()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 100, warehouse: place);
        var elsewhere = await Given.Stock(onHand: 100);
        var (confirmed, second, cancelled, failed) = (
            await Made(sku, 4, 3),
            await Made(sku, 3, 3),
            await Made(sku, 2, 3),
            await Made(sku, 1, 3)
        );
        var (lapsed, held) = (await Made(sku, 5, 3), await Made(sku, 7, 1));
        await Made(elsewhere, 9, 3);
        await Confirm(confirmed);
        await Confirm(second);
        await Cancel(cancelled);
        await Node.End.ExecuteAsync(new(failed, ReservationState.Failed, Some.Caller), default);
        await Given.Lapsed(lapsed);

        var rows = await Run(
            Query(ReportKind.Reservations, place),
            "day reservations held confirmed cancelled failed expired conversion_rate cancellation_rate"
                + " failure_rate expiry_rate units_granted units_confirmed"
        );

        Assert.That(
            rows,
            Is.EqualTo(
                new[]
                {
                    $"{Now.AddDays(-3):yyyy-MM-dd} 5 0 2 1 1 1 0.4000 0.2000 0.2000 0.2000 15 7",
                    $"{Now.AddDays(-1):yyyy-MM-dd} 1 1 0 0 0 0 - - - - 7 0",
                }
            )
        );
        Assert.That(await Then.State(held), Is.EqualTo(ReservationState.Held));
    }

    private async Task<Guid> Made(string sku, long quantity, int days)
    {
        var id = (await Hold(sku, quantity)).ReservationId;
        await Execute(
            MadeSql,
            new
            {
                Now,
                Days = days,
                Id = id,
            }
        );
        return id;
    }

    private async Task Transferred(string sku, string from, string to, long quantity, long received)
    {
        var created = Some.Transfer(sku, from, to, quantity, TransferMode.Shipped);
        var transfer = (await Node.CreateTransfer.ExecuteAsync(created, default)).Transfer!;
        var step = Some.Step(transfer.TransferId, TransferStepKind.Receive, received) with
        {
            LosesRest = received < quantity,
            Reason = "lost",
        };
        await Node.AdvanceTransfer.ExecuteAsync(step, default);
    }

    private async Task Counted(string place, params (string Sku, long Quantity)[] found)
    {
        var request = new NewCount
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Warehouse = place,
        };
        var count = (await Node.CreateCount.ExecuteAsync(request, default)).Count!;
        var recording = new CountRecording
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            CountId = count.CountId,
            Lines = [.. found.Select(f => new CountedItem(f.Sku, CountedState.Total, f.Quantity))],
        };
        await Node.RecordCounts.ExecuteAsync(recording, default);
    }
}
