using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Engine.Reservations.Waiting;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations.Waiting;

/// <summary>
/// What comes between a look at a queue and its settlement. One after the other, on a node whose commits ring nobody.
/// </summary>
public sealed class SettleWaitingTests : WaitingFixture
{
    private readonly CommittedLevels silence = new();

    [Test]
    public async Task Of_two_who_share_out_the_same_goods_the_second_has_read_too_early()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await WaitedFor(near, far);
        await Quietly(Some.Add(sku, 4, far));
        var first = await Proposal(sku);
        var second = await Proposal(sku);

        var decided = await Settle.DecideAsync(first!, default);
        var again = await Settle.DecideAsync(second!, default);

        Assert.That((decided, again), Is.EqualTo((true, false)));
        Assert.That(await Proposal(sku), Is.Null);
        Assert.That((await Then.Available(sku, near), await Then.Available(sku, far)), Is.EqualTo((-1, -1)));
    }

    [Test]
    public async Task Goods_that_are_gone_again_are_shared_out_to_nobody()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await WaitedFor(near, far);
        await Quietly(Some.Add(sku, 4, far));
        var proposal = await Proposal(sku);
        await Quietly(Some.Remove(sku, 3, far));

        var decided = await Settle.DecideAsync(proposal!, default);

        Assert.That(decided, Is.False);
        Assert.That((await Then.Available(sku, near), await Then.Available(sku, far)), Is.EqualTo((-5, -4)));
    }

    [Test]
    public async Task Goods_that_are_gone_before_the_grant_are_not_held()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await WaitedFor(near, far);
        await Quietly(Some.Add(sku, 5, far));
        await Settle.DecideAsync((await Proposal(sku))!, default);
        var id = await Waiting(sku);
        await Quietly(Some.Remove(sku, 1, far));

        var granted = await new GrantStatement(Database.Cell, silence).ExecuteAsync([id], default);

        Assert.That(granted, Is.Zero);
        Assert.That(await Then.State(id), Is.EqualTo(ReservationState.Pending));
    }

    [Test]
    public async Task Who_comes_to_wait_and_has_not_seen_what_came_meanwhile_is_judged_again()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Stocked(near, far);
        var attempt = await new ResolveDemands(Node.Directory).ResolveAsync(Wait(Some.Reserve(sku, 5)), default);
        var before = RefusalProof.Of(await Rows(sku));
        attempt.TryWait(before);
        await Quietly(Some.Add(sku, 4, far));
        var join = new JoinWaiting(Database.Cell, Node.Directory, silence, Node.Grant);

        var early = await join.ExecuteAsync(attempt, before, default);
        var later = await join.ExecuteAsync(attempt, RefusalProof.Of(await Rows(sku)), default);

        Assert.That((early.Outcome, later.Outcome), Is.EqualTo((WaitOutcome.Again, WaitOutcome.Waits)));
    }

    [Test]
    public async Task Who_has_left_since_gets_nothing()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await WaitedFor(near, far);
        await Quietly(Some.Add(sku, 4, far));
        var proposal = await Proposal(sku);
        await using (var end = new EndReservations(Database.Cell, Node.Directory, silence))
        {
            var id = await Waiting(sku);
            await end.ExecuteAsync(new(id, ReservationState.Cancelled, Some.Caller), default);
        }

        await Settle.DecideAsync(proposal!, default);

        Assert.That((await Then.Available(sku, near), await Then.Available(sku, far)), Is.EqualTo((0, 4)));
    }

    [Test]
    public async Task Nobody_is_refused_what_is_left_when_goods_come_to_two_warehouses_at_once()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Stocked(near, far);
        var waits = await Reserve(Wait(Some.Reserve(sku, 5)));
        var early = await Reserve(Some.Reserve(sku, 1));
        await Node.Grant.PassedAsync(default);
        Task<ReserveAnswer> newcomer;

        // Nobody can settle before both have come and a newcomer has asked, who is known to find nothing there.
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync(
                """
                SELECT FROM waiting_item WHERE item_id = (SELECT item_id FROM item WHERE sku = @Sku) FOR UPDATE
                """,
                new { Sku = sku },
                transaction
            );
            await Quietly(Some.Add(sku, 5, near));
            await Quietly(Some.Add(sku, 5, far));
            newcomer = Reserve(Some.Reserve(sku, 5));
            await ProofOfOthers();
            await transaction.CommitAsync();
        }

        Assert.That(early.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That((await newcomer).Outcome, Is.EqualTo(ReserveOutcome.Held));
        await Until(waits, ReservationState.Held);
    }

    private SettleWaiting Settle => new(Database.Cell, silence);

    /// <summary>An item for which one waits, for 5 pieces from anywhere; the node has nothing to do.</summary>
    private async Task<string> WaitedFor(params string[] warehouses)
    {
        var sku = await Stocked(warehouses);
        await Reserve(Wait(Some.Reserve(sku, 5)));
        await Node.Grant.PassedAsync(default);
        return sku;
    }

    private async Task<Guid> Waiting(string sku)
    {
        var listed = await Node.List.ExecuteAsync(new() { Sku = sku }, 1, null, default);
        return listed.Reservations.Single().ReservationId;
    }

    private async Task<IEnumerable<ExplainedStock>> Rows(string sku)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QueryAsync<ExplainedStock>(
            """
            SELECT s.stock_id, s.item_id, i.sku, s.warehouse_id, w.code AS warehouse, w.active, s.available
            FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id WHERE i.sku = @Sku
            """,
            new { Sku = sku }
        );
    }

    private async Task Quietly(StockEdit edit)
    {
        await using var editing = new EditStock(Database.Cell, Node.Directory, silence, Node.Open);
        await editing.ExecuteAsync(edit, default);
    }

    private async Task<SettleProposal?> Proposal(string sku)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        var itemId = await connection.ExecuteScalarAsync<long>(
            "SELECT item_id FROM item WHERE sku = @Sku",
            new { Sku = sku }
        );
        return await Settle.ProposeAsync(itemId, default);
    }

    // Who is refused after the newcomer has asked is refused after its first proof.
    private async Task ProofOfOthers()
    {
        for (var i = 0; i < 3; i++)
        {
            var sku = await Given.Stock(onHand: 0);
            Assert.That((await Reserve(Some.Reserve(sku, 1))).Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        }
    }
}
