using Dapper;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations.Waiting;

/// <summary>In which order those who wait are served.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WaitingOrderTests : WaitingFixture
{
    [Test]
    public async Task Newcomers_stand_behind_who_waits_although_there_is_enough_for_them()
    {
        var sku = await Given.Stock(onHand: 4);
        var first = await Reserve(Wait(Some.Reserve(sku, 5)));

        var refused = await Reserve(Some.Reserve(sku, 1));
        var second = await Reserve(Wait(Some.Reserve(sku, 1)));
        await Edit(Some.Add(sku, 1));
        await Until(first, ReservationState.Held);
        var still = await Told(second);
        await Edit(Some.Add(sku, 1));
        await Until(second, ReservationState.Held);

        Assert.That(refused.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(refused.Refusals.Single().Available, Is.Zero);
        Assert.That(second.Outcome, Is.EqualTo(ReserveOutcome.Waits));
        Assert.That(still.State, Is.EqualTo(ReservationState.Pending));
    }

    [Test]
    public async Task Who_waits_for_something_else_keeps_his_claim_and_holds_up_nobody_behind_it()
    {
        var (plenty, scarce) = (await Given.Stock(onHand: 0), await Given.Stock(onHand: 0));
        var both = await Reserve(Wait(Some.Reserve((plenty, 3), (scarce, 1))));
        var behind = await Reserve(Wait(Some.Reserve(plenty, 2)));

        await Edit(Some.Add(plenty, 4));
        await Node.Grant.PassAsync(default);
        var early = await Told(behind);
        await Edit(Some.Add(plenty, 1));
        await Until(behind, ReservationState.Held);
        var left = await Reserve(Some.Reserve(plenty, 1));
        await Edit(Some.Add(scarce, 1));
        await Until(both, ReservationState.Held);

        Assert.That(early.State, Is.EqualTo(ReservationState.Pending), "of 4 pieces 3 are promised");
        Assert.That(left.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That((await Then.Reserved(plenty), await Then.Reserved(scarce)), Is.EqualTo((5, 1)));
    }

    [Test]
    public async Task What_arrives_through_another_server_is_granted_too()
    {
        await using var elsewhere = new EngineNode(Database.Cell);
        var sku = await Given.Stock(onHand: 0);
        var waits = await Reserve(Wait(Some.Reserve(sku, 3)));

        await elsewhere.Edit.ExecuteAsync(Some.Add(sku, 3), default);

        await Until(waits, ReservationState.Held);
    }

    [Test]
    public async Task Fifty_who_ask_at_once_for_one_id_wait_once()
    {
        await using var elsewhere = new EngineNode(Database.Cell);
        var sku = await Given.Stock(onHand: 0);
        var request = Wait(Some.Reserve(sku, 3));

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(n => (n % 2 == 0 ? Node : elsewhere).Reserve.ExecuteAsync(request, default).AsTask())
        );

        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Waits), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Replayed), Is.EqualTo(49));
        Assert.That(await Then.Available(sku), Is.EqualTo(-3));
    }

    /// <summary>
    /// Eight sessions on two servers ask for, bring, cancel and let lapse what is on three items' rows: nobody is
    /// forgotten, nobody is overtaken, each is granted once.
    /// </summary>
    [TestCase(1)]
    [TestCase(2)]
    public async Task Beside_eight_sessions_everybody_is_served_in_order_or_still_waits_for_a_reason(int warehouses)
    {
        await using var elsewhere = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, elsewhere];
        var codes = await Task.WhenAll(Enumerable.Range(0, warehouses).Select(n => Given.Warehouse(priority: n)));
        var skus = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Given.Stock(onHand: 5, warehouse: codes[0])));
        foreach (var (sku, code) in skus.SelectMany(s => codes.Skip(1).Select(c => (s, c))))
        {
            await Given.Stock(onHand: 5, sku: sku, warehouse: code);
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => SessionAsync(nodes[n % 2], skus, codes, new Random(n))));
        await Eventually.TrueAsync(async () =>
        {
            await Node.Grant.PassAsync(default);
            return await Grantable(skus) == 0;
        });

        Assert.That(await Overtaken(skus), Is.Zero);
    }

    private static async Task SessionAsync(EngineNode node, string[] skus, string[] codes, Random random)
    {
        var mine = new List<Guid>();
        for (var i = 0; i < 40; i++)
        {
            var sku = skus[random.Next(skus.Length)];
            switch (random.Next(4))
            {
                case 0:
                    await node.Edit.ExecuteAsync(
                        Some.Add(sku, random.Next(1, 4), codes[random.Next(codes.Length)]),
                        default
                    );
                    break;
                case 1 when mine.Count > 0:
                    await node.End.ExecuteAsync(new(mine[^1], ReservationState.Cancelled, Some.Caller), default);
                    mine.RemoveAt(mine.Count - 1);
                    break;
                default:
                    var other = skus[random.Next(skus.Length)];
                    var request =
                        random.Next(3) == 0 && other != sku
                            ? Some.Reserve((sku, random.Next(1, 4)), (other, random.Next(1, 4)))
                            : Some.Reserve(sku, random.Next(1, 6));
                    if ((await node.Reserve.ExecuteAsync(Wait(request), default)).Reservation is { } made)
                    {
                        mine.Add(made.ReservationId);
                    }

                    break;
            }
        }
    }

    // Told by the tables alone: whose lines fit behind all that came before.
    private async Task<long> Grantable(string[] skus)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            """
            WITH shelf AS (
                SELECT s.item_id, sum(s.on_hand - s.reserved - s.damaged - s.quality_control - s.safety_stock) AS free
                FROM stock s JOIN item i ON i.item_id = s.item_id WHERE i.sku = ANY (@Skus) GROUP BY s.item_id),
            queue AS (
                SELECT l.reservation_id,
                    (SELECT sum(b.quantity) FROM waiting_line b WHERE b.item_id = l.item_id AND b.place <= l.place) <= s.free AS fits
                FROM waiting_line l JOIN shelf s ON s.item_id = l.item_id)
            SELECT count(*) FROM (SELECT reservation_id FROM queue GROUP BY 1 HAVING bool_and(fits)) AS grantable
            """,
            new { Skus = skus }
        );
    }

    // By the journal: of two that waited for one item alone, the later was granted first. Each has begun to wait at all
    // of the item's rows.
    private async Task<long> Overtaken(string[] skus)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            """
            WITH begun AS (
                SELECT j.document, j.stock_id, s.item_id, j.version
                FROM journal j JOIN stock s ON s.stock_id = j.stock_id JOIN item i ON i.item_id = s.item_id
                WHERE j.kind = 50 AND i.sku = ANY (@Skus)
                    AND NOT EXISTS (SELECT FROM journal e WHERE e.document = j.document AND e.kind = 52)),
            alone AS (
                SELECT document, (SELECT min(g.at) FROM journal g WHERE g.document = b.document AND g.kind = 51) AS granted
                FROM begun b GROUP BY document HAVING count(DISTINCT item_id) = 1),
            waited AS (SELECT b.stock_id, b.version, a.granted FROM begun b JOIN alone a ON a.document = b.document)
            SELECT count(*) FROM waited a JOIN waited b ON b.stock_id = a.stock_id AND b.version > a.version
            WHERE b.granted IS NOT NULL AND (a.granted IS NULL OR a.granted > b.granted)
            """,
            new { Skus = skus }
        );
    }
}
