using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reservations;

/// <summary>Source, fill and judgement alone, over the wire.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AllocationTests : ServerFixture
{
    [Test]
    public async Task A_part_is_held_with_what_is_short_and_replayed_so()
    {
        var sku = await Given.Stock(onHand: 3);
        var order = Order(sku, quantity: 5);
        order.Fill = ReserveFill.BestEffort;
        order.Lines[0].MinQuantity = 2;

        var made = await Reservations.ReserveInventoryAsync(order);
        var again = await Reservations.ReserveInventoryAsync(order);
        var got = await Reservations.GetReservationAsync(new() { ReservationId = made.Reservation.ReservationId });
        var listed = await Reservations.ListReservationsAsync(new() { Sku = sku });

        Assert.That(made.Replayed, Is.False);
        Assert.That(again.Replayed, Is.True);
        Assert.That(again.Reservation, Is.EqualTo(made.Reservation));
        Assert.That(got.Reservation, Is.EqualTo(made.Reservation));
        Assert.That(listed.Reservations.Single(), Is.EqualTo(made.Reservation));
        var line = made.Reservation.Lines.Single();
        Assert.That((line.Quantity, line.ShortQuantity), Is.EqualTo((5, 2)));
        Assert.That(line.Allocations.Single().Quantity, Is.EqualTo(3));
    }

    [Test]
    public async Task Less_than_the_least_is_refused_with_the_numbers()
    {
        var sku = await Given.Stock(onHand: 3);
        var order = Order(sku, quantity: 5);
        order.Fill = ReserveFill.BestEffort;
        order.Lines[0].MinQuantity = 4;

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "INSUFFICIENT_STOCK")));
        Assert.That(refusal.Info.Metadata["available"], Is.EqualTo("3"));
        Assert.That(refusal.Info.Metadata["min_quantity"], Is.EqualTo("4"));
        Assert.That(await Then.Reserved(sku), Is.Zero);
    }

    [Test]
    public async Task Whole_lines_leave_out_what_does_not_fit()
    {
        var (enough, few) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 3));
        var order = Order(enough, quantity: 5);
        order.Lines.Add(new ReserveLine { Sku = few, Quantity = 4 });
        order.Fill = ReserveFill.WholeLines;

        var made = (await Reservations.ReserveInventoryAsync(order)).Reservation;

        Assert.That(
            made.Lines.Select(l => (l.Sku, l.Quantity, l.ShortQuantity, l.Allocations.Count)),
            Is.EquivalentTo([(enough, 5, 0, 1), (few, 4, 4, 0)])
        );
    }

    [TestCase(ReserveSource.FewestSplits, 1)]
    [TestCase(ReserveSource.HighestStock, 1)]
    [TestCase(ReserveSource.Priority, 2)]
    [TestCase(ReserveSource.Unspecified, 2)]
    public async Task The_source_chooses_the_warehouses(ReserveSource source, int splits)
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 2, warehouse: near);
        await Given.Stock(onHand: 5, sku: sku, warehouse: far);
        var order = Order(sku, quantity: 4);
        order.Source = source;

        var made = (await Reservations.ReserveInventoryAsync(order)).Reservation;

        Assert.That(made.Lines.Single().Allocations, Has.Count.EqualTo(splits));
        Assert.That(made.Lines.Single().Allocations.Sum(a => a.Quantity), Is.EqualTo(4));
    }

    [Test]
    public async Task A_judgement_alone_says_what_would_be_held_and_holds_nothing()
    {
        var sku = await Given.Stock(onHand: 3);
        var order = Order(sku, quantity: 2);
        order.ValidateOnly = true;

        var judged = await Reservations.ReserveInventoryAsync(order);
        var reserved = await Then.Reserved(sku);
        order.ValidateOnly = false;
        var made = await Reservations.ReserveInventoryAsync(order);

        Assert.That(judged.Reservation.ReservationId, Is.Empty);
        Assert.That(judged.Reservation.State, Is.EqualTo(ReservationState.Unspecified));
        Assert.That(judged.Reservation.ExpireTime, Is.Null);
        Assert.That(judged.Reservation.Lines.Single().Allocations.Single().Quantity, Is.EqualTo(2));
        Assert.That(reserved, Is.Zero);
        Assert.That(made.Replayed, Is.False);
    }

    [Test]
    public async Task A_judgement_alone_refuses_as_the_request_would_be()
    {
        var order = Order(await Given.Stock(onHand: 3), quantity: 4);
        order.ValidateOnly = true;

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Reason, Is.EqualTo("INSUFFICIENT_STOCK"));
    }

    [Test]
    public async Task All_that_is_wrong_with_source_fill_and_least_is_named_at_once()
    {
        var sku = await Given.Stock(onHand: 3);
        var order = Order(sku, quantity: 4);
        order.Source = (ReserveSource)9;
        order.Fill = (ReserveFill)9;
        order.Lines[0].MinQuantity = 1;
        var parts = Order(sku, quantity: 4);
        parts.Fill = ReserveFill.BestEffort;
        parts.Lines[0].MinQuantity = 5;
        parts.Lines.Add(
            new ReserveLine
            {
                Sku = sku,
                Quantity = 1,
                MinQuantity = -1,
            }
        );

        var values = await Refused(Reservations.ReserveInventoryAsync(order));
        var ranges = await Refused(Reservations.ReserveInventoryAsync(parts));

        Assert.That(
            values.Fields,
            Is.EquivalentTo(
                new[] { ("source", "UNKNOWN_VALUE"), ("fill", "UNKNOWN_VALUE"), ("lines[0].min_quantity", "CONFLICT") }
            )
        );
        Assert.That(
            ranges.Fields,
            Is.EquivalentTo(
                new[] { ("lines[0].min_quantity", "OUT_OF_RANGE"), ("lines[1].min_quantity", "OUT_OF_RANGE") }
            )
        );
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }
}
