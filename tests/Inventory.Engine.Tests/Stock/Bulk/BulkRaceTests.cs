using Dapper;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock.Bulk;

[Parallelizable(ParallelScope.Self)]
public sealed class BulkRaceTests : BulkFixture
{
    [Test]
    public async Task Opposed_calls_edits_and_sales_on_the_same_rows_leave_books_that_add_up()
    {
        const int rounds = 40;
        var skus = await Shelves(20, onHand: 40);
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var seed = Random.Shared.Next();

        var sessions = Enumerable.Range(0, 8).Select(n => Session(nodes[n % 2], skus, new Random(seed + n), rounds));
        var applied = (await Task.WhenAll(sessions)).Sum();

        Assert.That(applied, Is.GreaterThan(rounds), $"seed {seed}");
        Assert.That(await Then.Violations(), Is.Empty, $"seed {seed}");
        Assert.That(await Deadlocks(), Is.Zero, $"seed {seed}");
    }

    [TestCase(BulkOnError.Abort)]
    [TestCase(BulkOnError.Continue)]
    public async Task One_call_from_ten_callers_on_two_servers_has_one_effect_and_ten_equal_answers(BulkOnError onError)
    {
        var skus = await Shelves(10, onHand: 5);
        var fresh = await Given.Item(safetyStock: 1);
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var call = Some.Bulk(onError);
        BulkRow[] rows = [.. skus.Append(fresh).Select(sku => Some.Row(EditKind.Add, sku, 3))];

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Apply(nodes[n % 2].Bulk, call, rows)));

        Assert.That(answers.Count(a => !a.Replayed), Is.EqualTo(1));
        Assert.That(
            answers.Select(a => string.Join(';', a.Results.Select(r => $"{r.Stock}"))).Distinct(),
            Has.Exactly(1).Items
        );
        Assert.That((await Then.OnHand(skus[0]), await Then.OnHand(fresh)), Is.EqualTo((8, 3)));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Calls_that_begin_the_same_rows_at_once_begin_each_once()
    {
        string[] skus = [await Given.Item(), await Given.Item(safetyStock: 1), await Given.Item()];
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(n =>
                    Apply(
                        nodes[n % 2].Bulk,
                        Some.Bulk(),
                        (n % 3 == 0 ? skus.Reverse() : skus).Select(s => Some.Row(EditKind.Add, s, 1))
                    )
                )
        );

        Assert.That(answers.Select(a => a.Outcome), Is.All.EqualTo(BulkOutcome.Applied));
        Assert.That(await Task.WhenAll(skus.Select(s => Then.OnHand(s))), Is.All.EqualTo(10));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_call_that_continued_and_broke_off_goes_on_where_it_was()
    {
        const int rowsCount = 2 * BulkEditStock.RowsPerTransaction + 10;
        var (sku, blocked) = (await Given.Stock(onHand: 5), await Given.Stock(onHand: 5));
        var call = Some.Bulk(BulkOnError.Continue);
        BulkRow[] rows =
        [
            .. Enumerable
                .Range(0, rowsCount)
                .Select(n => Some.Row(EditKind.Add, n == BulkEditStock.RowsPerTransaction + 5 ? blocked : sku, 1)),
        ];

        await using var connection = await Database.Tables.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            SELECT count(*) FROM (
                SELECT FROM stock s JOIN item i USING (item_id) WHERE i.sku = @Sku FOR UPDATE OF s) AS locked
            """,
            new { Sku = blocked }
        );
        using var leaving = new CancellationTokenSource();
        var broken = Apply(Node.Bulk, call, rows, leaving.Token);
        await Eventually.TrueAsync(async () => await Then.OnHand(sku) == 5 + BulkEditStock.RowsPerTransaction);
        await leaving.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => broken);
        await transaction.RollbackAsync();
        var answer = await Apply(call, rows);

        Assert.That((answer.Outcome, answer.Replayed), Is.EqualTo((BulkOutcome.Applied, false)));
        Assert.That(answer.Results, Has.Count.EqualTo(rowsCount));
        Assert.That((await Then.OnHand(sku), await Then.OnHand(blocked)), Is.EqualTo((5 + rowsCount - 1, 6)));
        Assert.That((await Apply(call, rows)).Replayed, Is.True);
    }

    [Test]
    public async Task A_call_that_aborts_is_seen_whole_or_not_at_all()
    {
        // So many changes of each are more than one statement writes.
        const int changes = 2_000;
        var skus = await Shelves(3, onHand: 100);
        using var done = new CancellationTokenSource();
        var looking = Task.Run(async () =>
        {
            var torn = 0;
            while (!done.IsCancellationRequested)
            {
                torn += await DistinctLevels(skus) == 1 ? 0 : 1;
            }

            return torn;
        });

        foreach (var _ in Enumerable.Range(0, 4))
        {
            var rows = skus.SelectMany(s => Enumerable.Repeat(Some.Row(EditKind.Add, s, 1), changes));
            await Apply(Some.Bulk() with { EveryRow = false }, rows);
        }

        await done.CancelAsync();
        Assert.That(await looking, Is.Zero);
    }

    private static async Task<int> Session(EngineNode node, string[] skus, Random random, int rounds)
    {
        var applied = 0;
        foreach (var _ in Enumerable.Range(0, rounds))
        {
            var some = random.GetItems(skus, random.Next(1, 8));
            switch (random.Next(4))
            {
                case 0:
                    var lines = some.Distinct().Select(s => (s, (long)random.Next(1, 3)));
                    var held = await node.Reserve.ExecuteAsync(Some.Reserve(lines), default);
                    if (held.Reservation is { } reservation && random.Next(2) == 0)
                    {
                        var end = new EndRequest(reservation.ReservationId, ReservationState.Confirmed, Some.Caller);
                        await node.End.ExecuteAsync(end, default);
                    }

                    break;
                case 1:
                    await node.Edit.ExecuteAsync(Some.Adjust(some[0], random.Next(2) == 0 ? 3 : -3), default);
                    break;
                default:
                    var onError = random.Next(2) == 0 ? BulkOnError.Abort : BulkOnError.Continue;
                    var rows = some.Select(s => Some.Row(EditKind.Adjust, s, random.Next(2) == 0 ? 2 : -2));
                    applied += (await Apply(node.Bulk, Some.Bulk(onError), rows)).AppliedCount;
                    break;
            }
        }

        return applied;
    }

    private async Task<long> DistinctLevels(string[] skus)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(
            "SELECT count(DISTINCT on_hand) FROM stock s JOIN item i USING (item_id) WHERE i.sku = ANY (@Skus)",
            new { Skus = skus }
        );
    }

    private async Task<long> Deadlocks()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        );
    }
}
