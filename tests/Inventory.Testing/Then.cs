using System.Diagnostics.CodeAnalysis;
using Dapper;
using Inventory.Engine.Reservations;
using Npgsql;

namespace Inventory.Testing;

/// <summary>What the tables say after a test has acted.</summary>
[SuppressMessage("Naming", "CA1716", Justification = "Given, when, then: no Visual Basic reads it.")]
public sealed class Then(NpgsqlDataSource tables)
{
    private const string StockSql = """
        -- then.stock
        SELECT coalesce(sum(s.on_hand), 0)::bigint AS on_hand, coalesce(sum(s.reserved), 0)::bigint AS reserved,
            coalesce(sum(s.available), 0)::bigint AS available, coalesce(sum(s.version), 0)::bigint AS version
        FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE i.sku = @Sku AND (@Warehouse::text IS NULL OR w.code = @Warehouse)
        """;

    private const string StateSql = """
        -- then.state
        SELECT state::int FROM reservation WHERE reservation_id = @ReservationId
        """;

    private const string ReservationsSql = """
        -- then.reservations
        SELECT count(*) FROM reservation r
        WHERE EXISTS (SELECT FROM stock s JOIN item i ON i.item_id = s.item_id WHERE i.sku = @Sku AND s.stock_id = ANY (r.stock_ids))
        """;

    // A row's sums over the journal, its versions (they begin at 1 and miss none), the holds on it, and what comes to
    // it.
    private const string ViolationsSql = """
        -- then.violations
        WITH held AS (
            SELECT l.stock_id, sum(l.quantity)::bigint AS quantity
            FROM (
                SELECT unnest(stock_ids) AS stock_id, unnest(coalesce(held, quantities)) AS quantity FROM reservation WHERE state = 2) l
            GROUP BY l.stock_id),
        written AS (
            SELECT stock_id, count(*) AS changes, count(DISTINCT version) AS versions, min(version) AS first, max(version) AS last,
                coalesce(sum(on_hand), 0) AS on_hand, coalesce(sum(reserved), 0) AS reserved, coalesce(sum(damaged), 0) AS damaged,
                coalesce(sum(quality_control), 0) AS quality_control, coalesce(sum(in_transit), 0) AS in_transit,
                coalesce(sum(safety_stock), 0) AS safety_stock
            FROM journal GROUP BY stock_id),
        coming AS (
            SELECT to_stock_id AS stock_id, sum(quantity - received - lost) AS quantity
            FROM transfer WHERE state = 2 GROUP BY to_stock_id)
        SELECT format('stock %s (%s): %s', s.stock_id, i.sku, v.what)
        FROM stock s JOIN item i ON i.item_id = s.item_id
        LEFT JOIN held h ON h.stock_id = s.stock_id LEFT JOIN written j ON j.stock_id = s.stock_id
        LEFT JOIN coming c ON c.stock_id = s.stock_id,
        LATERAL (VALUES
            (s.reserved <> coalesce(h.quantity, 0), format('%s reserved, %s held', s.reserved, h.quantity)),
            (s.on_hand <> coalesce(j.on_hand, 0), format('%s on hand, %s in the journal', s.on_hand, j.on_hand)),
            (s.reserved <> coalesce(j.reserved, 0), format('%s reserved, %s in the journal', s.reserved, j.reserved)),
            (s.damaged <> coalesce(j.damaged, 0), format('%s damaged, %s in the journal', s.damaged, j.damaged)),
            (s.quality_control <> coalesce(j.quality_control, 0),
                format('%s in quality control, %s in the journal', s.quality_control, j.quality_control)),
            (s.in_transit <> coalesce(j.in_transit, 0), format('%s in transit, %s in the journal', s.in_transit, j.in_transit)),
            (s.in_transit <> coalesce(c.quantity, 0), format('%s in transit, %s on its way', s.in_transit, c.quantity)),
            (s.safety_stock <> coalesce(j.safety_stock, 0),
                format('%s safety stock, %s in the journal', s.safety_stock, j.safety_stock)),
            (s.version <> coalesce(j.changes, 0) OR j.versions <> j.changes OR j.first <> 1 OR j.last <> s.version,
                format('version %s, %s changes numbered %s to %s', s.version, j.changes, j.first, j.last))
            ) AS v (wrong, what)
        WHERE v.wrong
        """;

    /// <summary>Over all warehouses, or at one.</summary>
    public async Task<long> OnHand(string sku, string? warehouse = null) => (await Stock(sku, warehouse)).OnHand;

    /// <summary>Over all warehouses, or at one.</summary>
    public async Task<long> Reserved(string sku, string? warehouse = null) => (await Stock(sku, warehouse)).Reserved;

    /// <summary>Over all warehouses, or at one. Due holds that no sweep has met are not available yet.</summary>
    public async Task<long> Available(string sku, string? warehouse = null) => (await Stock(sku, warehouse)).Available;

    /// <summary>How many changes the SKU's stock has had.</summary>
    public async Task<long> Changes(string sku, string? warehouse = null) => (await Stock(sku, warehouse)).Version;

    /// <summary>How many reservations of the SKU there are, in any state.</summary>
    public Task<long> Reservations(string sku) => Scalar<long>(ReservationsSql, new { Sku = sku });

    /// <summary>As it stands in the table: a due hold that no sweep has met is still held.</summary>
    public async Task<ReservationState> State(Guid reservationId) =>
        (ReservationState)await Scalar<int>(StateSql, new { ReservationId = reservationId });

    /// <summary>
    /// Every stock row of the database that is not what its holds and its journal add up to, or whose versions have a
    /// gap. In one snapshot, so it may be asked while others write.
    /// </summary>
    public async Task<IReadOnlyList<string>> Violations()
    {
        await using var connection = await tables.OpenConnectionAsync();
        return (await connection.QueryAsync<string>(ViolationsSql)).AsList();
    }

    private async Task<StockSums> Stock(string sku, string? warehouse)
    {
        await using var connection = await tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<StockSums>(StockSql, new { Sku = sku, Warehouse = warehouse });
    }

    private async Task<T> Scalar<T>(string sql, object parameters)
    {
        await using var connection = await tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<T>(sql, parameters);
    }

    private sealed record StockSums(long OnHand, long Reserved, long Available, long Version);
}
