using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Warehouses;

/// <summary>
/// Edits a warehouse, once a request id. Whether it serves new holds is judged by each reservation's own statement, so
/// that an inactive one serves none on any server, from the commit on.
/// </summary>
public sealed class UpdateWarehouse(Cell cell, StockDirectory directory)
{
    // The row is locked first, so that the second statement sees what the last edit has left. The outcomes' numbers are
    // UpdateWarehouseOutcome's; replay comes before every refusal.
    private const string Sql = """
        -- warehouses.update_lock
        SELECT count(*) FROM (
            SELECT FROM warehouse w WHERE w.warehouse_id = @WarehouseId OR w.code = @Code FOR NO KEY UPDATE) AS locked;
        -- warehouses.update
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        wanted AS MATERIALIZED (
            SELECT w.warehouse_id, w.code, w.created_at, w.revision, coalesce(@Name, w.name) AS name,
                coalesce(@Type::smallint, w.type) AS type, coalesce(@Priority::int, w.priority) AS priority,
                coalesce(@Active::boolean, w.active) AS active, coalesce(@Address, w.address) AS address,
                coalesce(@City, w.city) AS city, coalesce(@Region, w.region) AS region,
                coalesce(@PostalCode, w.postal_code) AS postal_code, coalesce(@CountryCode, w.country_code) AS country_code,
                CASE WHEN @Address::text IS NULL THEN w.latitude ELSE @Latitude::double precision END AS latitude,
                CASE WHEN @Address::text IS NULL THEN w.longitude ELSE @Longitude::double precision END AS longitude
            FROM warehouse w WHERE w.warehouse_id = @WarehouseId OR w.code = @Code),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN w.warehouse_id IS NULL THEN 4
                    WHEN @Expected::bigint <> w.revision THEN 5
                    ELSE 1
                END AS outcome, s.answer, coalesce(w.revision, 0) AS revision
            FROM (SELECT) AS always LEFT JOIN seen s ON true LEFT JOIN wanted w ON true),
        edited AS (
            UPDATE warehouse t SET name = w.name, type = w.type, priority = w.priority, active = w.active, address = w.address,
                city = w.city, region = w.region, postal_code = w.postal_code, country_code = w.country_code, latitude = w.latitude,
                longitude = w.longitude, revision = t.revision + 1, updated_at = c.now
            FROM wanted w, judged j, clock c
            WHERE j.outcome = 1 AND t.warehouse_id = w.warehouse_id
            RETURNING jsonb_build_object('warehouse_id', t.warehouse_id, 'code', t.code, 'name', t.name, 'type', t.type,
                'priority', t.priority, 'active', t.active, 'address', t.address, 'city', t.city, 'region', t.region,
                'postal_code', t.postal_code, 'country_code', t.country_code, 'latitude', t.latitude, 'longitude', t.longitude,
                'revision', t.revision, 'created_at', t.created_at, 'updated_at', t.updated_at) AS answer),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.now, 'UpdateWarehouse', 'wh_' || w.warehouse_id, @Key, @Actor, @Origin::int, @Trace::uuid
            FROM wanted w, judged j, clock c WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.now, 32, e.answer FROM edited e, clock c)
        SELECT j.outcome, j.revision, coalesce(e.answer, j.answer)::text AS answer FROM judged j LEFT JOIN edited e ON true
        """;

    /// <summary>Edits a warehouse.</summary>
    /// <param name="edit">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<UpdateWarehouseAnswer> ExecuteAsync(WarehouseEdit edit, CancellationToken cancellation)
    {
        var name = WarehouseName.Of(edit.Warehouse);
        var parameters = new
        {
            name.WarehouseId,
            name.Code,
            Key = RequestKey.Id(edit.Caller, edit.RequestId),
            Fingerprint = edit.Fingerprint(),
            Actor = edit.Caller.Name,
            edit.Caller.Origin,
            edit.Caller.Trace,
            Expected = edit.ExpectedRevision,
            edit.Name,
            Type = (short?)edit.Type,
            edit.Priority,
            edit.Active,
            edit.Location?.Address,
            edit.Location?.City,
            edit.Location?.Region,
            edit.Location?.PostalCode,
            edit.Location?.CountryCode,
            edit.Location?.Latitude,
            edit.Location?.Longitude,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
        var outcome = (UpdateWarehouseOutcome)row.Outcome;
        if (outcome == UpdateWarehouseOutcome.Updated)
        {
            await directory.RefreshWarehousesAsync(cancellation);
        }

        return outcome is UpdateWarehouseOutcome.Updated or UpdateWarehouseOutcome.Replayed
            ? new(outcome, StoredWarehouse.Parse(row.Answer!).ToWarehouse())
            : new(outcome, null, row.Revision);
    }

    private static async Task<Row> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<Row>();
    }

    private sealed class Row
    {
        public int Outcome { get; init; }

        public long Revision { get; init; }

        /// <summary>The warehouse as JSON, if there is one to show.</summary>
        public string? Answer { get; init; }
    }
}
