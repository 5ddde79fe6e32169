using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>
/// What of a schedule no statement can judge: the time by the database's clock, and names of warehouses.
/// </summary>
internal static class ReportTerms
{
    private const string ClockSql = """
        -- reports.schedule_clock
        SELECT clock_timestamp()
        """;

    /// <summary>By the database's clock, UTC.</summary>
    internal static async Task<DateTime> NowAsync(Cell cell, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<DateTime>(
            new CommandDefinition(ClockSql, cancellationToken: cancellation)
        );
    }

    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<IReadOnlyList<string>> UnknownAsync(
        StockDirectory directory,
        IReadOnlyList<string> warehouses,
        CancellationToken cancellation
    )
    {
        var unknown = new List<string>();
        foreach (var name in warehouses)
        {
            if (await directory.FindWarehouseAsync(name, cancellation) is null)
            {
                unknown.Add(name);
            }
        }

        return unknown;
    }
}
