using Inventory.Engine.Replenishment;
using Inventory.Engine.Transfers;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Replenishment;

[Parallelizable(ParallelScope.Self)]
public sealed class EvaluateReordersTests : ReorderFixture
{
    private static readonly ReorderAmounts UpTo = new(ReorderPoint: 5, Lot: null, OrderUpTo: 20);

    [Test]
    public async Task Stock_that_sinks_to_its_point_is_suggested_once_and_above_it_not()
    {
        var sku = await Given.Stock(onHand: 7);
        await Policy(sku);
        await Hold(sku);
        var above = await Evaluate(sku);
        await Hold(sku);

        var made = await Evaluate(sku);
        var again = await Evaluate(sku);
        var suggested = await Reorder(sku);

        Assert.That((above, made, again), Is.EqualTo((0, 1, 0)));
        Assert.That(
            (suggested.State, suggested.Quantity, suggested.Position, suggested.ReorderPoint, suggested.Source),
            Is.EqualTo((ReorderState.Suggested, 10L, 5L, 5L, "ACME"))
        );
        Assert.That(
            (suggested.LeadTimeDays, suggested.Automatic, suggested.ApprovedAt),
            Is.EqualTo((3, false, null as DateTime?))
        );
    }

    [Test]
    public async Task A_policy_that_is_set_judges_at_once()
    {
        var sku = await Given.Stock(onHand: 3);

        await Policy(sku);

        Assert.That((await Reorder(sku)).Quantity, Is.EqualTo(10));
    }

    [Test]
    public async Task What_is_on_order_counts_until_it_has_come_and_then_as_stock()
    {
        var sku = await Given.Stock(onHand: 3);
        var ordered = await Ordered(sku);

        var onOrder = await Evaluate(sku);
        await Advance(ordered.ReorderId, ReorderStepKind.Receive, 4);
        var part = await Evaluate(sku);
        var position = (await Node.Policy.ExecuteAsync(sku, Given.MainWarehouse, default)).Position!;
        await Hold(sku, 7);
        var held = await Evaluate(sku);
        await Advance(ordered.ReorderId, ReorderStepKind.Receive);
        await Evaluate(sku);

        Assert.That((onOrder, part, held), Is.EqualTo((0, 0, 0)));
        Assert.That((position.Available, position.OnOrder, position.Total), Is.EqualTo((7, 6, 13)));
        Assert.That((await Reorder(sku)).State, Is.EqualTo(ReorderState.Received));
    }

    [Test]
    public async Task A_suggestion_that_nobody_has_decided_grows_and_shrinks_with_its_need()
    {
        var sku = await Given.Stock(onHand: 5);
        await Policy(sku, amounts: UpTo);
        var first = await Reorder(sku);
        var held = await Hold(sku, 3);
        await Evaluate(sku);
        var grown = await Reorder(sku);
        await Cancel(held.ReservationId);
        await Evaluate(sku);
        var shrunk = await Reorder(sku);

        Assert.That((first.Quantity, grown.Quantity, shrunk.Quantity), Is.EqualTo((15, 18, 15)));
        Assert.That((first.ReorderId, shrunk.Version), Is.EqualTo((shrunk.ReorderId, 3)));
    }

    [Test]
    public async Task What_cannot_be_sold_is_no_stock_and_what_is_on_its_way_is()
    {
        var from = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 20, safetyStock: 4, damaged: 6, qualityControl: 5);
        await Given.Stock(onHand: 9, sku: sku, warehouse: from);
        await Policy(sku);
        var short5 = (await Reorder(sku)).Position;
        await Advance((await Reorder(sku)).ReorderId, ReorderStepKind.Reject);
        await Node.CreateTransfer.ExecuteAsync(
            Some.Transfer(sku, from, Given.MainWarehouse, 9, TransferMode.Shipped),
            default
        );

        var position = (await Node.Policy.ExecuteAsync(sku, Given.MainWarehouse, default)).Position!;

