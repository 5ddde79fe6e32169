using Dapper;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>What keeps stock from being held. Append only; a number is never used again.</summary>
public enum StockTerm
{
    /// <summary>The item is no longer sold.</summary>
    ItemDiscontinued = 1,

    /// <summary>The warehouse serves no new holds.</summary>
    WarehouseInactive = 2,

    /// <summary>Held for orders whose time has not come.</summary>
    Held = 3,

    /// <summary>Kept back from sale.</summary>
    SafetyStock = 4,

    /// <summary>Cannot be sold.</summary>
    Damaged = 5,

    /// <summary>Waits for quality control.</summary>
    QualityControl = 6,

    /// <summary>On its way here, and no part of what is on hand.</summary>
    InTransit = 7,

    /// <summary>Promised to reservations that wait.</summary>
    Waiting = 8,
}

/// <summary>
/// A stock row, and why it has what it has, at one moment. For people: it reads more than a sale may.
/// </summary>
public sealed class ExplainedStock
{
    // All of it in one statement, so in one snapshot. Holds beyond the first so many to lapse are not looked at: when
    // the next of a row lapses is unknown then.
    private const string Sql = """
        -- database.explained_stock
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, i.sku, s.warehouse_id, w.code AS warehouse, w.priority, w.active, s.discontinued, s.on_hand,
                s.reserved, s.damaged, s.quality_control, s.in_transit, s.safety_stock, s.waiting, s.available, s.version
            FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
            WHERE s.item_id = ANY (@ItemIds)),
        due AS MATERIALIZED (
            SELECT unnest(r.stock_ids) AS stock_id, unnest(coalesce(r.held, r.quantities)) AS quantity FROM reservation r
            WHERE r.state = 2 AND r.expires_at <= (SELECT now FROM clock) AND r.stock_ids && ARRAY(SELECT stock_id FROM shelf)),
        owed AS MATERIALIZED (
            SELECT stock_id, sum(quantity)::bigint AS quantity FROM due GROUP BY stock_id),
        coming AS MATERIALIZED (
            SELECT stock_ids, coalesce(held, quantities) AS held, expires_at FROM reservation
            WHERE state = 2 AND expires_at > (SELECT now FROM clock) ORDER BY expires_at LIMIT 20000),
        next AS MATERIALIZED (
            SELECT DISTINCT ON (l.stock_id) l.stock_id, l.quantity, l.expires_at
            FROM (
                SELECT unnest(c.stock_ids) AS stock_id, unnest(c.held) AS quantity, c.expires_at FROM coming c
                WHERE c.stock_ids && ARRAY(SELECT stock_id FROM shelf)) l
            ORDER BY l.stock_id, l.expires_at)
        SELECT k.stock_id, k.item_id, k.sku, k.warehouse_id, k.warehouse, k.priority, k.active, k.discontinued, k.on_hand, k.reserved,
            k.damaged, k.quality_control, k.in_transit, k.safety_stock, k.waiting, k.available, k.version, coalesce(o.quantity, 0) AS due,
            n.expires_at AS next_lapse_at, coalesce(n.quantity, 0) AS next_lapse_quantity, (SELECT now FROM clock) AS as_of
        FROM shelf k LEFT JOIN owed o ON o.stock_id = k.stock_id LEFT JOIN next n ON n.stock_id = k.stock_id
        ORDER BY k.sku COLLATE "C", k.priority, k.warehouse COLLATE "C"
        """;

    /// <summary>The row's key.</summary>
    public long StockId { get; init; }

    /// <summary>The item's key.</summary>
    public long ItemId { get; init; }

    /// <summary>The item's SKU.</summary>
    public required string Sku { get; init; }

    /// <summary>The warehouse's key.</summary>
    public int WarehouseId { get; init; }

    /// <summary>The warehouse's code.</summary>
    public required string Warehouse { get; init; }

    /// <summary>Lower is filled from first.</summary>
    public int Priority { get; init; }

    /// <summary>Whether the warehouse serves new holds.</summary>
    public bool Active { get; init; }

    /// <summary>Whether the item is no longer sold.</summary>
    public bool Discontinued { get; init; }

    /// <summary>What is there, whatever its state.</summary>
    public long OnHand { get; init; }

    /// <summary>Held for orders, due holds that no sweep has met among them.</summary>
    public long Reserved { get; init; }

    /// <summary>Cannot be sold.</summary>
    public long Damaged { get; init; }

    /// <summary>Waits for quality control.</summary>
    public long QualityControl { get; init; }

    /// <summary>On its way here.</summary>
    public long InTransit { get; init; }

    /// <summary>Kept back from sale.</summary>
    public long SafetyStock { get; init; }

    /// <summary>Promised to reservations that wait: who comes later stands behind them.</summary>
    public long Waiting { get; init; }

    /// <summary>
    /// As the table has it: without due holds, and below 0 where safety stock or who waits makes it so.
    /// </summary>
    public long Available { get; init; }

    /// <summary>The number of changes that the row has had.</summary>
    public long Version { get; init; }

    /// <summary>What holds give back whose time has come, although no sweep has met them yet.</summary>
    public long Due { get; init; }

    /// <summary>When the next hold lapses, UTC; none if none is among the first twenty thousand to lapse.</summary>
    public DateTime? NextLapseAt { get; init; }

    /// <summary>What that hold gives back.</summary>
    public long NextLapseQuantity { get; init; }

    /// <summary>When this was so, by the database's clock.</summary>
    public DateTime AsOf { get; init; }

    /// <summary>What a reservation could take now, due holds counted; never negative.</summary>
    public long Sellable => Discontinued || !Active ? 0 : Math.Max(0, Available + Due);

    /// <summary>
    /// What keeps stock from being held, and how much of it each; in the order of <see cref="StockTerm"/>. Where the
    /// item or the warehouse is closed, that alone keeps back all that the other terms leave.
    /// </summary>
    public IReadOnlyList<(StockTerm Term, long Quantity)> Blocks
    {
        get
        {
            var open = Math.Max(0, Available + Due);
            List<(StockTerm Term, long Quantity, bool Blocks)> terms =
            [
                (StockTerm.ItemDiscontinued, open, Discontinued),
                (StockTerm.WarehouseInactive, open, !Active),
                (StockTerm.Held, Reserved - Due, Reserved > Due),
                (StockTerm.SafetyStock, SafetyStock, SafetyStock > 0),
                (StockTerm.Damaged, Damaged, Damaged > 0),
                (StockTerm.QualityControl, QualityControl, QualityControl > 0),
                (StockTerm.InTransit, InTransit, InTransit > 0),
                (StockTerm.Waiting, Waiting, Waiting > 0),
            ];
            return [.. terms.Where(t => t.Blocks).Select(t => (t.Term, t.Quantity))];
        }
    }

    /// <summary>Reads all rows of some items: by SKU, then by the warehouses' priority and code.</summary>
    internal static async Task<List<ExplainedStock>> ReadAsync(
        NpgsqlConnection connection,
        long[] itemIds,
        CancellationToken cancellation
    ) =>
        (
            await connection.QueryAsync<ExplainedStock>(
                new CommandDefinition(Sql, new { ItemIds = itemIds }, cancellationToken: cancellation)
            )
        ).AsList();
}
