using System.Diagnostics;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations.Waiting;

/// <summary>
/// Grants reservations that wait, first come first served, on any number of nodes: shares out what has come
/// (<see cref="SettleWaiting"/>), then holds what is complete (<see cref="GrantStatement"/>). Whoever makes more
/// available only rings; a node's own commits ring here, those of others are found by the job that asks each second.
/// </summary>
public sealed class GrantWaiting : IAsyncDisposable
{
    private const int PassSizeMax = 200;

    // A row is settled when what is assigned there is there, when nobody lacks what is left beside that, and when all
    // who lack something it may serve have claimed it there. Goods in closed rows are nobody's.
    private const string FindSql = """
        -- reservations.find_grants
        WITH line AS MATERIALIZED (
            SELECT l.place, l.reservation_id, l.item_id, l.warehouse_id, l.until, l.quantity - coalesce(c.assigned, 0) AS lacking
            FROM waiting_line l LEFT JOIN (
                SELECT place, line, sum(assigned) AS assigned FROM waiting_claim GROUP BY place, line) c
                ON c.place = l.place AND c.line = l.line),
        lack AS MATERIALIZED (
            SELECT item_id, coalesce(warehouse_id, 0) AS warehouse_id, sum(lacking) AS quantity FROM line GROUP BY 1, 2),
        claim AS MATERIALIZED (
            SELECT stock_id, sum(assigned) AS assigned, sum(quantity) AS quantity FROM waiting_claim GROUP BY stock_id),
        shelf AS MATERIALIZED (
            SELECT s.item_id, CASE WHEN s.discontinued OR NOT h.active THEN 0 ELSE greatest(s.available + s.waiting, 0) END AS free,
                coalesce(c.assigned, 0) AS assigned, coalesce(c.quantity, 0) AS quantity,
                coalesce(n.quantity, 0) + CASE WHEN s.discontinued OR NOT h.active THEN 0 ELSE coalesce(a.quantity, 0) END AS lacking
            FROM stock s JOIN warehouse h ON h.warehouse_id = s.warehouse_id LEFT JOIN claim c ON c.stock_id = s.stock_id
            LEFT JOIN lack n ON n.item_id = s.item_id AND n.warehouse_id = s.warehouse_id
            LEFT JOIN lack a ON a.item_id = s.item_id AND a.warehouse_id = 0
            WHERE s.item_id = ANY (ARRAY(SELECT item_id FROM lack)))
        SELECT EXISTS (SELECT FROM line) AS anyone, ARRAY(
            SELECT DISTINCT item_id FROM shelf
            WHERE assigned > free OR (free > assigned AND lacking > 0) OR quantity <> assigned + lacking LIMIT @Limit) AS unsettled, ARRAY(
            SELECT reservation_id FROM line
            GROUP BY reservation_id HAVING sum(lacking) = 0 AND min(until) > (SELECT clock_timestamp())
            ORDER BY min(place) LIMIT @Limit) AS ids
        """;

    private static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RestAfterError = TimeSpan.FromSeconds(1);

    private readonly Cell cell;
    private readonly SettleWaiting settle;
    private readonly GrantStatement grant;
    private readonly CommittedLevels committed;
    private readonly SemaphoreSlim bell = new(0, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private volatile bool anyone = true;
    private int rung;
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Listens to this node's commits.</summary>
    public GrantWaiting(Cell cell, CommittedLevels committed)
    {
        this.cell = cell;
        this.committed = committed;
        settle = new(cell, committed);
        grant = new(cell, committed);
        committed.Committed += Heard;
        running = Task.Run(RunAsync);
    }

    /// <summary>Grants all that can be granted now.</summary>
    /// <returns>How many were.</returns>
    /// <exception cref="NpgsqlException">The database is away; the next pass finds what this one left.</exception>
    public async Task<int> PassAsync(CancellationToken cancellation)
    {
        for (var granted = 0; ; )
        {
            // Before the look: who comes after it rings again.
            anyone = true;
            var found = await FindAsync(cancellation);
            anyone = found.Anyone;
            var moved = await grant.ExecuteAsync(found.Ids, cancellation);
            granted += moved;
            foreach (var itemId in found.Unsettled)
            {
                moved += await settle.ExecuteAsync(itemId, cancellation) ? 1 : 0;
            }

            if (moved == 0)
            {
                // Nothing to do, or somebody else was here, or something has changed: whatever it was, it rings.
                return granted;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        committed.Committed -= Heard;
        await stopping.CancelAsync();
        await running;
        next.TrySetResult();
        stopping.Dispose();
    }

    /// <summary>Somebody has begun to wait, or something may have become free.</summary>
    internal void Ring()
    {
        anyone = true;
        if (Interlocked.Exchange(ref rung, 1) == 0)
        {
            bell.Release();
        }
    }

    /// <summary>Waits for the end of a pass that begins after this call, whether it succeeds or not.</summary>
    internal Task PassedAsync(CancellationToken cancellation)
    {
        var pass = Volatile.Read(ref next).Task;
        Ring();
        return pass.WaitAsync(cancellation);
    }

    private void Heard(IReadOnlyList<StockLevel> levels)
    {
        if (anyone)
        {
            Ring();
        }
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await bell.WaitAsync(stopping.Token);
                Interlocked.Exchange(ref rung, 0);
                var began = Stopwatch.GetTimestamp();
                await RunPassAsync();
                // A long queue is looked through for a fifth of the time at most.
                var rest = 4 * Stopwatch.GetElapsedTime(began);
                await Task.Delay(rest > RestMin ? rest : RestMin, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Whatever it is, the job that asks each second meets it too, and tells.
                await Task.Delay(RestAfterError, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<Found> FindAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<Found>(
            new CommandDefinition(FindSql, new { Limit = PassSizeMax }, cancellationToken: cancellation)
        );
    }

    private async Task RunPassAsync()
    {
        var told = Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await PassAsync(stopping.Token);
        }
        finally
        {
            told.TrySetResult();
        }
    }

    private sealed class Found
    {
        public bool Anyone { get; init; }

        public long[] Unsettled { get; init; } = [];

        public Guid[] Ids { get; init; } = [];
    }
}
