using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Engine.Warehouses;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations.Waiting;

/// <summary>Lines that name no warehouse wait for what comes to any.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AnywhereWaitingTests : WaitingFixture
{
    [Test]
    public async Task What_comes_to_another_warehouse_is_theirs_and_no_newcomers()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Stocked(near, far);
        var waits = await Reserve(Wait(Some.Reserve(sku, 5)));

        await Edit(Some.Add(sku, 4, far));
        var newcomer = await Reserve(Some.Reserve(sku, 1, far));
        await Edit(Some.Add(sku, 1, far));
        var granted = await Until(waits, ReservationState.Held);

        Assert.That(waits.Reservation!.Allocations.Single().Warehouse, Is.EqualTo(near));
        Assert.That(newcomer.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(granted.Allocations, Is.EqualTo(new[] { new Allocation(sku, far, 5) }));
        Assert.That((await Then.Available(sku, near), await Then.Available(sku, far)), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task What_comes_in_parts_to_several_is_held_together_and_can_be_sold()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Stocked(near, far);
        var waits = await Reserve(Wait(Some.Reserve(sku, 5)));

        await Edit(Some.Add(sku, 2, far));
        await Edit(Some.Add(sku, 7, near));
        var granted = await Until(waits, ReservationState.Held);
        var sold = await Confirm(granted.ReservationId);

        Assert.That(granted.Allocations.Sum(a => a.Quantity), Is.EqualTo(5));
        Assert.That(sold.Outcome, Is.EqualTo(EndOutcome.Ended));
        Assert.That(await Then.OnHand(sku, near) + await Then.OnHand(sku, far), Is.EqualTo(4));
    }

    [Test]
    public async Task Goods_that_have_come_for_one_line_are_kept_while_another_lacks_and_what_is_beside_them_is_free()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var (plenty, scarce) = (await Stocked(near, far), await Stocked(near, far));
        await Edit(Some.Add(plenty, 5, near));
        await Edit(Some.Add(plenty, 5, far));
        var waits = await Reserve(Wait(Some.Reserve((plenty, 6), (scarce, 1))));

        var free = await Reserve(Some.Reserve(plenty, 4));
        var tooMany = await Reserve(Some.Reserve(plenty, 1));
        await Edit(Some.Add(scarce, 1, far));
        var granted = await Until(waits, ReservationState.Held);

        Assert.That(free.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(tooMany.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(granted.Allocations.Sum(a => a.Quantity), Is.EqualTo(7));
    }

    [Test]
    public async Task Goods_that_were_assigned_and_are_lost_are_replaced_by_what_comes_elsewhere()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var (sku, scarce) = (await Stocked(near, far), await Stocked(near, far));
        await Edit(Some.Add(sku, 5, near));
        var waits = await Reserve(Wait(Some.Reserve((sku, 5), (scarce, 1))));

        await Edit(Some.Move(sku, StockState.Available, StockState.Damaged, 3, near));
        await Node.Grant.PassAsync(default);
        await Edit(Some.Add(sku, 3, far));
        var newcomer = await Reserve(Some.Reserve(sku, 1));
        await Edit(Some.Add(scarce, 1, near));
        var granted = await Until(waits, ReservationState.Held);
        var listed = await Node.List.ExecuteAsync(new() { Sku = sku }, 10, null, default);

        Assert.That(newcomer.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(listed.Reservations, Has.Count.EqualTo(1));
        Assert.That(
            granted.Allocations.Where(a => a.Sku == sku),
            Is.EquivalentTo(new[] { new Allocation(sku, near, 2), new Allocation(sku, far, 3) })
        );
    }

    [Test]
    public async Task A_warehouse_that_never_had_the_item_serves_them_too()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Stocked(near);
        var waits = await Reserve(Wait(Some.Reserve(sku, 5)));

        await Edit(Some.Add(sku, 5, far));
        var granted = await Until(waits, ReservationState.Held);
        var listed = await Node.List.ExecuteAsync(new() { Sku = sku }, 10, null, default);

        Assert.That(granted.Allocations.Single().Warehouse, Is.EqualTo(far));
        Assert.That(listed.Reservations.Select(r => r.ReservationId), Is.EqualTo(new[] { granted.ReservationId }));
    }

    [Test]
    public async Task A_warehouse_that_is_closed_keeps_nothing_for_them()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Stocked(near, far);
        var waits = await Reserve(Wait(Some.Reserve(sku, 5)));

        await Node.UpdateWarehouse.ExecuteAsync(Closing(near), default);
        await Node.Grant.PassAsync(default);
        var kept = (await Then.Available(sku, near), await Then.Available(sku, far));
        await Edit(Some.Add(sku, 5, near));
        await Node.Grant.PassAsync(default);
        var still = await Told(waits);
        await Edit(Some.Add(sku, 5, far));
        var granted = await Until(waits, ReservationState.Held);

        Assert.That(kept, Is.EqualTo((0, -5)));
        Assert.That(still.State, Is.EqualTo(ReservationState.Pending));
        Assert.That(granted.Allocations.Single().Warehouse, Is.EqualTo(far));
    }

    [Test]
    public async Task A_line_that_names_its_warehouse_is_served_there_and_the_other_from_the_rest()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Stocked(near, far);
        var request = Some.Reserve(sku, 2) with
        {
            Lines = [new ReserveLine(sku, null, 2), new ReserveLine(sku, near, 3)],
        };
        var waits = await Reserve(Wait(request));

        await Edit(Some.Add(sku, 2, far));
        await Edit(Some.Add(sku, 3, near));
        var granted = await Until(waits, ReservationState.Held);

        Assert.That(
            granted.Allocations,
            Is.EquivalentTo(new[] { new Allocation(sku, near, 3), new Allocation(sku, far, 2) })
        );
    }

    [Test]
    public async Task One_that_waits_at_several_rows_lets_go_of_all_of_them()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Stocked(near, far);
        await Edit(Some.Add(sku, 2, near));
        var waits = await Reserve(Wait(Some.Reserve(sku, 5)));
        var kept = (await Then.Available(sku, near), await Then.Available(sku, far));

        await Cancel(waits.Reservation!.ReservationId);

        Assert.That(kept, Is.EqualTo((-3, -3)), "2 of its 5 are there");
        Assert.That((await Then.Available(sku, near), await Then.Available(sku, far)), Is.EqualTo((2, 0)));
    }

    private static WarehouseEdit Closing(string code) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Warehouse = code,
            Active = false,
        };
}
