using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reservations;

[Parallelizable(ParallelScope.Self)]
public sealed class EndTests : ServerFixture
{
    [Test]
    public async Task A_confirmed_reservation_leaves_on_hand_and_confirming_again_is_a_replay()
    {
        var sku = await Given.Stock(onHand: 5);
        var held = await Hold(sku, quantity: 2);

        var first = await Reservations.ConfirmReservationAsync(new() { ReservationId = held.ReservationId });
        var again = await Reservations.ConfirmReservationAsync(new() { ReservationId = held.ReservationId });

        Assert.That(first.Replayed, Is.False);
        Assert.That(first.Reservation.State, Is.EqualTo(ReservationState.Confirmed));
        Assert.That(first.Reservation.EndTime, Is.Not.Null);
        Assert.That(first.Reservation.Version, Is.EqualTo(2));
        Assert.That(again.Replayed, Is.True);
        Assert.That(again.Reservation, Is.EqualTo(first.Reservation));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((3L, 0L)));
    }

    [TestCase(CancelCause.Unspecified, ReservationState.Cancelled)]
    [TestCase(CancelCause.Cancelled, ReservationState.Cancelled)]
    [TestCase(CancelCause.PaymentFailed, ReservationState.Failed)]
    public async Task A_cancelled_reservation_gives_its_stock_back(CancelCause cause, ReservationState state)
    {
        var sku = await Given.Stock(onHand: 5);
        var request = new CancelReservationRequest
        {
            ReservationId = (await Hold(sku, quantity: 2)).ReservationId,
            Cause = cause,
        };

        var first = await Reservations.CancelReservationAsync(request);
        var again = await Reservations.CancelReservationAsync(request);

        Assert.That((first.Reservation.State, first.Replayed), Is.EqualTo((state, false)));
        Assert.That((again.Reservation.State, again.Replayed), Is.EqualTo((state, true)));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((5L, 0L)));
    }

    [Test]
    public async Task What_has_ended_otherwise_cannot_be_confirmed_and_says_how_it_ended()
    {
        var held = await Hold(await Given.Stock(onHand: 5));
        await Reservations.CancelReservationAsync(new() { ReservationId = held.ReservationId });

        var refusal = await Refused(Reservations.ConfirmReservationAsync(new() { ReservationId = held.ReservationId }));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(refusal.Reason, Is.EqualTo("RESERVATION_STATE"));
        Assert.That(refusal.Info.Metadata["state"], Is.EqualTo("CANCELLED"));
        Assert.That(refusal.Detail<PreconditionFailure>().Violations.Single().Description, Is.EqualTo("is CANCELLED"));
    }

    [Test]
    public async Task What_is_confirmed_cannot_be_cancelled_or_extended()
    {
        var id = (await Hold(await Given.Stock(onHand: 5))).ReservationId;
        await Reservations.ConfirmReservationAsync(new() { ReservationId = id });

        var cancel = await Refused(Reservations.CancelReservationAsync(new() { ReservationId = id }));
        var extend = await Refused(Reservations.ExtendReservationAsync(Until(id, TimeSpan.FromHours(1))));

        Assert.That(cancel.Info.Metadata["state"], Is.EqualTo("CONFIRMED"));
        Assert.That(extend.Info.Metadata["state"], Is.EqualTo("CONFIRMED"));
    }

    [Test]
    public async Task An_expired_hold_reads_expired_and_can_be_neither_confirmed_nor_cancelled_nor_extended()
    {
        var id = (await Hold(await Given.Stock(onHand: 5))).ReservationId;
        await Given.Lapsed(Guid.Parse(id));

        Refusal[] refusals =
        [
            await Refused(Reservations.ConfirmReservationAsync(new() { ReservationId = id })),
            await Refused(Reservations.CancelReservationAsync(new() { ReservationId = id })),
            await Refused(Reservations.ExtendReservationAsync(Until(id, TimeSpan.FromHours(1)))),
        ];
        var read = await Reservations.GetReservationAsync(new() { ReservationId = id });

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(refusals.Select(r => r.Reason), Is.All.EqualTo("RESERVATION_EXPIRED"));
        Assert.That(read.Reservation.State, Is.EqualTo(ReservationState.Expired));
    }

    [Test]
    public async Task The_server_itself_gives_back_what_has_expired()
    {
        var sku = await Given.Stock(onHand: 5);
        await Given.Lapsed(Guid.Parse((await Hold(sku)).ReservationId));

        await Eventually.TrueAsync(async () => await Then.Reserved(sku) == 0);

        Assert.That(await Then.OnHand(sku), Is.EqualTo(5));
    }

    [Test]
    public async Task A_hold_is_extended_to_a_later_time_and_never_to_an_earlier_one()
    {
        var held = await Hold(await Given.Stock(onHand: 5));
        var later = Until(held.ReservationId, TimeSpan.FromHours(2));
        var earlier = Until(held.ReservationId, TimeSpan.FromMinutes(1));

        var extended = await Reservations.ExtendReservationAsync(later);
        var again = await Reservations.ExtendReservationAsync(later);
        var unmoved = await Reservations.ExtendReservationAsync(earlier);

        Assert.That(extended.Replayed, Is.False);
        Assert.That(
            extended.Reservation.ExpireTime.ToDateTime(),
            Is.EqualTo(later.ExpireTime.ToDateTime()).Within(TimeSpan.FromMilliseconds(1))
        );
        Assert.That((again.Replayed, unmoved.Replayed), Is.EqualTo((true, true)));
        Assert.That(unmoved.Reservation.ExpireTime, Is.EqualTo(extended.Reservation.ExpireTime));
    }

    [Test]
    public async Task A_hold_is_extended_by_no_more_than_a_day()
    {
        var held = await Hold(await Given.Stock(onHand: 5));

        var refusal = await Refused(
            Reservations.ExtendReservationAsync(Until(held.ReservationId, TimeSpan.FromHours(25)))
        );

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(refusal.Fields, Is.EqualTo(new[] { ("expire_time", "OUT_OF_RANGE") }));
    }

    [Test]
    public async Task What_is_not_there_is_not_found_whatever_is_asked_of_it()
    {
        var id = Guid.NewGuid().ToString();

        Refusal[] refusals =
        [
            await Refused(Reservations.GetReservationAsync(new() { ReservationId = id })),
            await Refused(Reservations.ConfirmReservationAsync(new() { ReservationId = id })),
            await Refused(Reservations.CancelReservationAsync(new() { ReservationId = id })),
            await Refused(Reservations.ExtendReservationAsync(Until(id, TimeSpan.FromHours(1)))),
        ];

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.NotFound));
        Assert.That(refusals.Select(r => r.Reason), Is.All.EqualTo("RESERVATION_UNKNOWN"));
        Assert.That(refusals.Select(r => r.Resources.Single().ResourceName), Is.All.EqualTo(id));
    }

    [Test]
    public async Task A_reservation_reads_as_it_was_made()
    {
        var held = await Hold(await Given.Stock(onHand: 5));

        var read = await Reservations.GetReservationAsync(new() { ReservationId = held.ReservationId });

        Assert.That(read.Reservation, Is.EqualTo(held));
    }

    private static ExtendReservationRequest Until(string id, TimeSpan fromNow) =>
        new()
        {
            ReservationId = id,
            ExpireTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + fromNow),
        };
}
