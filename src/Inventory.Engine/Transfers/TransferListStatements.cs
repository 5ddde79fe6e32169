using Dapper;
using Npgsql;

namespace Inventory.Engine.Transfers;

/// <summary>
/// The statements of the lists, one each way to the transfers: by item, by warehouse, those that are open, or all. Each
/// goes on behind a place, the newest first.
/// </summary>
internal static class TransferListStatements
{
    private const string ItemSql = """
        -- transfers.list_of_item
        SELECT t.transfer_id, t.item_id, t.sku, t.from_warehouse_id, t.from_warehouse, t.to_warehouse_id, t.to_warehouse, t.state::int,
            t.quantity, t.received, t.lost, t.returned, t.version, t.caller, t.request_id, t.reason, t.created_at, t.shipped_at, t.ended_at
        FROM transfer t
        WHERE t.item_id = @ItemId AND (t.created_at, t.transfer_id) < (@Time, @Id)
            AND (@State::smallint IS NULL OR t.state = @State)
            AND (@WarehouseId::int IS NULL OR t.from_warehouse_id = @WarehouseId OR t.to_warehouse_id = @WarehouseId)
        ORDER BY t.created_at DESC, t.transfer_id DESC LIMIT @Limit
        """;

    // No transfer is from and to one warehouse, so none is found twice.
    private const string WarehouseSql = """
        -- transfers.list_of_warehouse
        SELECT b.transfer_id, b.item_id, b.sku, b.from_warehouse_id, b.from_warehouse, b.to_warehouse_id, b.to_warehouse, b.state::int,
            b.quantity, b.received, b.lost, b.returned, b.version, b.caller, b.request_id, b.reason, b.created_at, b.shipped_at, b.ended_at
        FROM (
            (SELECT t.transfer_id, t.item_id, t.sku, t.from_warehouse_id, t.from_warehouse, t.to_warehouse_id, t.to_warehouse, t.state,
                t.quantity, t.received, t.lost, t.returned, t.version, t.caller, t.request_id, t.reason, t.created_at, t.shipped_at, t.ended_at
            FROM transfer t
            WHERE t.from_warehouse_id = @WarehouseId AND (t.created_at, t.transfer_id) < (@Time, @Id)
                AND (@State::smallint IS NULL OR t.state = @State)
            ORDER BY t.created_at DESC, t.transfer_id DESC LIMIT @Limit)
            UNION ALL
            (SELECT t.transfer_id, t.item_id, t.sku, t.from_warehouse_id, t.from_warehouse, t.to_warehouse_id, t.to_warehouse, t.state,
                t.quantity, t.received, t.lost, t.returned, t.version, t.caller, t.request_id, t.reason, t.created_at, t.shipped_at, t.ended_at
            FROM transfer t
            WHERE t.to_warehouse_id = @WarehouseId AND (t.created_at, t.transfer_id) < (@Time, @Id)
                AND (@State::smallint IS NULL OR t.state = @State)
            ORDER BY t.created_at DESC, t.transfer_id DESC LIMIT @Limit)) b
        ORDER BY b.created_at DESC, b.transfer_id DESC LIMIT @Limit
        """;

    private const string OpenSql = """
        -- transfers.list_open
        SELECT t.transfer_id, t.item_id, t.sku, t.from_warehouse_id, t.from_warehouse, t.to_warehouse_id, t.to_warehouse, t.state::int,
            t.quantity, t.received, t.lost, t.returned, t.version, t.caller, t.request_id, t.reason, t.created_at, t.shipped_at, t.ended_at
        FROM transfer t
        WHERE t.state <= 2 AND t.state = @State AND (t.created_at, t.transfer_id) < (@Time, @Id)
        ORDER BY t.created_at DESC, t.transfer_id DESC LIMIT @Limit
        """;

    private const string AllSql = """
        -- transfers.list_all
        SELECT t.transfer_id, t.item_id, t.sku, t.from_warehouse_id, t.from_warehouse, t.to_warehouse_id, t.to_warehouse, t.state::int,
            t.quantity, t.received, t.lost, t.returned, t.version, t.caller, t.request_id, t.reason, t.created_at, t.shipped_at, t.ended_at
        FROM transfer t
        WHERE (t.created_at, t.transfer_id) < (@Time, @Id) AND (@State::smallint IS NULL OR t.state = @State)
        ORDER BY t.created_at DESC, t.transfer_id DESC LIMIT @Limit
        """;

    /// <summary>The next, at most as many as the limit.</summary>
    internal static async Task<List<StoredTransfer>> ExecuteAsync(
        NpgsqlConnection connection,
        TransferListParameters parameters,
        CancellationToken cancellation
    )
    {
        var sql =
            parameters.ItemId is not null ? ItemSql
            : parameters.WarehouseId is not null ? WarehouseSql
            : parameters.State <= (short)TransferState.InTransit ? OpenSql
            : AllSql;
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellation);
        return (await connection.QueryAsync<StoredTransfer>(command)).AsList();
    }
}

/// <summary>The parameters of all ways; each takes what it needs.</summary>
internal sealed record TransferListParameters
{
    public long? ItemId { get; init; }

    public int? WarehouseId { get; init; }

    public short? State { get; init; }

    /// <summary>Where the list stands; UTC.</summary>
    public DateTime Time { get; init; }

    /// <summary>Of those of one time, the transfer.</summary>
    public Guid Id { get; init; }

    public int Limit { get; init; }
}
