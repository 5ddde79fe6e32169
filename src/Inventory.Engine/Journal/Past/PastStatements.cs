using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal.Past;

/// <summary>The statements of <see cref="GetInventoryAt"/>.</summary>
internal static class PastStatements
{
    // Rows that are gone since were there; they are found by the names that they had.
    private const string WarehouseSql = """
        -- journal.past_of_warehouse
        SELECT p.stock_id FROM (
            (SELECT s.stock_id FROM stock s
            WHERE s.warehouse_id = @WarehouseId::int AND s.stock_id > @After::bigint ORDER BY s.stock_id LIMIT @Limit::int)
            UNION ALL
            (SELECT f.stock_id FROM former_stock f
            WHERE f.warehouse = @Warehouse AND f.stock_id > @After::bigint AND f.removed_at > @At::timestamptz
            ORDER BY f.stock_id LIMIT @Limit::int)) p
        ORDER BY p.stock_id LIMIT @Limit::int
        """;

    private const string ItemSql = """
        -- journal.past_of_item
        SELECT p.stock_id FROM (
            SELECT s.stock_id FROM stock s
            WHERE s.item_id = @ItemId::bigint AND (@WarehouseId::int IS NULL OR s.warehouse_id = @WarehouseId::int)
            UNION ALL
            SELECT f.stock_id FROM former_stock f
            WHERE f.sku = @Sku AND (@Warehouse::text IS NULL OR f.warehouse = @Warehouse::text) AND f.removed_at > @At::timestamptz) p
        WHERE p.stock_id > @After::bigint ORDER BY p.stock_id LIMIT @Limit::int
        """;

    private const string KnownSql = """
        -- journal.past_names
        SELECT EXISTS (SELECT FROM former_stock f WHERE f.sku = @Sku) AS sku,
            EXISTS (SELECT FROM former_stock f WHERE f.warehouse = @Warehouse) AS warehouse
        """;

    // The time of a snapshot is the latest up to its version, so all of it had happened if that is not after the time
    // asked for; and the next one has something later in it. In between lie the changes that decide, and what counts
    // are those before the first that is later.
    private const string LevelsSql = """
        -- journal.past_levels
        WITH base AS MATERIALIZED (
            SELECT a.stock_id, coalesce(b.version, 0) AS version, b.at, b.on_hand, b.reserved, b.damaged, b.quality_control, b.in_transit,
                b.safety_stock, b.waiting, coalesce((
                    SELECT n.version FROM stock_snapshot n WHERE n.stock_id = a.stock_id AND n.version > coalesce(b.version, 0)
                    ORDER BY n.version LIMIT 1), 9223372036854775807) AS next
            FROM unnest(@StockIds::bigint[]) AS a (stock_id) LEFT JOIN LATERAL (
                SELECT p.version, p.at, p.on_hand, p.reserved, p.damaged, p.quality_control, p.in_transit, p.safety_stock, p.waiting
                FROM stock_snapshot p WHERE p.stock_id = a.stock_id AND p.at <= @At::timestamptz
                ORDER BY p.at DESC, p.version DESC LIMIT 1) b ON true),
        walked AS MATERIALIZED (
            SELECT b.stock_id, j.version, j.at, j.on_hand, j.reserved, j.damaged, j.quality_control, j.in_transit, j.safety_stock, j.waiting,
                bool_or(j.at > @At::timestamptz) OVER (PARTITION BY b.stock_id ORDER BY j.version) AS is_later
            FROM base b, LATERAL (
                SELECT h.version, h.at, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit, h.safety_stock, h.waiting
                FROM journal h WHERE h.stock_id = b.stock_id AND h.version > b.version AND h.version < b.next
                UNION ALL
                SELECT h.version, h.at, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit, h.safety_stock, h.waiting
                FROM journal_archive h WHERE h.stock_id = b.stock_id AND h.version > b.version AND h.version < b.next) j),
        summed AS MATERIALIZED (
            SELECT w.stock_id, count(*)::int AS changes_read, max(w.version) FILTER (WHERE NOT w.is_later) AS version,
                max(w.at) FILTER (WHERE NOT w.is_later) AS at, sum(w.on_hand) FILTER (WHERE NOT w.is_later) AS on_hand,
                sum(w.reserved) FILTER (WHERE NOT w.is_later) AS reserved, sum(w.damaged) FILTER (WHERE NOT w.is_later) AS damaged,
                sum(w.quality_control) FILTER (WHERE NOT w.is_later) AS quality_control,
                sum(w.in_transit) FILTER (WHERE NOT w.is_later) AS in_transit,
                sum(w.safety_stock) FILTER (WHERE NOT w.is_later) AS safety_stock, sum(w.waiting) FILTER (WHERE NOT w.is_later) AS waiting
            FROM walked w GROUP BY w.stock_id)
        SELECT b.stock_id, coalesce(s.version, b.version) AS version, greatest(s.at, b.at) AS at, coalesce(s.changes_read, 0) AS changes_read,
            (coalesce(b.on_hand, 0) + coalesce(s.on_hand, 0))::bigint AS on_hand,
            (coalesce(b.reserved, 0) + coalesce(s.reserved, 0))::bigint AS reserved,
            (coalesce(b.damaged, 0) + coalesce(s.damaged, 0))::bigint AS damaged,
            (coalesce(b.quality_control, 0) + coalesce(s.quality_control, 0))::bigint AS quality_control,
            (coalesce(b.in_transit, 0) + coalesce(s.in_transit, 0))::bigint AS in_transit,
            (coalesce(b.safety_stock, 0) + coalesce(s.safety_stock, 0))::bigint AS safety_stock,
            (coalesce(b.waiting, 0) + coalesce(s.waiting, 0))::bigint AS waiting
        FROM base b LEFT JOIN summed s ON s.stock_id = b.stock_id
        ORDER BY b.stock_id
        """;

