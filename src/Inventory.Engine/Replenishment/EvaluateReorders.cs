using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>
/// Judges what there is by the policies, and suggests what is to be ordered: one suggestion a need, however many judge
/// it at once and on however many servers. A suggestion that nobody has decided grows and shrinks with its need. Where
/// the policy is automatic it is approved at once.
/// </summary>
public sealed class EvaluateReorders(Cell cell)
{
    /// <summary>Policies that a sweep judges in one transaction.</summary>
    internal const int PageSize = 500;

    /// <summary>Pages of one sweep; the next goes on behind the last.</summary>
    internal const int PagesMax = 40;

    /// <summary>Who approves what nobody has to.</summary>
    public const string Actor = "system";

    private const string TouchedSql = """
        -- replenishment.touched
        SELECT s.item_id, s.warehouse_id
        FROM stock s JOIN reorder_policy p ON p.item_id = s.item_id AND p.warehouse_id = s.warehouse_id
        WHERE s.stock_id = ANY (@StockIds)
        """;

    private const string PageSql = """
        -- replenishment.policy_page
        SELECT p.item_id, p.warehouse_id FROM reorder_policy p
        WHERE (p.item_id, p.warehouse_id) > (@ItemId, @WarehouseId)
        ORDER BY p.item_id, p.warehouse_id LIMIT @Limit
        """;

    // Locks in key order, and then what they guard is read anew: who was before us has committed what he suggested.
    private const string LockSql = """
        -- replenishment.open_needs
        INSERT INTO reorder_need (item_id, warehouse_id)
        SELECT q.item_id, q.warehouse_id FROM unnest(@ItemIds::bigint[], @WarehouseIds::int[]) AS q (item_id, warehouse_id)
        ORDER BY q.item_id, q.warehouse_id
        ON CONFLICT (item_id, warehouse_id) DO NOTHING;
        -- replenishment.lock_needs
        SELECT count(*) FROM (
            SELECT FROM reorder_need n
            JOIN unnest(@ItemIds::bigint[], @WarehouseIds::int[]) AS q (item_id, warehouse_id)
                ON n.item_id = q.item_id AND n.warehouse_id = q.warehouse_id
            ORDER BY n.item_id, n.warehouse_id FOR NO KEY UPDATE OF n) AS locked
        """;

    // Under the locks of the needs. A need that is over is heard again.
    private const string Sql = """
        -- replenishment.suggest
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        asked AS MATERIALIZED (
            SELECT q.item_id, q.warehouse_id, q.quantity, q.position, q.reorder_point, p.automatic, p.lead_time_days, p.source, i.sku,
                w.code, c.now, c.now + make_interval(days => p.lead_time_days) AS expected_at
            FROM clock c, unnest(@ItemIds::bigint[], @WarehouseIds::int[], @Quantities::bigint[], @Positions::bigint[], @Points::bigint[])
                AS q (item_id, warehouse_id, quantity, position, reorder_point)
            JOIN reorder_policy p ON p.item_id = q.item_id AND p.warehouse_id = q.warehouse_id
            JOIN item i ON i.item_id = q.item_id
            JOIN warehouse w ON w.warehouse_id = q.warehouse_id
            WHERE q.quantity > 0),
        moved AS (
            UPDATE reorder r SET quantity = a.quantity, position = a.position, reorder_point = a.reorder_point,
                lead_time_days = a.lead_time_days, source = a.source, automatic = a.automatic, version = r.version + 1,
                state = CASE WHEN a.automatic THEN 2 ELSE 1 END,
                approved_at = CASE WHEN a.automatic THEN a.now END, approved_by = CASE WHEN a.automatic THEN @Actor END,
                expected_at = CASE WHEN a.automatic THEN a.expected_at END
            FROM asked a WHERE r.item_id = a.item_id AND r.warehouse_id = a.warehouse_id AND r.state = 1),
        made AS (
            INSERT INTO reorder (created_at, approved_at, approved_by, expected_at, item_id, warehouse_id, position, reorder_point, quantity,
                lead_time_days, state, automatic, sku, warehouse, source)
            SELECT a.now, CASE WHEN a.automatic THEN a.now END, CASE WHEN a.automatic THEN @Actor END,
                CASE WHEN a.automatic THEN a.expected_at END, a.item_id, a.warehouse_id, a.position, a.reorder_point, a.quantity,
                a.lead_time_days, CASE WHEN a.automatic THEN 2 ELSE 1 END, a.automatic, a.sku, a.code, a.source
            FROM asked a
            WHERE NOT EXISTS (
                SELECT FROM reorder r WHERE r.item_id = a.item_id AND r.warehouse_id = a.warehouse_id AND r.state = 1)
            ORDER BY a.item_id, a.warehouse_id
            RETURNING reorder_id),
        heard AS (
            UPDATE reorder_need n SET muted = false
            FROM unnest(@ItemIds::bigint[], @WarehouseIds::int[], @Quantities::bigint[]) AS q (item_id, warehouse_id, quantity)
            WHERE q.quantity = 0 AND n.item_id = q.item_id AND n.warehouse_id = q.warehouse_id AND n.muted)
        SELECT count(*)::int FROM made
        """;

