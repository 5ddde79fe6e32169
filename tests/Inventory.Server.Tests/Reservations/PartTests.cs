using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reservations;

[Parallelizable(ParallelScope.Self)]
public sealed class PartTests : ServerFixture
{
    [Test]
    public async Task A_part_is_confirmed_once_and_the_rest_stays_held_or_goes_back()
    {
        var sku = await Given.Stock(onHand: 10);
        var keep = Part(await Hold(sku, quantity: 5), sku, 2);
        keep.Remainder = Remainder.Keep;

        var first = await Reservations.ConfirmReservationAsync(keep);
        var again = await Reservations.ConfirmReservationAsync(keep);
        var last = await Reservations.ConfirmReservationAsync(Part(first.Reservation, sku, 1));

        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(again.Reservation, Is.EqualTo(first.Reservation));
        Assert.That(first.Reservation.State, Is.EqualTo(ReservationState.Held));
        Assert.That(last.Reservation.State, Is.EqualTo(ReservationState.Confirmed));
        var line = last.Reservation.Lines.Single();
        Assert.That(
            (line.Quantity, line.ConfirmedQuantity, line.ReleasedQuantity, line.Allocations[0].ConfirmedQuantity),
            Is.EqualTo((5L, 3L, 2L, 3L))
        );
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((7L, 0L)));
    }

    [Test]
    public async Task A_part_is_released_and_the_rest_stays_held()
    {
        var sku = await Given.Stock(onHand: 10);
        var held = await Hold(sku, quantity: 5);
        var request = new CancelReservationRequest
        {
            ReservationId = held.ReservationId,
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReservationPart { Sku = sku, Quantity = 2 },
            },
        };

        var first = await Reservations.CancelReservationAsync(request);
        var again = await Reservations.CancelReservationAsync(request);

        Assert.That((first.Reservation.State, first.Replayed), Is.EqualTo((ReservationState.Held, false)));
        Assert.That((again.Reservation, again.Replayed), Is.EqualTo((first.Reservation, true)));
        Assert.That(first.Reservation.Lines.Single().ReleasedQuantity, Is.EqualTo(2));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((10L, 3L)));
    }

    [Test]
    public async Task More_than_is_held_is_refused_line_by_line()
    {
        var sku = await Given.Stock(onHand: 10);
        var request = Part(await Hold(sku, quantity: 2), sku, 3);
        request.Lines.Add(new ReservationPart { Sku = "other", Quantity = 1 });

        var refusal = await Refused(Reservations.ConfirmReservationAsync(request));

        Assert.That(
            (refusal.Code, refusal.Reason),
            Is.EqualTo((StatusCode.FailedPrecondition, "RESERVATION_QUANTITY"))
        );
        Assert.That(
            refusal.Detail<PreconditionFailure>().Violations.Select(v => (v.Subject, v.Description)),
            Is.EquivalentTo(new[] { (sku, "has 2 held, 3 asked for"), ("other", "has 0 held, 1 asked for") })
        );
    }

    [Test]
    public async Task The_request_id_of_a_part_serves_no_other_part()
    {
        var sku = await Given.Stock(onHand: 10);
        var request = Part(await Hold(sku, quantity: 5), sku, 2);
        request.Remainder = Remainder.Keep;
        await Reservations.ConfirmReservationAsync(request);
        request.Lines[0].Quantity = 1;

        var refusal = await Refused(Reservations.ConfirmReservationAsync(request));

        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.AlreadyExists, "REQUEST_ID_REUSED")));
    }

    [Test]
    public async Task A_lapsed_hold_is_confirmed_late_if_it_is_asked_for_and_its_stock_is_there()
    {
        var sku = await Given.Stock(onHand: 5);
        var (first, second) = (await Hold(sku, quantity: 3), await Hold(sku, quantity: 2));
        await Given.Lapsed(Guid.Parse(first.ReservationId));
        await Given.Lapsed(Guid.Parse(second.ReservationId));
        var late = new ConfirmReservationRequest
        {
            ReservationId = first.ReservationId,
            Late = LateConfirmation.Reacquire,
        };

        var refused = await Refused(
            Reservations.ConfirmReservationAsync(new() { ReservationId = first.ReservationId })
        );
        var taken = await Reservations.ConfirmReservationAsync(late);
        var again = await Reservations.ConfirmReservationAsync(late);
        await Hold(sku, quantity: 1);
        var gone = await Refused(
            Reservations.ConfirmReservationAsync(
                new() { ReservationId = second.ReservationId, Late = LateConfirmation.Reacquire }
            )
        );

        Assert.That(refused.Reason, Is.EqualTo("RESERVATION_EXPIRED"));
        Assert.That((taken.Reservation.State, taken.Replayed), Is.EqualTo((ReservationState.Confirmed, false)));
        Assert.That((again.Reservation, again.Replayed), Is.EqualTo((taken.Reservation, true)));
        Assert.That((gone.Code, gone.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "INSUFFICIENT_STOCK")));
        Assert.That(
            gone.Detail<PreconditionFailure>().Violations.Single().Description,
            Is.EqualTo("has 1 available, 2 to be taken again")
        );
    }

    [Test]
    public async Task A_confirmed_reservation_is_fulfilled_with_its_tracking_number()
    {
        var held = await Hold(await Given.Stock(onHand: 5));
        var request = new FulfillReservationRequest
        {
            ReservationId = held.ReservationId,
            Tracking = "1Z-7",
            Note = "left at the door",
        };

        var early = await Refused(Reservations.FulfillReservationAsync(request));
        await Reservations.ConfirmReservationAsync(new() { ReservationId = held.ReservationId });
        var first = await Reservations.FulfillReservationAsync(request);
        var again = await Reservations.FulfillReservationAsync(request);
        var found = await Reservations.GetReservationAsync(new() { ReservationId = held.ReservationId });

        Assert.That((early.Code, early.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "RESERVATION_STATE")));
        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(
            (found.Reservation.State, found.Reservation.Tracking, found.Reservation.FulfillmentNote),
            Is.EqualTo((ReservationState.Fulfilled, "1Z-7", "left at the door"))
        );
        Assert.That(found.Reservation, Is.EqualTo(first.Reservation));
    }

    [Test]
    public async Task What_is_not_there_is_neither_confirmed_in_part_nor_fulfilled()
    {
        var unknown = new Reservation { ReservationId = Guid.NewGuid().ToString() };

        var part = await Refused(Reservations.ConfirmReservationAsync(Part(unknown, "sku", 1)));
        var whole = await Refused(
            Reservations.FulfillReservationAsync(new() { ReservationId = unknown.ReservationId })
        );

        Assert.That((part.Code, whole.Code), Is.EqualTo((StatusCode.NotFound, StatusCode.NotFound)));
        Assert.That(whole.Resources.Single().ResourceName, Is.EqualTo(unknown.ReservationId));
    }

    [Test]
    public async Task Every_field_of_a_part_that_is_wrong_is_named_at_once()
    {
        var confirm = new ConfirmReservationRequest
        {
            ReservationId = "1",
            Remainder = (Remainder)9,
            Late = (LateConfirmation)9,
            Lines =
            {
                new ReservationPart { Quantity = -1, Warehouse = new string('w', 65) },
            },
        };
        var cancel = new CancelReservationRequest { Cause = (CancelCause)9, RequestId = new string('r', 65) };
        var fulfill = new FulfillReservationRequest { Tracking = new string('t', 101), Note = "\0" };
        var whole = new ConfirmReservationRequest
        {
            ReservationId = Guid.NewGuid().ToString(),
            Remainder = Remainder.Keep,
        };

        Assert.That(
            (await Refused(Reservations.ConfirmReservationAsync(confirm))).Fields,
            Is.EqualTo(
                new[]
                {
                    ("reservation_id", "FORMAT"),
                    ("request_id", "REQUIRED"),
                    ("lines[0].sku", "REQUIRED"),
                    ("lines[0].quantity", "OUT_OF_RANGE"),
                    ("lines[0].warehouse", "TOO_LONG"),
                    ("remainder", "UNKNOWN_VALUE"),
                    ("late", "UNKNOWN_VALUE"),
                }
            )
        );
        Assert.That(
            (await Refused(Reservations.CancelReservationAsync(cancel))).Fields,
            Is.EqualTo(new[] { ("reservation_id", "REQUIRED"), ("cause", "UNKNOWN_VALUE"), ("request_id", "TOO_LONG") })
        );
        Assert.That(
            (await Refused(Reservations.FulfillReservationAsync(fulfill))).Fields,
            Is.EqualTo(new[] { ("reservation_id", "REQUIRED"), ("tracking", "TOO_LONG"), ("note", "CHARACTERS") })
        );
        Assert.That(
            (await Refused(Reservations.ConfirmReservationAsync(whole))).Fields,
            Is.EqualTo(new[] { ("remainder", "CONFLICT") })
        );
    }

    private static ConfirmReservationRequest Part(Reservation held, string sku, long quantity) =>
        new()
        {
            ReservationId = held.ReservationId,
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReservationPart { Sku = sku, Quantity = quantity },
            },
        };
}