        Assert.That(short5, Is.EqualTo(5));
        Assert.That((position.Available, position.InTransit, position.Total), Is.EqualTo((5, 9, 14)));
    }

    [Test]
    public async Task An_automatic_policy_orders_by_itself_and_decides_what_was_suggested_before()
    {
        var (fresh, before) = (await Given.Stock(onHand: 3), await Given.Stock(onHand: 3));
        await Policy(before);

        await Policy(fresh, automatic: true);
        await Policy(before, automatic: true);
        await Evaluate(fresh);
        await Evaluate(before);

        foreach (var ordered in new[] { await Reorder(fresh), await Reorder(before) })
        {
            Assert.That(
                (ordered.State, ordered.Quantity, ordered.ApprovedBy, ordered.Automatic),
                Is.EqualTo((ReorderState.Approved, 10L, EvaluateReorders.Actor, true))
            );
            Assert.That(ordered.ExpectedAt, Is.EqualTo(ordered.ApprovedAt!.Value.AddDays(3)));
        }
    }

    [Test]
    public async Task What_was_rejected_is_not_suggested_again_until_the_need_was_over_once()
    {
        var sku = await Given.Stock(onHand: 5);
        await Policy(sku);
        await Advance((await Reorder(sku)).ReorderId, ReorderStepKind.Reject);

        await Hold(sku, 2);
        var muted = await Evaluate(sku);
        await Edit(Some.Add(sku, 10));
        await Evaluate(sku);
        await Edit(Some.Remove(sku, 9));
        var heard = await Evaluate(sku);

        Assert.That((muted, heard), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_policy_that_is_set_anew_hears_a_need_that_was_rejected()
    {
        var sku = await Given.Stock(onHand: 5);
        await Policy(sku);
        await Advance((await Reorder(sku)).ReorderId, ReorderStepKind.Reject);

        await Policy(sku, amounts: new(8, 10, null));

        Assert.That(
            (await Reorders(sku)).Select(r => r.State),
            Is.EqualTo([ReorderState.Suggested, ReorderState.Rejected])
        );
    }

    [Test]
    public async Task What_a_reservation_lacks_at_any_of_two_warehouses_is_bought_once()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 0, warehouse: near);
        await Given.Stock(onHand: 0, sku: sku, warehouse: far);
        await Reserve(Some.Reserve(sku, 30) with { WaitMs = 600_000 });

        await Policy(sku, near, new(0, 1, null));
        await Policy(sku, far, new(0, 1, null));
        await Evaluate(sku);

        var quantities = (await Reorders(sku)).ToDictionary(r => r.Warehouse, r => r.Quantity);
        Assert.That((quantities[near], quantities[far]), Is.EqualTo((31, 1)));
    }

    [Test]
    public async Task Neither_a_discontinued_item_nor_a_closed_warehouse_is_reordered_for()
    {
        var closed = await Given.Warehouse(active: false);
        var sku = await Given.Stock(onHand: 0, discontinued: true);
        var other = await Given.Stock(onHand: 0, warehouse: closed);

        await Policy(sku);
        await Policy(other, closed);

        Assert.That((await Reorders(sku), await Reorders(other)), Is.EqualTo(((Reorder[])[], (Reorder[])[])));
    }

    // It judges what the others here are about to judge.
    [NonParallelizable]
    [Test]
    public async Task The_sweep_finds_a_need_that_nothing_has_told_of()
    {
        var sku = await Given.Stock(onHand: 9);
        await Policy(sku);
        await Edit(Some.Remove(sku, 9));

        await Node.Evaluate.SweepAsync(default);

        Assert.That((await Reorder(sku)).Quantity, Is.EqualTo(10));
    }

    [Test]
    public async Task An_item_that_no_warehouse_has_is_ordered_and_received_by_its_policy()
    {
        var (sku, warehouse) = (await Given.Item(), await Given.Warehouse());
        await Policy(sku, warehouse, automatic: true);

        var received = await Advance((await Reorder(sku)).ReorderId, ReorderStepKind.Receive);

        Assert.That(received.Outcome, Is.EqualTo(ReorderOutcome.Done));
        Assert.That(await Then.OnHand(sku, warehouse), Is.EqualTo(10));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Sixty_four_that_judge_one_need_at_once_on_two_servers_make_one_reorder(bool automatic)
    {
        var sku = await Given.Stock(onHand: 9);
        var policy = await Policy(sku, automatic: automatic);
        await Edit(Some.Remove(sku, 8));
        await using var other = new EngineNode(Database.Cell);
        EvaluateReorders[] nodes = [Node.Evaluate, other.Evaluate];
        (long, int)[] pair = [(policy.ItemId, policy.WarehouseId)];

        // All have seen the need and nothing on order before the first may answer it.
        await using var watching = await Database.Tables.OpenConnectionAsync();
        await using var holder = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("INSERT INTO reorder_need VALUES ($1, $2)", holder)
        {
            Parameters =
            {
                new() { Value = policy.ItemId },
                new() { Value = policy.WarehouseId },
            },
        };
        await hold.ExecuteNonQueryAsync();
        var judged = Task.WhenAll(Enumerable.Range(0, 64).Select(n => nodes[n % 2].ExecuteAsync(pair, default)));
        await Eventually.TrueAsync(async () => await Waiting(watching) >= 8);
        await transaction.CommitAsync();
        await judged;

        Assert.That((await Reorder(sku)).Quantity, Is.EqualTo(10));
    }

    [Test]
    public async Task A_second_suggestion_for_one_need_does_not_fit_the_table()
    {
        var sku = await Given.Stock(onHand: 1);
        await Policy(sku);
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await using var twice = new NpgsqlCommand(
            """
            INSERT INTO reorder (created_at, item_id, warehouse_id, position, reorder_point, quantity, lead_time_days, state, automatic, sku,
                warehouse, source)
            SELECT created_at, item_id, warehouse_id, position, reorder_point, quantity, lead_time_days, state, automatic, sku, warehouse,
                source
            FROM reorder WHERE sku = $1
            """,
            connection
        )
        {
            Parameters = { new() { Value = sku } },
        };

        var refused = await Assert.ThrowsAsync<PostgresException>(async () => await twice.ExecuteNonQueryAsync());

        Assert.That(refused!.ConstraintName, Is.EqualTo("reorder_suggestion"));
    }

    private static async Task<long> Waiting(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            connection
        );
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
