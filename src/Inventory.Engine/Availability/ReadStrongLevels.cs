using System.Diagnostics;
using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// Reads items' levels from the tables as a refusal would be judged: all that is committed, and holds whose time has
/// come are available again although no sweep has met them. Leaves no copy: what is due would be counted twice when the
/// sweep comes.
/// </summary>
public sealed class ReadStrongLevels : IAsyncDisposable
{
    private const string Sql = """
        -- availability.read_strong
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.version, s.on_hand, s.reserved, s.available, s.damaged, s.quality_control,
                s.in_transit, s.safety_stock, s.waiting
            FROM stock s WHERE s.item_id = ANY (@ItemIds)),
        due AS MATERIALIZED (
            SELECT unnest(r.stock_ids) AS stock_id, unnest(coalesce(r.held, r.quantities)) AS quantity
            FROM reservation r
            WHERE r.state = 2 AND r.expires_at <= (SELECT now FROM clock)
                AND r.stock_ids && ARRAY(SELECT stock_id FROM shelf)),
        owed AS MATERIALIZED (
            SELECT stock_id, sum(quantity)::bigint AS quantity FROM due GROUP BY stock_id)
        SELECT i.item_id, i.discontinued, s.warehouse_id, s.version, s.on_hand, s.reserved - coalesce(o.quantity, 0) AS reserved,
            s.available + coalesce(o.quantity, 0) AS available, s.damaged, s.quality_control, s.in_transit, s.safety_stock, s.waiting,
            statement_timestamp() AS as_of
        FROM item i
        LEFT JOIN shelf s ON s.item_id = i.item_id
        LEFT JOIN owed o ON o.stock_id = s.stock_id
        LEFT JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE i.item_id = ANY (@ItemIds)
        ORDER BY i.item_id, w.code COLLATE "C"
        """;

    private readonly Coalescer<long, LevelsReading?> lane;

    /// <summary>Starts the lane; it connects at the first call.</summary>
    public ReadStrongLevels(Cell cell) =>
        lane = new(
            cell,
            new CoalescerOptions { Operation = "availability.read_strong", Lanes = 1 },
            null,
            ExecuteAsync
        );

    /// <summary>Reads one item; its snapshot is taken after this call.</summary>
    /// <returns>None if too many wait.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal ValueTask<LevelsReading?> ExecuteAsync(long itemId, CancellationToken cancellation) =>
        lane.SubmitAsync(itemId, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lane.DisposeAsync();

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<long, LevelsReading?>> batch
    )
    {
        var itemIds = batch.Select(p => p.Request).Distinct().ToArray();
        var started = Stopwatch.GetTimestamp();
        var rows = await connection.QueryAsync<LevelsRow>(Sql, new { ItemIds = itemIds });
        var read = LevelsRow.Group(rows.AsList(), started);
        foreach (var pending in batch)
        {
            pending.Settle(read.GetValueOrDefault(pending.Request) ?? LevelsReading.Gone(pending.Request, started));
        }
    }
}
