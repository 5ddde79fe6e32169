using Inventory.Faults.Database;
using Inventory.Faults.Histories;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Faults.Mutants;

/// <summary>
/// One node takes its locks in another order than the others: documents by id turned round, or stock before documents.
/// What becomes of holds that both nodes end at the same time is what the order is for.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class OrderMutantTests
{
    private const string DeadlocksSql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    private const string DocumentsName = "-- reservations.end_lock_documents\n";
    private const string StockName = "-- reservations.end_lock_stock\n";
    private const string WaitingSql =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    // Each node runs this many batches at once.
    private const int Lanes = 2;

    private const string DocumentsSql = """
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY ($1) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked
        """;

    private const string StockSql = """
        SELECT count(*) FROM (
            SELECT FROM stock
            WHERE stock_id = ANY (ARRAY(
                SELECT unnest(CASE WHEN r.state = 2 THEN r.stock_ids END) FROM reservation r WHERE r.reservation_id = ANY ($1)))
            ORDER BY stock_id FOR NO KEY UPDATE) AS locked
        """;

    private const string TakeDocumentsSql = """
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY ($1) FOR NO KEY UPDATE) AS taken
        """;

    private const string TakeStockSql = """
        SELECT count(*) FROM (
            SELECT FROM stock
            WHERE stock_id IN (SELECT unnest(stock_ids) FROM reservation WHERE reservation_id = ANY ($1))
            FOR NO KEY UPDATE) AS taken
        """;

    private const string WaitingForDocumentsSql = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%ORDER BY reservation_id%'
        """;

    [Test]
    public async Task Without_the_order_of_documents_two_nodes_that_end_the_same_holds_deadlock([Values] bool mutant) =>
        await EndEverywhereAsync(
            mutant ? sql => sql.Replace("ORDER BY reservation_id FOR", "ORDER BY reservation_id DESC FOR") : null,
            mutant
        );

    [Test]
    public async Task With_stock_before_documents_two_nodes_that_end_the_same_holds_deadlock([Values] bool mutant) =>
        await EndEverywhereAsync(
            mutant
                ? sql =>
                    sql.Contains(DocumentsName) ? StockSql
                    : sql.Contains(StockName) ? DocumentsSql
                    : sql
                : null,
            mutant
        );

    /// <summary>
    /// Both nodes have a batch with the same holds. One waits for the middle one, with those before it; the other, in
    /// whatever its order is, gets as far as it can. Then the middle one is let go.
    /// </summary>
    private static async Task EndEverywhereAsync(Func<string, string>? rewrite, bool deadlocks)
    {
        await using var cell = await ProxiedCell.StartAsync();
        cell.Proxy.Rewrite = rewrite;
        var ends = await HoldAsync(cell, 9);
        var stock = await TakeAsync(cell, TakeStockSql, ends);
        var middle = await TakeAsync(cell, TakeDocumentsSql, [ends[ends.Count / 2]]);
        var ending = new List<Task<Reply>>();
        var waiting = 0;
        foreach (var caller in new[] { cell.Proxied, cell.Direct })
        {
            // While its lanes wait for holds of their own, what comes behind gathers to one batch.
            var gates = await HoldAsync(cell, Lanes);
            var gate = await TakeAsync(cell, TakeDocumentsSql, gates);
            var before = new List<Task<Reply>>();
            foreach (var end in gates)
            {
                before.Add(caller.AskAsync(end));
                await WaitersAsync(cell, waiting + before.Count);
            }

            ending.AddRange(ends.Select(caller.AskAsync));
            await gate.DisposeAsync();
            await Task.WhenAll(before);
            await WaitersAsync(cell, ++waiting);
        }

        await stock.DisposeAsync();
        await Eventually.TrueAsync(async () => await CountAsync(cell, WaitingForDocumentsSql) == waiting);
        await middle.DisposeAsync();
        Assert.That(await Task.WhenAll(ending), Is.All.InstanceOf<Done>());
        if (deadlocks)
        {
            // Backends tell of theirs when they end, or a while later.
            await Eventually.TrueAsync(async () => await CountAsync(cell, DeadlocksSql) > 0);
        }
        else
        {
            Assert.That(await CountAsync(cell, DeadlocksSql), Is.Zero);
        }

        await cell.AssertPromisesAsync();
    }

    /// <returns>Ends of fresh holds on a row of their own, in the order of the holds' ids.</returns>
    private static async Task<List<EndAsk>> HoldAsync(ProxiedCell cell, int count)
    {
        var sku = await cell.Given.Stock(onHand: count);
        var replies = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => cell.Direct.AskAsync(cell.Direct.Order(sku)))
        );
        return
        [
            .. replies
                .Cast<Granted>()
                .OrderBy(granted => $"{granted.ReservationId}", StringComparer.Ordinal)
                .Select(granted => new EndAsk(granted.ReservationId, ReservationEnd.Cancelled)),
        ];
    }

    /// <summary>What the statement locks is somebody else's until it is disposed.</summary>
    private static async Task<NpgsqlConnection> TakeAsync(ProxiedCell cell, string sql, IEnumerable<EndAsk> ends)
    {
        // Not pooled: its end is the end of its transaction.
        var connection = new NpgsqlConnection($"{cell.Database.ConnectionString};Pooling=false;Search Path=inventory");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = ends.Select(end => end.ReservationId).ToArray() });
        await connection.BeginTransactionAsync();
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static Task WaitersAsync(ProxiedCell cell, int count) =>
        Eventually.TrueAsync(async () => await CountAsync(cell, WaitingSql) == count);

    private static async Task<long> CountAsync(ProxiedCell cell, string sql)
    {
        await using var command = cell.Database.Tables.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
