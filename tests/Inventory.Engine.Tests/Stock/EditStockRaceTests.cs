using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class EditStockRaceTests : EngineFixture
{
    [Test]
    public async Task Eight_sessions_of_edits_sales_and_ends_on_the_same_rows_leave_books_that_add_up()
    {
        const int rounds = 150;
        string[] skus = [await Given.Stock(onHand: 20), await Given.Stock(onHand: 20), await Given.Stock(onHand: 20)];
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var seed = Random.Shared.Next();

        var sessions = Enumerable.Range(0, 8).Select(n => Session(nodes[n % 2], skus, new Random(seed + n), rounds));
        var edited = (await Task.WhenAll(sessions)).Sum();

        Assert.That(edited, Is.GreaterThan(rounds), $"seed {seed}");
        Assert.That(await Then.Violations(), Is.Empty, $"seed {seed}");
        Assert.That(await Deadlocks(), Is.Zero, $"seed {seed}");
    }

    [Test]
    public async Task One_request_from_fifty_callers_on_two_servers_has_one_effect_and_fifty_equal_answers()
    {
        var sku = await Given.Stock(onHand: 5);
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var edit = Some.Add(sku, 3);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(n => nodes[n % 2].Edit.ExecuteAsync(edit, default).AsTask())
        );

        Assert.That(answers.Count(a => a.Outcome == EditOutcome.Edited), Is.EqualTo(1));
        Assert.That(answers.Select(a => a.Stock).Distinct(), Has.Exactly(1).Items);
        Assert.That(await Then.OnHand(sku), Is.EqualTo(8));
    }

    [Test]
    public async Task One_request_id_for_two_stocks_at_once_has_one_effect()
    {
        await using var other = new EngineNode(Database.Cell);
        for (var round = 0; round < 20; round++)
        {
            string[] skus = [await Given.Stock(onHand: 5), await Given.Stock(onHand: 5)];
            var edit = Some.Add(skus[0], 1);
            var twin = edit with { Target = StockTarget.At(skus[1], Given.MainWarehouse) };

            var answers = await Task.WhenAll(
                Node.Edit.ExecuteAsync(edit, default).AsTask(),
                other.Edit.ExecuteAsync(twin, default).AsTask()
            );

            Assert.That(
                answers.Select(a => a.Outcome),
                Is.EquivalentTo(new[] { EditOutcome.Edited, EditOutcome.RequestIdReused })
            );
            Assert.That(await Then.OnHand(skus[0]) + await Then.OnHand(skus[1]), Is.EqualTo(11));
        }
    }

    [Test]
    public async Task A_poisoned_edit_fails_alone()
    {
        var skus = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Given.Stock(onHand: 5)));
        var oneLane = new CoalescerOptions { Operation = "stock.edit", Lanes = 1 };
        await using var edits = new EditStock(Database.Cell, Node.Directory, Node.Committed, Node.Open, oneLane);
        // No text of PostgreSQL holds a NUL: the whole batch meets the error.
        var poisoned = Some.Add(skus[0]) with
        {
            Reason = "a\0b",
        };

        // While the lane waits for the last row, the rest gather to one batch.
        await using var connection = await Database.Tables.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT count(*) FROM (SELECT FROM stock FOR UPDATE) AS locked");
        var first = edits.ExecuteAsync(Some.Add(skus[^1]), default).AsTask();
        var failing = edits.ExecuteAsync(poisoned, default).AsTask();
        var others = skus[1..^1].Select(sku => edits.ExecuteAsync(Some.Add(sku), default).AsTask()).ToList();
        await transaction.RollbackAsync();
        var failure = await Assert.CatchAsync<PostgresException>(() => failing);
        var answers = await Task.WhenAll(others.Append(first));

        Assert.That(failure!.SqlState, Is.EqualTo(PostgresErrorCodes.CharacterNotInRepertoire));
        Assert.That(answers.Select(a => a.Outcome), Is.All.EqualTo(EditOutcome.Edited));
        Assert.That(await Then.OnHand(skus[0]), Is.EqualTo(5));
    }

    private async Task<long> Deadlocks()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        );
    }

    /// <summary>
    /// Edits, sells and ends at random. A refusal is an answer; a violated CHECK or a deadlock would be an exception.
    /// </summary>
    private static async Task<int> Session(EngineNode node, string[] skus, Random random, int rounds)
    {
        var edited = 0;
        var held = new Queue<Guid>();
        for (var round = 0; round < rounds; round++)
        {
            var sku = skus[random.Next(skus.Length)];
            switch (random.Next(4))
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
                    var target = random.Next(2) == 0 ? ReservationState.Confirmed : ReservationState.Cancelled;
                    await node.End.ExecuteAsync(new EndRequest(id, target, Some.Caller), default);
                    break;
                default:
                    var result = await node.Edit.ExecuteAsync(Any(sku, random), default);
                    edited += result.Outcome == EditOutcome.Edited ? 1 : 0;
                    break;
            }
        }

        return edited;
    }

    private static StockEdit Any(string sku, Random random) =>
        random.Next(6) switch
        {
            0 => Some.Add(sku, random.Next(1, 10)) with { State = (StockState)random.Next(1, 4) },
            1 => Some.Remove(sku, random.Next(1, 10)),
            2 => Some.Move(sku, StockState.Available, (StockState)random.Next(2, 4), random.Next(1, 10)),
            3 => Some.Move(sku, (StockState)random.Next(2, 4), StockState.Available, random.Next(1, 10)),
            4 => Some.Adjust(sku, random.Next(1, 10) - 10),
            _ => Some.Set(sku, random.Next(40)),
        };
}