    /// <summary>The rows of a page, by id, whether or not they had begun.</summary>
    internal static async Task<long[]> RowsAsync(
        NpgsqlConnection connection,
        PastParameters parameters,
        CancellationToken cancellation
    )
    {
        var sql = parameters.Sku is null ? WarehouseSql : ItemSql;
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellation);
        return [.. await connection.QueryAsync<long>(command)];
    }

    /// <summary>Whether there once was stock under these names.</summary>
    internal static Task<(bool Sku, bool Warehouse)> WereKnownAsync(
        NpgsqlConnection connection,
        string? sku,
        string? warehouse,
        CancellationToken cancellation
    ) =>
        connection.QuerySingleAsync<(bool Sku, bool Warehouse)>(
            new CommandDefinition(KnownSql, new { Sku = sku, Warehouse = warehouse }, cancellationToken: cancellation)
        );

    internal static async Task<List<PastRow>> LevelsAsync(
        NpgsqlConnection connection,
        long[] stockIds,
        DateTime at,
        CancellationToken cancellation
    )
    {
        var parameters = new { StockIds = stockIds, At = at };
        var command = new CommandDefinition(LevelsSql, parameters, cancellationToken: cancellation);
        return (await connection.QueryAsync<PastRow>(command)).AsList();
    }
}

/// <summary>What rows to look for.</summary>
internal sealed record PastParameters
{
    /// <summary>0: none that is there now.</summary>
    public long ItemId { get; init; }

    /// <summary>None if the rows of a warehouse are asked for.</summary>
    public string? Sku { get; init; }

    /// <summary>None: any; 0: none that is there now.</summary>
    public int? WarehouseId { get; init; }

    public string? Warehouse { get; init; }

    public DateTime At { get; init; }

    /// <summary>Those with a greater id.</summary>
    public long After { get; init; }

    public int Limit { get; init; }
}

internal sealed class PastRow
{
    public long StockId { get; init; }

    public long Version { get; init; }

    public DateTime? At { get; init; }

    public int ChangesRead { get; init; }

    public long OnHand { get; init; }

    public long Reserved { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public long Waiting { get; init; }
}
