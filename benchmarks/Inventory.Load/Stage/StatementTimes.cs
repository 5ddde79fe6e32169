using Dapper;
using Npgsql;

namespace Inventory.Load.Stage;

/// <summary>What PostgreSQL's time went into, by statement: for those who look for a cause, not for a figure.</summary>
internal static class StatementTimes
{
    /// <summary>What the cluster has to be started with. It costs a little itself.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["shared_preload_libraries"] = "pg_stat_statements",
    };

    // Every statement of the server's begins with its name. Most of the rest is the setting up.
    private const string Sql = """
        -- bench.statements
        CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
        SELECT d.datname AS database, substring(s.query FROM '-- ([a-z_.]+)') AS name, sum(s.calls)::bigint AS calls,
            sum(s.rows)::bigint AS rows, sum(s.total_exec_time + s.total_plan_time) AS milliseconds, sum(s.wal_bytes)::bigint AS wal
        FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
        WHERE s.query LIKE '%-- %' AND s.query NOT LIKE '%-- bench.%'
        GROUP BY 1, 2 HAVING sum(s.total_exec_time) > 20 ORDER BY d.datname, milliseconds DESC
        """;

    public static async Task PrintAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        var rows = await connection.QueryAsync<(
            string Database,
            string Name,
            long Calls,
            long Rows,
            double Ms,
            long Wal
        )>(Sql);
        Console.WriteLine();
        Console.WriteLine("| database | statement | calls | rows | ms in all | µs a call | WAL, KiB |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            Console.WriteLine(
                $"| {row.Database} | {row.Name} | {row.Calls:N0} | {row.Rows:N0} | {row.Ms:N0} "
                    + $"| {1000 * row.Ms / row.Calls:N0} | {row.Wal / 1024:N0} |"
            );
        }
    }
}
