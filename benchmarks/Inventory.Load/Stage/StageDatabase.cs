using Dapper;
using Inventory.Load.Calls;
using Npgsql;

namespace Inventory.Load.Stage;

/// <summary>A database of the run's own, and what was acknowledged to have been written to it.</summary>
internal sealed class StageDatabase(string name, string connectionString, string redis) : IAsyncDisposable
{
    private const string TransactionsSql = """
        -- bench.transactions
        SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        """;

    private const string SizesSql = """
        -- bench.sizes
        SELECT c.relname AS name, sum(pg_total_relation_size(coalesce(i.inhrelid, c.oid)))::bigint AS bytes
        FROM pg_class c LEFT JOIN pg_inherits i ON i.inhparent = c.oid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        GROUP BY c.relname
        """;

    private int runs;

    public string Name => name;

    public string ConnectionString => connectionString;

    public string Redis => redis;

    public NpgsqlDataSource Tables { get; } = NpgsqlDataSource.Create(connectionString);

    public Ledger Ledger { get; } = new();

    /// <summary>A number that no run on this database has had: whoever runs, no request id comes twice.</summary>
    public int NextRun() => ++runs;

    /// <summary>How many transactions have written, ever, in the whole cluster: each has taken one id.</summary>
    public Task<long> WritingTransactionsAsync() => ReadAsync<long>(TransactionsSql);

    /// <summary>Bytes of each table with its indexes and partitions.</summary>
    public async Task<IReadOnlyDictionary<string, long>> SizesAsync()
    {
        await using var connection = await Tables.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(string Name, long Bytes)>(SizesSql);
        return rows.ToDictionary(row => row.Name, row => row.Bytes);
    }

    public ValueTask DisposeAsync() => Tables.DisposeAsync();

    private async Task<T?> ReadAsync<T>(string sql)
    {
        await using var connection = await Tables.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<T>(sql, commandTimeout: 60);
    }
}
