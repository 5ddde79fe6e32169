using Dapper;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>
/// Reads what there is of items at warehouses for what comes, and the policies that judge it: the inventory position of
/// the field, on hand + on order - backorders - committed (Silver, Pyke and Thomas, 4th edition, section 6.2.1). On
/// hand here is what can be sold: not what is damaged, in quality control, or kept back as safety stock. Committed is
/// what is held for orders, and backorders what reservations wait for. On order is what approved reorders have not
/// received, and what is on its way from other warehouses.
/// </summary>
internal static class ReorderPositions
{
    // What a line without a warehouse lacks is in waiting at each row that may serve it. It is counted at the first of
    // them that is reordered, and given back at the others. All is of one snapshot: a receipt takes from what is on
    // order in the same statement that brings it on hand.
    private const string Sql = """
        -- replenishment.positions
        WITH pair AS MATERIALIZED (
            SELECT q.item_id, q.warehouse_id FROM unnest(@ItemIds::bigint[], @WarehouseIds::int[]) AS q (item_id, warehouse_id)),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.available, s.in_transit, s.waiting
            FROM pair p JOIN stock s ON s.item_id = p.item_id AND s.warehouse_id = p.warehouse_id),
        elsewhere AS MATERIALIZED (
            SELECT c.stock_id, sum(c.quantity - c.assigned)::bigint AS quantity
            FROM shelf s JOIN waiting_claim c ON c.stock_id = s.stock_id
            WHERE s.waiting > 0 AND c.quantity > c.assigned AND EXISTS (
                SELECT FROM waiting_claim o JOIN stock k ON k.stock_id = o.stock_id
                JOIN reorder_policy g ON g.item_id = k.item_id AND g.warehouse_id = k.warehouse_id
                JOIN warehouse w ON w.warehouse_id = k.warehouse_id AND w.active
                WHERE o.place = c.place AND o.line = c.line AND o.stock_id < c.stock_id)
            GROUP BY c.stock_id),
        ordered AS MATERIALIZED (
            SELECT r.item_id, r.warehouse_id, sum(r.quantity - r.received)::bigint AS quantity
            FROM pair p JOIN reorder r ON r.item_id = p.item_id AND r.warehouse_id = p.warehouse_id AND r.state = 2
            GROUP BY r.item_id, r.warehouse_id)
        SELECT p.item_id, p.warehouse_id, g.item_id IS NOT NULL AND w.active AND NOT i.discontinued AS judged,
            CASE WHEN g.reorder_point IS NULL THEN i.reorder_point ELSE g.reorder_point END AS reorder_point,
            CASE WHEN g.reorder_point IS NULL THEN i.reorder_quantity ELSE g.reorder_quantity END AS lot, g.order_up_to,
            coalesce(g.automatic, false) AS automatic, g.lead_time_days, g.service_level,
            coalesce(s.available, 0) AS available, coalesce(s.in_transit, 0) AS in_transit, coalesce(o.quantity, 0) AS on_order,
            coalesce(e.quantity, 0) AS waited_for_elsewhere, r.quantity AS suggested, coalesce(n.muted, false) AS muted
        FROM pair p
        JOIN item i ON i.item_id = p.item_id
        JOIN warehouse w ON w.warehouse_id = p.warehouse_id
        LEFT JOIN reorder_policy g ON g.item_id = p.item_id AND g.warehouse_id = p.warehouse_id
        LEFT JOIN shelf s ON s.item_id = p.item_id AND s.warehouse_id = p.warehouse_id
        LEFT JOIN elsewhere e ON e.stock_id = s.stock_id
        LEFT JOIN ordered o ON o.item_id = p.item_id AND o.warehouse_id = p.warehouse_id
        LEFT JOIN reorder r ON r.item_id = p.item_id AND r.warehouse_id = p.warehouse_id AND r.state = 1
        LEFT JOIN reorder_need n ON n.item_id = p.item_id AND n.warehouse_id = p.warehouse_id
        """;

    /// <param name="connection">In a transaction of the caller's, or in none.</param>
    /// <param name="pairs">Items and warehouses, each once.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>One row a pair, but none where item or warehouse is gone.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<List<PositionRow>> ReadAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<(long ItemId, int WarehouseId)> pairs,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            ItemIds = pairs.Select(p => p.ItemId).ToArray(),
            WarehouseIds = pairs.Select(p => p.WarehouseId).ToArray(),
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        return (await connection.QueryAsync<PositionRow>(command)).AsList();
    }
}

/// <summary>An item at a warehouse, with its policy if there is one.</summary>
internal sealed class PositionRow
{
    public long ItemId { get; init; }

    public int WarehouseId { get; init; }

    /// <summary>There is a policy, the item is sold, and the warehouse takes goods in.</summary>
    public bool Judged { get; init; }

    public long? ReorderPoint { get; init; }

    public long? Lot { get; init; }

    public long? OrderUpTo { get; init; }

    public bool Automatic { get; init; }

    public int? LeadTimeDays { get; init; }

    public double? ServiceLevel { get; init; }

    public long Available { get; init; }

    public long InTransit { get; init; }

    public long OnOrder { get; init; }

    public long WaitedForElsewhere { get; init; }

    /// <summary>What is suggested already, and not decided.</summary>
    public long? Suggested { get; init; }

    public bool Muted { get; init; }

    internal ReorderPosition Position => new(Available, InTransit, OnOrder, WaitedForElsewhere);

    /// <summary>What is needed; 0 where nothing is.</summary>
    internal long Needed =>
        Judged && ReorderPoint is { } point && (Lot ?? OrderUpTo) is not null
            ? ReorderRule.Quantity(Position.Total, point, Lot, OrderUpTo)
            : 0;

    /// <summary>There is something to write: a suggestion to make or to change, or a need that is over.</summary>
    internal bool IsOpen => Muted ? Needed == 0 : Needed > 0 && (Automatic || Suggested != Needed);
}