    // Where the next sweep goes on. Another server has a place of its own.
    private (long ItemId, int WarehouseId) place;

    /// <summary>Judges stock rows that have changed, in a transaction of the caller's.</summary>
    /// <param name="connection">Where the transaction is.</param>
    /// <param name="transaction">Read committed.</param>
    /// <param name="stockIds">Each once; those without a policy are passed over.</param>
    /// <param name="cancellation">Ends the work; the transaction is to be given up then.</param>
    /// <returns>How many suggestions were made.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public static async Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyCollection<long> stockIds,
        CancellationToken cancellation
    )
    {
        var command = new CommandDefinition(
            TouchedSql,
            new { StockIds = stockIds.ToArray() },
            transaction,
            cancellationToken: cancellation
        );
        var pairs = await connection.QueryAsync<(long, int)>(command);
        return await JudgeAsync(connection, pairs.AsList(), cancellation);
    }

    /// <summary>
    /// Judges the next policies, a bounded number of them, whether their stock has changed or not: what a crash between
    /// two steps has left, and policies of items that no warehouse has stock of.
    /// </summary>
    /// <returns>How many suggestions were made.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var made = 0;
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        for (var page = 0; page < PagesMax; page++)
        {
            var command = new CommandDefinition(
                PageSql,
                new
                {
                    place.ItemId,
                    place.WarehouseId,
                    Limit = PageSize,
                },
                cancellationToken: cancellation
            );
            var pairs = (await connection.QueryAsync<(long ItemId, int WarehouseId)>(command)).AsList();
            made += await JudgeInTransactionAsync(connection, pairs, cancellation);
            place = pairs.Count < PageSize ? default : pairs[^1];
            if (place == default)
            {
                break;
            }
        }

        return made;
    }

    /// <summary>Judges items at warehouses, in a transaction of its own.</summary>
    internal async Task ExecuteAsync(
        IReadOnlyCollection<(long ItemId, int WarehouseId)> pairs,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await JudgeInTransactionAsync(connection, pairs, cancellation);
    }

    private static async Task<int> JudgeInTransactionAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<(long ItemId, int WarehouseId)> pairs,
        CancellationToken cancellation
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var made = await JudgeAsync(connection, pairs, cancellation);
        await transaction.CommitAsync(cancellation);
        return made;
    }

    /// <summary>Most have no need, and cost one read.</summary>
    private static async Task<int> JudgeAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<(long ItemId, int WarehouseId)> pairs,
        CancellationToken cancellation
    )
    {
        var open = pairs.Count == 0 ? [] : await OpenAsync(connection, pairs, cancellation);
        if (open.Count == 0)
        {
            return 0;
        }

        var keys = open.Select(r => (r.ItemId, r.WarehouseId)).ToArray();
        var command = new CommandDefinition(LockSql, Keys(open), cancellationToken: cancellation);
        await connection.ExecuteScalarAsync<long>(command);
        open = await OpenAsync(connection, keys, cancellation);
        return open.Count == 0 ? 0 : await SuggestAsync(connection, open, cancellation);
    }

    private static async Task<List<PositionRow>> OpenAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<(long ItemId, int WarehouseId)> pairs,
        CancellationToken cancellation
    ) => [.. (await ReorderPositions.ReadAsync(connection, pairs, cancellation)).Where(r => r.IsOpen)];

    private static object Keys(List<PositionRow> rows) =>
        new
        {
            ItemIds = rows.Select(r => r.ItemId).ToArray(),
            WarehouseIds = rows.Select(r => r.WarehouseId).ToArray(),
        };

    private static async Task<int> SuggestAsync(
        NpgsqlConnection connection,
        List<PositionRow> rows,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            ItemIds = rows.Select(r => r.ItemId).ToArray(),
            WarehouseIds = rows.Select(r => r.WarehouseId).ToArray(),
            Quantities = rows.Select(r => r.Needed).ToArray(),
            Positions = rows.Select(r => r.Position.Total).ToArray(),
            Points = rows.Select(r => r.ReorderPoint ?? 0).ToArray(),
            Actor,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        return await connection.ExecuteScalarAsync<int>(command);
    }
}
