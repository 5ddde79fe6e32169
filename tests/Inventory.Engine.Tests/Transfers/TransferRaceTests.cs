using Dapper;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Engine.Transfers;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Transfers;

public sealed class TransferRaceTests : TransferFixture
{
    // All that there is of some items, with what was sold of them and what was lost on the way.
    private const string EverythingSql = """
        SELECT (SELECT coalesce(sum(s.on_hand + s.in_transit), 0) FROM stock s JOIN item i ON i.item_id = s.item_id WHERE i.sku = ANY (@Skus))
            + (SELECT coalesce(sum(lost), 0) FROM transfer WHERE sku = ANY (@Skus))
            + (SELECT coalesce(sum(q.quantity), 0) FROM (
                SELECT unnest(stock_ids) AS stock_id, unnest(quantities) AS quantity FROM reservation WHERE state = 3) q
                JOIN stock s ON s.stock_id = q.stock_id JOIN item i ON i.item_id = s.item_id WHERE i.sku = ANY (@Skus))
        """;

    [Test]
    public async Task Eight_sessions_of_opposed_transfers_and_sales_lose_and_make_nothing_at_any_moment()
    {
        const int rounds = 120;
        string[] places = [await Given.Warehouse(), await Given.Warehouse(), await Given.Warehouse()];
        string[] skus = [Some.Sku(), Some.Sku()];
        foreach (var sku in skus)
        {
            await Given.Stock(onHand: 30, sku: sku, warehouse: places[0]);
            await Given.Stock(onHand: 30, sku: sku, warehouse: places[1]);
        }

        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var seed = Random.Shared.Next();

        var sessions = Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(n => Task.Run(() => Session(nodes[n % 2], skus, places, new Random(seed + n), rounds)))
        );
        var looks = 0;
        for (; looks == 0 || !sessions.IsCompleted; looks++)
        {
            Assert.That(await Everything(skus), Is.EqualTo(120), $"seed {seed}, look {looks}");
        }

        Assert.That((await sessions).Sum(), Is.GreaterThan(rounds), $"seed {seed}");
        Assert.That(looks, Is.GreaterThan(5));
        Assert.That(await Everything(skus), Is.EqualTo(120), $"seed {seed}");
        Assert.That(await Deadlocks(), Is.Zero, $"seed {seed}");
        await AddUp();
    }

    [Test]
    public async Task One_request_from_thirty_callers_on_two_servers_has_one_effect_and_thirty_equal_answers()
    {
        var (sku, from, to) = await Places(onHand: 5);
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var request = Some.Transfer(sku, from, to, 3, TransferMode.Shipped);

        var made = await Together(nodes, n => n.CreateTransfer.ExecuteAsync(request, default));
        var step = Some.Step(made[0].Transfer!.TransferId, TransferStepKind.Receive, 1);
        var received = await Together(nodes, n => n.AdvanceTransfer.ExecuteAsync(step, default));

        foreach (var answers in new[] { made, received })
        {
            Assert.That(answers.Count(a => a.Outcome == TransferOutcome.Done), Is.EqualTo(1));
            Assert.That(answers.Select(a => a.Transfer).Distinct(), Has.Exactly(1).Items);
        }

        Assert.That((await At(sku, from), await At(sku, to)), Is.EqualTo(((2, 0), (1, 2))));
    }

    [Test]
    public async Task Of_a_receipt_and_a_cancellation_at_once_one_wins_whole()
    {
        await using var other = new EngineNode(Database.Cell);
        for (var round = 0; round < 20; round++)
        {
            var (sku, from, to) = await Places(onHand: 3);
            var id = (await Created(Some.Transfer(sku, from, to, 3, TransferMode.Shipped))).TransferId;

            var receipt = Receive(id);
            var end = other.AdvanceTransfer.ExecuteAsync(Some.Step(id, TransferStepKind.Cancel), default);
            TransferAnswer[] answers = [await receipt, await end];

            Assert.That(
                answers.Select(a => a.Outcome),
                Is.EquivalentTo(new[] { TransferOutcome.Done, TransferOutcome.OtherState })
            );
            var arrived = answers[0].Outcome == TransferOutcome.Done;
            Assert.That(
                (await At(sku, from), await At(sku, to)),
                Is.EqualTo(((arrived ? 0 : 3, 0), (arrived ? 3 : 0, 0)))
            );
        }
    }

    private static Task<TransferAnswer[]> Together(EngineNode[] nodes, Func<EngineNode, Task<TransferAnswer>> ask) =>
        Task.WhenAll(Enumerable.Range(0, 30).Select(n => Task.Run(() => ask(nodes[n % nodes.Length]))));

    private async Task<long> Everything(string[] skus)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(EverythingSql, new { Skus = skus });
    }

    private async Task<long> Deadlocks()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        );
    }

    /// <summary>
    /// Transfers, takes steps, sells and moves at random. A refusal is an answer; a violated CHECK or a deadlock would
    /// be an exception.
    /// </summary>
    private static async Task<int> Session(EngineNode node, string[] skus, string[] places, Random random, int rounds)
    {
        var done = 0;
        var (held, open) = (new Queue<Guid>(), new Queue<Guid>());
        for (var round = 0; round < rounds; round++)
        {
            switch (random.Next(6))
            {
                case 0:
                    var lines = skus.OrderBy(_ => random.Next()).Select(s => (s, (long)random.Next(1, 4)));
                    var answer = await node.Reserve.ExecuteAsync(Some.Reserve(lines), default);
                    if (answer.Reservation is { } reservation)
                    {
                        held.Enqueue(reservation.ReservationId);
                    }

                    break;
                case 1 when held.TryDequeue(out var id):
                    var end = random.Next(4) == 0 ? ReservationState.Confirmed : ReservationState.Cancelled;
                    await node.End.ExecuteAsync(new EndRequest(id, end, Some.Caller), default);
                    break;
                case 2 or 3 when open.TryDequeue(out var id):
                    var step = Step(id, random);
                    var taken = await node.AdvanceTransfer.ExecuteAsync(step, default);
                    done += taken.Outcome == TransferOutcome.Done ? 1 : 0;
                    if (taken.Transfer?.EndedAt is null)
                    {
                        open.Enqueue(id);
                    }

                    break;
                case 4:
                    var to = (StockState)random.Next(1, 4);
                    var from = (StockState)((int)to % 3 + 1);
                    var move = Some.Move(skus[random.Next(2)], from, to, random.Next(1, 3), places[random.Next(3)]);
                    await node.Edit.ExecuteAsync(move, default);
                    break;
                default:
                    random.Shuffle(places = [.. places]);
                    var request = Some.Transfer(
                        skus[random.Next(2)],
                        places[0],
                        places[1],
                        random.Next(1, 8),
                        (TransferMode)random.Next(1, 4)
                    );
                    var made = await node.CreateTransfer.ExecuteAsync(request, default);
                    done += made.Outcome == TransferOutcome.Done ? 1 : 0;
                    if (made.Transfer is { EndedAt: null } transfer)
                    {
                        open.Enqueue(transfer.TransferId);
                    }

                    break;
            }
        }

        return done;
    }

    private static TransferStep Step(Guid id, Random random) =>
        random.Next(6) switch
        {
            0 => Some.Step(id, TransferStepKind.Cancel),
            1 or 2 => Some.Step(id, TransferStepKind.Ship),
            3 => Some.Step(id, TransferStepKind.Receive, 1) with { LosesRest = random.Next(3) == 0 },
            _ => Some.Step(id, TransferStepKind.Receive),
        };
}
