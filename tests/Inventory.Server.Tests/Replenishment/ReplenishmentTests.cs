using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Replenishment;

[Parallelizable(ParallelScope.Self)]
public sealed class ReplenishmentTests : RestFixture
{
    private ReplenishmentService.ReplenishmentServiceClient Replenishment => new(Server.Channel);

    [Test]
    public async Task What_is_sold_below_the_point_is_ordered_by_itself_and_what_comes_goes_to_who_waits()
    {
        var sku = await Given.Stock(onHand: 6);
        await Replenishment.SetReorderPolicyAsync(Policy(sku, automatic: true));
        var none = await Reorders(sku);

        var sold = await Hold(sku, 6);
        await Reservations.ConfirmReservationAsync(new() { ReservationId = sold.ReservationId });
        await Eventually.TrueAsync(async () => (await Reorders(sku)).Count > 0);
        var ordered = (await Reorders(sku)).Single();
        var waits = Order(sku, 4);
        waits.Shortage = ReserveShortage.Wait;
        var waiting = (await Reservations.ReserveInventoryAsync(waits)).Reservation;
        var received = await Replenishment.ReceiveReorderAsync(
            new()
            {
                RequestId = Some.RequestId(),
                ReorderId = ordered.ReorderId,
                Quantity = 4,
            }
        );
        await Eventually.TrueAsync(async () =>
            (await Reservations.GetReservationAsync(new() { ReservationId = waiting.ReservationId })).Reservation.State
            == ReservationState.Held
        );

        Assert.That(none, Is.Empty);
        Assert.That(
            (ordered.State, ordered.Quantity, ordered.ApproveCaller, ordered.Automatic),
            Is.EqualTo((ReorderState.Approved, 10, "system", true))
        );
        Assert.That(ordered.ExpectTime - ordered.ApproveTime, Is.EqualTo(Duration.FromTimeSpan(TimeSpan.FromDays(3))));
        Assert.That((received.Reorder.Received, received.Reorder.Outstanding), Is.EqualTo((4, 6)));
        Assert.That(await Reorders(sku), Has.Exactly(1).Items);
        var journal = await new JournalService.JournalServiceClient(Server.Channel).ListTransactionsAsync(
            new() { Sku = sku, Kinds = { TransactionKind.Restocked } }
        );
        Assert.That(
            journal.Transactions.Select(t => (t.DocumentId, t.Change.OnHand)),
            Is.EqualTo([(ordered.ReorderId, 4)])
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_suggestion_is_approved_and_received_over_REST()
    {
        var sku = await Given.Stock(onHand: 3);

        var policy = await Send(
            "PUT",
            $"/v1/items/{sku}/reorder-policies/{Given.MainWarehouse}",
            """{"reorder_point": 5, "order_up_to": 20, "lead_time_days": 4, "service_level": 0.98, "source": "ACME"}"""
        );
        var suggested = await Send("GET", $"/v1/reorders?sku={sku}&state=REORDER_STATE_SUGGESTED");
        var id = (await Reorders(sku)).Single().ReorderId;
        var approved = await Post($"/v1/reorders/{id}:approve", """{"request_id": "a", "quantity": 12}""");
        var again = await Post($"/v1/reorders/{id}:approve", """{"request_id": "a", "quantity": 12}""");
        var read = await Send("GET", $"/v1/items/{sku}/reorder-policies/{Given.MainWarehouse}");
        var received = await Post($"/v1/reorders/{id}:receive", "{}");
        var deleted = await Send("DELETE", $"/v1/items/{sku}/reorder-policies/{Given.MainWarehouse}");

        Assert.That((policy.Status, policy["policy.orderUpTo"]), Is.EqualTo((200, "20")));
        Assert.That(suggested.Json.GetProperty("reorders")[0].GetProperty("quantity").GetString(), Is.EqualTo("17"));
        Assert.That((approved["replayed"], again["replayed"]), Is.EqualTo(("False", "True")));
        Assert.That(read["position.onOrder"], Is.EqualTo("12"));
        Assert.That(received["reorder.state"], Is.EqualTo("REORDER_STATE_RECEIVED"));
        Assert.That(deleted.Status, Is.EqualTo(200));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(15));
    }

    [Test]
    public async Task A_suggestion_is_turned_down_an_order_is_cancelled_and_the_rest_of_one_closed()
    {
        var (rejecting, cancelling, closing) = (await Suggested(), await Suggested(), await Suggested());
        await Replenishment.ApproveReorderAsync(new() { ReorderId = cancelling });
        await Replenishment.ApproveReorderAsync(new() { ReorderId = closing });
        await Replenishment.ReceiveReorderAsync(new() { ReorderId = closing, Quantity = 1 });

        var rejected = await Replenishment.RejectReorderAsync(
            new()
            {
                ReorderId = rejecting,
                Reason = "season",
                Note = "is over",
            }
        );
        var cancelled = await Replenishment.CancelReorderAsync(new() { ReorderId = cancelling });
        var closed = await Replenishment.CloseReorderAsync(new() { ReorderId = closing });
        var again = await Replenishment.CloseReorderAsync(new() { ReorderId = closing });
        var read = await Replenishment.GetReorderAsync(new() { ReorderId = closing });

        Assert.That(
            (rejected.Reorder.State, rejected.Reorder.Reason),
            Is.EqualTo((ReorderState.Rejected, "season: is over"))
        );
        Assert.That(cancelled.Reorder.State, Is.EqualTo(ReorderState.Cancelled));
        Assert.That((closed.Reorder.State, closed.Reorder.Received), Is.EqualTo((ReorderState.Closed, 1)));
        Assert.That((again.Replayed, again.Reorder, read.Reorder), Is.EqualTo((true, closed.Reorder, closed.Reorder)));
    }

    [Test]
    public async Task What_does_not_fit_is_refused_with_its_reason()
    {
        var id = await Suggested();
        var kit = await Given.Kit((await Given.Item(), 1));

        var early = await Refused(Replenishment.ReceiveReorderAsync(new() { ReorderId = id }));
        await Replenishment.ApproveReorderAsync(new() { ReorderId = id });
        var many = await Refused(Replenishment.ReceiveReorderAsync(new() { ReorderId = id, Quantity = 11 }));
        var stale = await Refused(Replenishment.CloseReorderAsync(new() { ReorderId = id, ExpectedVersion = 9 }));
        var unknown = await Refused(Replenishment.GetReorderAsync(new() { ReorderId = $"{Guid.NewGuid()}" }));
        var ofKit = await Refused(Replenishment.SetReorderPolicyAsync(Policy(kit)));
        var bare = new SetReorderPolicyRequest { Sku = await Given.Item(), Warehouse = Given.MainWarehouse };
        var amounts = await Refused(Replenishment.SetReorderPolicyAsync(bare));
        var policy = await Refused(
            Replenishment.GetReorderPolicyAsync(new() { Sku = bare.Sku, Warehouse = bare.Warehouse })
        );

        Assert.That((early.Code, early.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "REORDER_STATE")));
        Assert.That(early.Info.Metadata["state"], Is.EqualTo("SUGGESTED"));
        Assert.That((many.Code, many.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "REORDER_QUANTITY")));
        Assert.That(many.Info.Metadata["outstanding"], Is.EqualTo("10"));
        Assert.That((stale.Code, stale.Info.Metadata["current_version"]), Is.EqualTo((StatusCode.Aborted, "2")));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "REORDER_UNKNOWN")));
        Assert.That((ofKit.Code, ofKit.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "ITEM_IS_KIT")));
        Assert.That(
            (amounts.Code, amounts.Reason),
            Is.EqualTo((StatusCode.FailedPrecondition, "REORDER_AMOUNTS_MISSING"))
        );
        Assert.That((policy.Code, policy.Reason), Is.EqualTo((StatusCode.NotFound, "REORDER_POLICY_UNKNOWN")));
    }

    [Test]
    public async Task All_that_is_wrong_with_a_policy_or_a_forecast_is_told_at_once()
    {
        var policy = await Refused(
            Replenishment.SetReorderPolicyAsync(
                new()
                {
                    Warehouse = "W",
                    ReorderPoint = -1,
                    ReorderQuantity = 0,
                    OrderUpTo = 4,
                    LeadTimeDays = 366,
                    ServiceLevel = 1,
                    ExpectedVersion = -1,
                }
            )
        );
        var bare = new SetReorderPolicyRequest
        {
            Sku = "S",
            Warehouse = "W",
            OrderUpTo = 4,
        };
        var noPoint = await Refused(Replenishment.SetReorderPolicyAsync(bare));
        var forecast = await Refused(
            Replenishment.GetForecastAsync(
                new()
                {
                    Weeks = 105,
                    HorizonDays = -1,
                    ServiceLevel = double.NaN,
                }
            )
        );

        Assert.That(
            policy.Fields,
            Is.EqualTo([
                ("sku", "REQUIRED"),
                ("reorder_point", "OUT_OF_RANGE"),
                ("reorder_quantity", "OUT_OF_RANGE"),
                ("order_up_to", "CONFLICT"),
                ("lead_time_days", "OUT_OF_RANGE"),
                ("service_level", "OUT_OF_RANGE"),
                ("expected_version", "OUT_OF_RANGE"),
            ])
        );
        Assert.That(noPoint.Fields, Is.EqualTo([("order_up_to", "CONFLICT")]));
        Assert.That(
            forecast.Fields,
            Is.EqualTo([
                ("sku", "REQUIRED"),
                ("weeks", "OUT_OF_RANGE"),
                ("horizon_days", "OUT_OF_RANGE"),
                ("service_level", "OUT_OF_RANGE"),
            ])
        );
    }

    [Test]
    public async Task A_forecast_of_an_item_that_began_today_knows_nothing_yet()
    {
        var sku = await Given.Stock(onHand: 30);

        var forecast = await Replenishment.GetForecastAsync(new() { Sku = sku, HorizonDays = 3 });
        var byRest = await Send("GET", $"/v1/items/{sku}/forecast?warehouse={Given.MainWarehouse}&leadTimeDays=5");

        Assert.That((forecast.History.Count, forecast.Forecast.Count), Is.EqualTo((0, 3)));
        Assert.That((forecast.Error, forecast.HasDaysOfCover), Is.EqualTo((null as ForecastError, false)));
        Assert.That((forecast.Available, forecast.ReorderPoint), Is.EqualTo((30, 0)));
        Assert.That(byRest["leadTimeDays"], Is.EqualTo("5"));
    }

    private static SetReorderPolicyRequest Policy(string sku, bool automatic = false) =>
        new()
        {
            Sku = sku,
            Warehouse = Given.MainWarehouse,
            ReorderPoint = 5,
            ReorderQuantity = 10,
            LeadTimeDays = 3,
            Automatic = automatic,
        };

    private async Task<IReadOnlyList<Reorder>> Reorders(string sku) =>
        (await Replenishment.ListReordersAsync(new() { Sku = sku })).Reorders;

    /// <summary>Of an item of which there are 3.</summary>
    private async Task<string> Suggested()
    {
        var sku = await Given.Stock(onHand: 3);
        await Replenishment.SetReorderPolicyAsync(Policy(sku));
        return (await Reorders(sku)).Single().ReorderId;
    }
}
