using System.Diagnostics;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Server.Demo;

/// <summary>
/// Demonstration data: items with valid GTINs, four warehouses, and levels, each opened in the journal like any other.
/// Loaded once, in steps that are each whole, so that an interrupted load goes on where it stopped.
/// </summary>
public sealed class DemoStock(Cell cell, ILogger logger)
{
    /// <summary>What is loaded where nobody asks for a number.</summary>
    public const int ItemCountDefault = DemoCatalog.ProductCount;

    /// <summary>The SKUs have seven digits.</summary>
    public const int ItemCountMax = 9_999_999;

    private const int StepSizeMax = 20_000;

    // Two servers that start at once on one database must not both find it empty.
    private const string LockSql = """
        -- demo.lock
        SELECT count(*) FROM (SELECT pg_advisory_xact_lock(hashtext('inventory.demo'), hashtext(current_schema()))) AS locked
        """;

    private const string PresentSql = """
        -- demo.present
        SELECT EXISTS (SELECT FROM item) AS any_item,
            (SELECT coalesce(max(substr(sku, 6)::int), 0) FROM item WHERE sku ~ '^DEMO-[0-9]{7}$') AS last_demo_item
        """;

    private const string WarehousesSql = """
        -- demo.warehouses
        INSERT INTO warehouse (code, name, type, priority, city, postal_code, country_code, latitude, longitude)
        VALUES (@Code, @Name, @Type, @Priority, @City, @PostalCode, @CountryCode, @Latitude, @Longitude)
        ON CONFLICT (code) DO NOTHING
        """;

    private const string WarehouseIdsSql = """
        -- demo.warehouse_ids
        SELECT code, warehouse_id FROM warehouse WHERE code = ANY (@Codes)
        """;

    /// <summary>Loads what is missing.</summary>
    /// <param name="itemCount">
    /// How many items there shall be. Null: the default number, and only where there is no item at all.
    /// </param>
    /// <param name="cancellation">Ends it between rows; whole steps stay.</param>
    /// <returns>How many items were loaded now.</returns>
    /// <exception cref="NpgsqlException">
    /// The database is away; whole steps stay, and asking again goes on from there.
    /// </exception>
    public async Task<int> LoadAsync(int? itemCount, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        var wanted = Math.Min(itemCount ?? ItemCountDefault, ItemCountMax);
        // A transaction of its own, which ends with it: the steps commit one by one on another connection.
        await using var guard = await cell.General.OpenConnectionAsync(cancellation);
        await using var alone = await guard.BeginTransactionAsync(cancellation);
        await guard.ExecuteAsync(new CommandDefinition(LockSql, commandTimeout: 0, cancellationToken: cancellation));
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var (anyItem, last) = await connection.QuerySingleAsync<(bool, int)>(Command(PresentSql, null, cancellation));
        if (last >= wanted || (itemCount is null && anyItem))
        {
            return 0;
        }

        var warehouses = await OpenWarehousesAsync(connection, cancellation);
        for (var done = last; done < wanted; )
        {
            var numbers = Enumerable.Range(done + 1, Math.Min(StepSizeMax, wanted - done));
            await DemoStep.LoadAsync(connection, [.. numbers.Select(DemoCatalog.Item)], warehouses, cancellation);
            done += numbers.Count();
            logger.DemoLoading(done, wanted);
        }

        await SettleAsync(connection, cancellation);
        var loaded = wanted - last;
        logger.DemoLoaded(loaded, loaded * DemoCatalog.ShelvesPerItem, Stopwatch.GetElapsedTime(since));
        return loaded;
    }

    private static async Task<Dictionary<string, int>> OpenWarehousesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await connection.ExecuteAsync(Command(WarehousesSql, DemoWarehouses.All, cancellation));
        var codes = new { Codes = DemoWarehouses.All.Select(w => w.Code).ToArray() };
        var rows = await connection.QueryAsync<(string Code, int Id)>(Command(WarehouseIdsSql, codes, cancellation));
        return rows.ToDictionary(r => r.Code, r => r.Id);
    }

    /// <summary>What the planner and index-only scans need, now and not when autovacuum comes by.</summary>
    private static async Task SettleAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string vacuum = "VACUUM (ANALYZE) item, barcode, warehouse, stock, journal";
        await using var command = new NpgsqlCommand(vacuum, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static CommandDefinition Command(string sql, object? parameters, CancellationToken cancellation) =>
        new(sql, parameters, cancellationToken: cancellation);
}
