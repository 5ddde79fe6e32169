using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>
/// Begins stock rows, empty but for the item's safety stock. A row that is there already stays as it is.
/// </summary>
public sealed class OpenStock(Cell cell, StockDirectory directory, CommittedLevels committed)
{
    // The item's lock keeps out an edit of the item that copies what it changes to the stock rows that it sees; both
    // locks keep item and warehouse from going in between. No stock moves here, so a row that another has just begun is
    // no conflict.
    private const string Sql = """
        -- stock.open_lock
        SELECT count(*) FROM (SELECT FROM item WHERE item_id = ANY (@ItemIds) ORDER BY item_id FOR SHARE) AS locked;
        -- stock.open_lock_warehouses
        SELECT count(*) FROM (
            SELECT FROM warehouse WHERE warehouse_id = ANY (@WarehouseIds) ORDER BY warehouse_id FOR KEY SHARE) AS locked;
        -- stock.open
        WITH asked AS MATERIALIZED (
            SELECT q.place, i.item_id, w.warehouse_id, i.discontinued, i.safety_stock,
                CASE WHEN i.kit THEN 14 WHEN @Receiving AND i.discontinued THEN 8 WHEN @Receiving AND NOT w.active THEN 9 END AS refusal
            FROM unnest(@ItemIds::bigint[], @WarehouseIds::int[]) WITH ORDINALITY AS q (item_id, warehouse_id, place)
            JOIN item i ON i.item_id = q.item_id AND i.item_id = ANY (@ItemIds)
            JOIN warehouse w ON w.warehouse_id = q.warehouse_id AND w.warehouse_id = ANY (@WarehouseIds)),
        opened AS (
            INSERT INTO stock (item_id, warehouse_id, discontinued, safety_stock, version)
            SELECT DISTINCT a.item_id, a.warehouse_id, a.discontinued, a.safety_stock, (a.safety_stock > 0)::int
            FROM asked a WHERE a.refusal IS NULL
            ORDER BY a.item_id, a.warehouse_id
            ON CONFLICT (item_id, warehouse_id) DO NOTHING
            RETURNING stock_id, item_id, warehouse_id, on_hand, reserved, available, safety_stock, version),
        written AS (
            INSERT INTO journal (at, stock_id, version, safety_stock, kind, actor, origin, trace)
            SELECT clock_timestamp(), o.stock_id, o.version, o.safety_stock, 11, @Actor, @Origin::int, @Trace::uuid
            FROM opened o WHERE o.safety_stock > 0)
        SELECT a.place::int, a.refusal, o.stock_id, a.item_id, a.warehouse_id, o.on_hand, o.reserved, o.available, o.version
        FROM asked a LEFT JOIN opened o ON o.item_id = a.item_id AND o.warehouse_id = a.warehouse_id
        ORDER BY a.place
        """;

    /// <summary>Begins those rows that are not there, in one statement.</summary>
    /// <param name="places">Items and warehouses that there are.</param>
    /// <param name="receiving">
    /// Whether the rows are to take something in, which discontinued items and inactive warehouses don't.
    /// </param>
    /// <param name="actor">Who asks; the journal keeps it.</param>
    /// <param name="cancellation">Ends the wait; the rows may be there all the same.</param>
    /// <returns>
    /// One element a place: <see cref="EditOutcome.ItemIsKit"/>, <see cref="EditOutcome.ItemDiscontinued"/> or <see
    /// cref="EditOutcome.WarehouseInactive"/> if it was refused, and none if the row is there now.
    /// </returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public async Task<IReadOnlyList<EditOutcome?>> ExecuteAsync(
        IReadOnlyList<(ItemRows Item, WarehouseRow Warehouse)> places,
        bool receiving,
        Actor actor,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await RunAsync(connection, places, receiving, actor, cancellation);
        committed.Publish([.. rows.Where(r => r.StockId is not null).Select(r => r.ToLevel()).Distinct()]);
        await directory.ReadAsync([.. places.SelectMany(p => Names(p.Item)).Distinct()], cancellation);
        return [.. rows.Select(r => (EditOutcome?)r.Refusal)];
    }

    /// <summary>Begins rows in the transaction of another operation, if the connection is in one.</summary>
    /// <returns>One row a place, but none where item or warehouse is gone.</returns>
    internal static async Task<List<OpenRow>> RunAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(ItemRows Item, WarehouseRow Warehouse)> places,
        bool receiving,
        Actor actor,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            ItemIds = places.Select(p => p.Item.ItemId).ToArray(),
            WarehouseIds = places.Select(p => p.Warehouse.WarehouseId).ToArray(),
            Receiving = receiving,
            Actor = actor.Name,
            actor.Origin,
            actor.Trace,
        };
        await using var results = await connection.QueryMultipleAsync(
            new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
        );
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return (await results.ReadAsync<OpenRow>()).AsList();
    }

    private static IEnumerable<string> Names(ItemRows item) => [item.Sku, PublicId.Item(item.ItemId)];

    /// <summary>What became of a place.</summary>
    internal sealed class OpenRow
    {
        public int Place { get; init; }

        public int? Refusal { get; init; }

        /// <summary>None if the row was there already, or was refused.</summary>
        public long? StockId { get; init; }

        public long ItemId { get; init; }

        public int WarehouseId { get; init; }

        public long OnHand { get; init; }

        public long Reserved { get; init; }

        public long Available { get; init; }

        public long Version { get; init; }

        internal StockLevel ToLevel() => new(StockId!.Value, ItemId, WarehouseId, OnHand, Reserved, Available, Version);
    }
}
