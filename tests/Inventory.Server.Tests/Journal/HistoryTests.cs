using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Engine.Reservations.Archive;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Journal;

/// <summary>Stock as it was, over the wire.</summary>
public sealed class HistoryTests : RestFixture
{
    private JournalService.JournalServiceClient Journal => new(Server.Channel);

    [Test]
    public async Task Stock_is_told_as_it_was_before_a_hold_and_after()
    {
        var sku = await Given.Stock(onHand: 5);
        var held = await Hold(sku, 2);
        var before = Timestamp.FromDateTime(held.CreateTime.ToDateTime().AddTicks(-10));

        var then = await Journal.GetInventoryAtAsync(new() { Sku = sku, Time = before });
        var now = await Journal.GetInventoryAtAsync(new() { Sku = sku, Time = held.CreateTime });
        var named = await Journal.GetInventoryAtAsync(
            new() { InventoryId = now.Inventory[0].InventoryId, Time = held.CreateTime }
        );
        var rest = await Get($"/v1/inventory:at?sku={sku}&time=2000-01-01T00:00:00Z");

        var (first, second) = (then.Inventory.Single(), now.Inventory.Single());
        Assert.That(first.Amounts, Is.EqualTo(new TransactionAmounts { OnHand = 5 }));
        Assert.That(second.Amounts, Is.EqualTo(new TransactionAmounts { OnHand = 5, Reserved = 2 }));
        Assert.That((first.Available, second.Available), Is.EqualTo((5, 3)));
        Assert.That((second.StockVersion, second.ChangeTime), Is.EqualTo((2, held.CreateTime)));
        Assert.That(named.Inventory.Single(), Is.EqualTo(second));
        Assert.That(JsonDocument.Parse(rest.Text).RootElement.GetProperty("inventory").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task What_is_asked_wrongly_of_the_past_is_said_at_once()
    {
        var wrong = await Refused(
            Journal.GetInventoryAtAsync(
                new()
                {
                    InventoryId = "x",
                    Sku = "y",
                    PageSize = 1_001,
                }
            )
        );
        var days = await Refused(
            Journal.ListDailyStockAsync(
                new()
                {
                    Sku = "y",
                    StartDay = "2026-02-30",
                    EndDay = "2026-01-01",
                }
            )
        );
        var backwards = await Refused(
            Journal.ListDailyStockAsync(
                new()
                {
                    Sku = "y",
                    StartDay = "2026-02-02",
                    EndDay = "2026-02-01",
                }
            )
        );

        Assert.That(wrong.Fields.Select(f => f.Field), Is.EquivalentTo(new[] { "time", "inventory_id", "page_size" }));
        Assert.That(days.Fields, Is.EqualTo(new[] { ("start_day", "FORMAT") }));
        Assert.That(backwards.Fields, Is.EqualTo(new[] { ("end_day", "OUT_OF_RANGE") }));
    }

    [Test]
    public async Task A_snapshot_is_made_once_a_request_and_listed()
    {
        await Given.Stock(onHand: 5);
        var request = new CreateSnapshotRequest { RequestId = Some.RequestId(), Note = "year's end" };

        var made = await Journal.CreateSnapshotAsync(request);
        var again = await Journal.CreateSnapshotAsync(request);
        var listed = await Journal.ListSnapshotsAsync(new() { PageSize = 1_000 });
        var reused = await Refused(Journal.CreateSnapshotAsync(new(request) { Note = "" }));

        Assert.That((made.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(again.Snapshot.SnapshotId, Is.EqualTo(made.Snapshot.SnapshotId));
        Assert.That(listed.Snapshots.Select(s => s.SnapshotId), Does.Contain(made.Snapshot.SnapshotId));
        Assert.That(reused.Code, Is.EqualTo(StatusCode.AlreadyExists));
    }

    [Test]
    public async Task Todays_changes_are_told_when_they_have_been_followed()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku, 2);
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", null);
        var request = new ListDailyStockRequest
        {
            Sku = sku,
            StartDay = today,
            EndDay = today,
        };

        var day = await Eventually.AnswersAsync(async () =>
            (await Journal.ListDailyStockAsync(request)).Days.Single(d => d.Changes == 2)
        );

        Assert.That((day.Opening, day.Received, day.Held, day.Closing), Is.EqualTo((0, 5, 2, 5)));
    }

    [Test]
    public async Task A_call_that_changes_an_archived_reservation_finds_it()
    {
        var sku = await Given.Stock(onHand: 9);
        var (sold, gone) = (await Hold(sku, 2), await Hold(sku, 1));
        await Reservations.ConfirmReservationAsync(new() { ReservationId = sold.ReservationId });
        await Reservations.CancelReservationAsync(new() { ReservationId = gone.ReservationId });
        await ArchiveAsync();

        var read = await Reservations.GetReservationAsync(new() { ReservationId = sold.ReservationId });
        var confirmed = await Reservations.ConfirmReservationAsync(new() { ReservationId = sold.ReservationId });
        var cancelled = await Reservations.CancelReservationAsync(new() { ReservationId = gone.ReservationId });
        await ArchiveAsync();
        var extended = await Refused(
            Reservations.ExtendReservationAsync(
                new() { ReservationId = gone.ReservationId, ExpireTime = gone.ExpireTime }
            )
        );
        await ArchiveAsync();
        var delivered = await Reservations.FulfillReservationAsync(new() { ReservationId = sold.ReservationId });

        Assert.That(read.Reservation.State, Is.EqualTo(ReservationState.Confirmed));
        Assert.That((confirmed.Replayed, cancelled.Replayed), Is.EqualTo((true, true)));
        Assert.That(extended.Code, Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(delivered.Reservation.State, Is.EqualTo(ReservationState.Fulfilled));
    }

    private async Task ArchiveAsync() =>
        Assert.That(await new ArchiveReservations(Database.Cell).SweepAsync(TimeSpan.Zero, default), Is.Positive);
}
