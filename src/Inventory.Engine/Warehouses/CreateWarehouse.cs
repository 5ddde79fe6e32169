using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Warehouses;

/// <summary>Makes a warehouse, once a request id.</summary>
public sealed class CreateWarehouse(Cell cell, StockDirectory directory)
{
    // What is asked is the fingerprint's content, so the stored answer is what the tables added to it.
    private const string Sql = """
        -- warehouses.create
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        taken AS MATERIALIZED (
            SELECT EXISTS (SELECT FROM warehouse w WHERE w.code = @Code) AS code),
        created AS (
            INSERT INTO warehouse (code, name, type, priority, active, address, city, region, postal_code, country_code, latitude,
                longitude, created_at, updated_at)
            SELECT @Code, @Name, @Type::smallint, @Priority::int, @Active::boolean, @Address, @City, @Region, @PostalCode, @CountryCode,
                @Latitude::double precision, @Longitude::double precision, c.now, c.now
            FROM clock c, taken t
            WHERE NOT EXISTS (SELECT FROM seen) AND NOT t.code
            RETURNING warehouse_id, created_at),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.created_at, 'CreateWarehouse', 'wh_' || c.warehouse_id, @Key, @Actor, @Origin::int, @Trace::uuid FROM created c),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint::bigint, c.created_at, 3,
                jsonb_build_object('warehouse_id', c.warehouse_id, 'created_at', c.created_at)
            FROM created c WHERE @Key::uuid IS NOT NULL)
        SELECT s.fingerprint AS seen, t.code AS code_taken,
            coalesce(c.warehouse_id, (s.answer ->> 'warehouse_id')::int) AS warehouse_id,
            coalesce(c.created_at, (s.answer ->> 'created_at')::timestamptz) AS created_at
        FROM taken t LEFT JOIN seen s ON true LEFT JOIN created c ON true
        """;

    /// <summary>Makes a warehouse.</summary>
    /// <param name="warehouse">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again with the same request id is safe.
    /// </exception>
    public async Task<CreateWarehouseAnswer> ExecuteAsync(NewWarehouse warehouse, CancellationToken cancellation)
    {
        var fingerprint = warehouse.Fingerprint();
        var parameters = new
        {
            Key = warehouse.RequestId is { } requestId ? RequestKey.Id(warehouse.Caller, requestId) : (Guid?)null,
            Fingerprint = fingerprint,
            Actor = warehouse.Caller.Name,
            warehouse.Caller.Origin,
            warehouse.Caller.Trace,
            warehouse.Code,
            warehouse.Name,
            Type = (short)warehouse.Type,
            warehouse.Priority,
            warehouse.Active,
            warehouse.Location.Address,
            warehouse.Location.City,
            warehouse.Location.Region,
            warehouse.Location.PostalCode,
            warehouse.Location.CountryCode,
            warehouse.Location.Latitude,
            warehouse.Location.Longitude,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => c.QuerySingleAsync<Row>(command), cancellation);
        if (row.Seen is { } seen)
        {
            return seen == fingerprint
                ? new(CreateWarehouseOutcome.Replayed, Made(warehouse, row))
                : new(CreateWarehouseOutcome.RequestIdReused, null);
        }

        if (row.CodeTaken)
        {
            return new(CreateWarehouseOutcome.CodeTaken, null);
        }

        await directory.RefreshWarehousesAsync(cancellation);
        return new(CreateWarehouseOutcome.Created, Made(warehouse, row));
    }

    private static Warehouse Made(NewWarehouse warehouse, Row row) =>
        new()
        {
            WarehouseId = row.WarehouseId,
            Code = warehouse.Code,
            Name = warehouse.Name,
            Type = warehouse.Type,
            Priority = warehouse.Priority,
            Active = warehouse.Active,
            Location = warehouse.Location,
            Revision = 1,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.CreatedAt,
        };

    private sealed class Row
    {
        /// <summary>The fingerprint under which the request id was used before.</summary>
        public long? Seen { get; init; }

        public bool CodeTaken { get; init; }

        public int WarehouseId { get; init; }

        public DateTime CreatedAt { get; init; }
    }
}
