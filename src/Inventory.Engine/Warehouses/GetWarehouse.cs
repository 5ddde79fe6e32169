using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Warehouses;

/// <summary>Reads a warehouse as it is now.</summary>
public sealed class GetWarehouse(Cell cell)
{
    // A name that is not asked for is null, and equals nothing.
    private const string Sql = """
        -- warehouses.get
        SELECT w.warehouse_id, w.code, w.name, w.type::int, w.priority, w.active, w.revision, w.created_at, w.updated_at,
            w.address, w.city, w.region, w.postal_code, w.country_code, w.latitude, w.longitude
        FROM warehouse w WHERE w.warehouse_id = @WarehouseId OR w.code = @Code
        """;

    /// <summary>By code, or by public id.</summary>
    /// <returns>None if there is no such warehouse.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<Warehouse?> ExecuteAsync(string codeOrId, CancellationToken cancellation)
    {
        var name = WarehouseName.Of(codeOrId);
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<StoredWarehouse>(
            new CommandDefinition(Sql, new { name.WarehouseId, name.Code }, cancellationToken: cancellation)
        );
        return row?.ToWarehouse();
    }
}
