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
        var byId = PublicId.TryParseWarehouse(codeOrId, out var id);
        var parameters = new { WarehouseId = byId ? id : (int?)null, Code = byId ? null : codeOrId };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row, WarehouseLocation, Warehouse>(
            new CommandDefinition(Sql, parameters, cancellationToken: cancellation),
            (row, location) => row.ToWarehouse(location),
            splitOn: "address"
        );
        return rows.SingleOrDefault();
    }

    private sealed class Row
    {
        public int WarehouseId { get; init; }

        public required string Code { get; init; }

        public required string Name { get; init; }

        public int Type { get; init; }

        public int Priority { get; init; }

        public bool Active { get; init; }

        public long Revision { get; init; }

        public DateTime CreatedAt { get; init; }

        public DateTime UpdatedAt { get; init; }

        internal Warehouse ToWarehouse(WarehouseLocation location) =>
            new()
            {
                WarehouseId = WarehouseId,
                Code = Code,
                Name = Name,
                Type = (WarehouseType)Type,
                Priority = Priority,
                Active = Active,
                Location = location,
                Revision = Revision,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
            };
    }
}
