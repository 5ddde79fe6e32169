using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reservations;

[Parallelizable(ParallelScope.Self)]
public sealed class ReserveTests : ServerFixture
{
    [Test]
    public async Task A_reservation_holds_stock_and_says_from_where_and_until_when()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Order(sku, quantity: 2);
        order.OrderId = Some.OrderId();
        order.HoldFor = Duration.FromTimeSpan(TimeSpan.FromMinutes(5));

        var answer = await Reservations.ReserveInventoryAsync(order);

        var made = answer.Reservation;
        Assert.Multiple(() =>
        {
            Assert.That(answer.Replayed, Is.False);
            Assert.That(made.State, Is.EqualTo(ReservationState.Held));
            Assert.That(made.RequestId, Is.EqualTo(order.RequestId));
            Assert.That(made.OrderId, Is.EqualTo(order.OrderId));
            Assert.That(made.Caller, Is.EqualTo("dev"));
            Assert.That(made.Version, Is.EqualTo(1));
            Assert.That(made.EndTime, Is.Null);
            Assert.That(made.ExpireTime - made.CreateTime, Is.EqualTo(order.HoldFor));
            Assert.That(made.Lines.Single().Sku, Is.EqualTo(sku));
            Assert.That(made.Lines.Single().Quantity, Is.EqualTo(2));
            Assert.That(made.Lines.Single().Allocations.Single().Warehouse, Is.EqualTo(Given.MainWarehouse));
        });
        Assert.That(await Then.Reserved(sku), Is.EqualTo(2));
    }

    [Test]
    public async Task A_hold_that_names_no_time_lasts_a_quarter_of_an_hour()
    {
        var made = await Hold(await Given.Stock(onHand: 1));

        Assert.That((made.ExpireTime - made.CreateTime).ToTimeSpan(), Is.EqualTo(TimeSpan.FromMinutes(15)));
    }

    [Test]
    public async Task An_order_that_one_warehouse_cannot_fill_is_one_line_with_two_allocations()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 2, warehouse: near);
        await Given.Stock(onHand: 5, sku: sku, warehouse: far);

        var made = await Hold(sku, quantity: 3);

        var line = made.Lines.Single();
        Assert.That(line.Quantity, Is.EqualTo(3));
        Assert.That(
            line.Allocations.Select(a => (a.Warehouse, a.Quantity)),
            Is.EqualTo(new[] { (near, 2L), (far, 1L) })
        );
    }

    [Test]
    public async Task A_replay_learns_the_reservation_as_it_is_now()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Order(sku, quantity: 5);
        var first = await Reservations.ReserveInventoryAsync(order);
        await Reservations.ConfirmReservationAsync(new() { ReservationId = first.Reservation.ReservationId });

        var again = await Reservations.ReserveInventoryAsync(order);

        Assert.That(again.Replayed, Is.True);
        Assert.That(again.Reservation.ReservationId, Is.EqualTo(first.Reservation.ReservationId));
        Assert.That(again.Reservation.State, Is.EqualTo(ReservationState.Confirmed));
        Assert.That(await Then.Reservations(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_request_id_that_comes_back_with_other_content_is_refused()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Order(sku);
        await Reservations.ReserveInventoryAsync(order);
        order.Lines[0].Quantity++;

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.AlreadyExists));
        Assert.That(refusal.Reason, Is.EqualTo("REQUEST_ID_REUSED"));
        Assert.That(refusal.Resources.Single().ResourceName, Is.EqualTo(order.RequestId));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_shortage_names_each_lackingline_with_its_numbers()
    {
        var (plenty, few, none) = (await Given.Stock(9), await Given.Stock(2), await Given.Stock(0));
        var order = Order(plenty);
        order.Lines.Add(new ReserveLine { Sku = few, Quantity = 3 });
        order.Lines.Add(new ReserveLine { Sku = none, Quantity = 1 });

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(refusal.Reason, Is.EqualTo("INSUFFICIENT_STOCK"));
        Assert.That(refusal.Info.Domain, Is.EqualTo("inventory"));
        var lacking = refusal.Detail<PreconditionFailure>().Violations.ToDictionary(v => v.Subject, v => v.Description);
        Assert.That(lacking.Keys, Is.EquivalentTo([few, none]));
        Assert.That(lacking[few], Is.EqualTo("has 2 available, 3 requested"));
        Assert.That(lacking[none], Is.EqualTo("has 0 available, 1 requested"));
        Assert.That(await Then.Reserved(plenty), Is.Zero);
    }

    [Test]
    public async Task A_shortage_says_when_the_next_hold_lapses()
    {
        var sku = await Given.Stock(onHand: 1);
        var holder = await Hold(sku);

        var refusal = await Refused(Reservations.ReserveInventoryAsync(Order(sku)));

        var at = DateTimeOffset.Parse(refusal.Info.Metadata["next_hold_lapses_at"], null).UtcDateTime;
        Assert.That(at, Is.EqualTo(holder.ExpireTime.ToDateTime()).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(refusal.Info.Metadata["requested"], Is.EqualTo("1"));
        Assert.That(refusal.Info.Metadata["available"], Is.EqualTo("0"));
    }

    [Test]
    public async Task Sold_out_is_an_answer_and_nothing_in_the_log()
    {
        var sku = await Given.Stock(onHand: 0);

        await Refused(Reservations.ReserveInventoryAsync(Order(sku)));

        Assert.That(Server.Log.Entries.Where(e => e.Text.Contains(sku, StringComparison.Ordinal)), Is.Empty);
        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    [Test]
    public async Task Every_unknown_SKU_is_named()
    {
        var (known, one, two) = (await Given.Stock(9), Some.Sku(), Some.Sku());
        var order = Order(known);
        order.Lines.Add(new ReserveLine { Sku = one, Quantity = 3 });
        order.Lines.Add(new ReserveLine { Sku = two, Quantity = 1 });

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.NotFound));
        Assert.That(refusal.Reason, Is.EqualTo("SKU_UNKNOWN"));
        Assert.That(refusal.Resources.Select(r => r.ResourceName), Is.EquivalentTo([one, two]));
        Assert.That(refusal.Resources.Select(r => r.ResourceType), Is.All.EqualTo("item"));
    }

    [Test]
    public async Task An_unknown_warehouse_is_named()
    {
        var (sku, nowhere) = (await Given.Stock(9), Some.WarehouseCode());

        var refusal = await Refused(Reservations.ReserveInventoryAsync(Order(sku, warehouse: nowhere)));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.NotFound));
        Assert.That(refusal.Reason, Is.EqualTo("WAREHOUSE_UNKNOWN"));
        Assert.That(refusal.Resources.Single().ResourceName, Is.EqualTo(nowhere));
    }

    [Test]
    public async Task A_discontinued_item_is_not_sold()
    {
        var sku = await Given.Stock(onHand: 9, discontinued: true);

        var refusal = await Refused(Reservations.ReserveInventoryAsync(Order(sku)));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(refusal.Reason, Is.EqualTo("ITEM_DISCONTINUED"));
        Assert.That(refusal.Detail<PreconditionFailure>().Violations.Single().Subject, Is.EqualTo(sku));
    }

    [Test]
    public async Task An_inactive_warehouse_serves_no_new_hold()
    {
        var closed = await Given.Warehouse(active: false);
        var sku = await Given.Stock(onHand: 9, warehouse: closed);

        var refusal = await Refused(Reservations.ReserveInventoryAsync(Order(sku, warehouse: closed)));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(refusal.Reason, Is.EqualTo("WAREHOUSE_INACTIVE"));
        Assert.That(refusal.Detail<PreconditionFailure>().Violations.Single().Subject, Is.EqualTo($"{sku}@{closed}"));
    }

    [Test]
    public async Task A_refusal_is_small_enough_for_any_client_and_says_what_it_leaves_out()
    {
        var order = new ReserveInventoryRequest { RequestId = Some.RequestId() };
        foreach (var number in Enumerable.Range(0, 100))
        {
            var sku = await Given.Stock(onHand: 0, sku: $"{Some.Sku()}-{number:d4}".PadRight(64, 'x'));
            order.Lines.Add(new ReserveLine { Sku = sku, Quantity = 1_000_000_000 });
        }

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Details.CalculateSize(), Is.LessThan(5_000));
        var violations = refusal.Detail<PreconditionFailure>().Violations;
        Assert.That(violations[^1].Description, Is.EqualTo($"{101 - violations.Count} more lines are not listed"));
    }
}
