using Dapper;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>
/// A cell: one PostgreSQL schema with everything that a reservation touches, and two ways to reach it. No statement
/// names the schema; the search path does.
/// </summary>
public sealed class Cell : IAsyncDisposable
{
    // Arrays hide their sizes from the planner, and a generic plan made on empty tables is kept for the connection's
    // life. With these settings no plan can degenerate into nested loops over arrays or into sequential scans
    // (measured: 8,000 against 83,000 reservations a second).
    private static readonly IReadOnlyDictionary<string, string> HotPlanner = new Dictionary<string, string>
    {
        ["enable_nestloop"] = "off",
        ["enable_mergejoin"] = "off",
        ["enable_seqscan"] = "off",
        ["plan_cache_mode"] = "force_generic_plan",
    };

    // Of a lane whose statement wants the first rows in an index's order. Planned while the table had few rows, it
    // would gather and sort all of them for ever: a proof of a refusal took 16 ms where it takes 1.
    private static readonly IReadOnlyDictionary<string, string> InOrder = new Dictionary<string, string>
    {
        ["enable_bitmapscan"] = "off",
    };

    // The cores are for sales. As soon as a table is large enough a read of a few rows would start workers and compile
    // its plan, which costs more than the read: the proof of a refusal took 6 ms instead of 0.4.
    private static readonly IReadOnlyDictionary<string, string> Modest = new Dictionary<string, string>
    {
        ["jit"] = "off",
        ["max_parallel_workers_per_gather"] = "0",
    };

    private const string SettingSql = """
        -- database.setting
        SELECT current_setting(@Name)
        """;

    private const int FollowingPoolSize = 8;
    private const int BulkPoolSize = 4;

    // A bulk call holds many rows while it runs. It gives up where sales would begin to fail, and a server that freezes
    // in the middle of one lets go of them.
    private static readonly IReadOnlyDictionary<string, string> BulkLimits = new Dictionary<string, string>
    {
        ["default_transaction_isolation"] = "read committed",
        ["synchronous_commit"] = "on",
        ["lock_timeout"] = "10000",
        ["idle_in_transaction_session_timeout"] = "5000",
        ["client_connection_check_interval"] = "1s",
    };

    // Of a follower's own connection, whose end gives up its lease. A follower that froze, or whose network is gone, is
    // found out within seconds. What it writes is redone from its cursor after a crash, so no commit waits for a flush.
    private static readonly IReadOnlyDictionary<string, string> Leased = new Dictionary<string, string>
    {
        ["default_transaction_isolation"] = "read committed",
        ["synchronous_commit"] = "off",
        ["lock_timeout"] = "5000",
        ["idle_session_timeout"] = "15000",
        ["idle_in_transaction_session_timeout"] = "15000",
        ["client_connection_check_interval"] = "1s",
        ["tcp_keepalives_idle"] = "5",
        ["tcp_keepalives_interval"] = "2",
        ["tcp_keepalives_count"] = "3",
    };

    private readonly CellOptions options;

    static Cell() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Opens no connection yet.</summary>
    /// <param name="options">Where the cell lives.</param>
    public Cell(CellOptions options)
    {
        this.options = options;
        var general = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        general.SearchPath ??= CellOptions.DefaultSchema;
        general.MaxPoolSize = options.GeneralPoolSize;
        general.MaxAutoPrepare = 100;
        general.AutoPrepareMinUsages = 2;
        general.CommandTimeout = 30;
        general.Timeout = 5;
        general.ApplicationName ??= "inventory";
        general.Options = $"{general.Options} {Join(Modest)}".TrimStart();
        Schema = general.SearchPath;

        var hot = new NpgsqlConnectionStringBuilder(general.ConnectionString)
        {
            Pooling = false,
            AutoPrepareMinUsages = 1,
            CommandTimeout = options.StatementTimeoutMs / 1000 + 1,
            CancellationTimeout = 500,
            Timeout = 3,
            Options = $"{general.Options} {Join(HotSettings(options))}",
        };
        HotConnectionString = hot.ConnectionString;
        hot.Options = $"{hot.Options} {Join(InOrder)}";
        OrderedConnectionString = hot.ConnectionString;
        General = new NpgsqlDataSourceBuilder(general.ConnectionString).Build();
        var following = new NpgsqlConnectionStringBuilder(general.ConnectionString)
        {
            MaxPoolSize = FollowingPoolSize,
            Options = $"{general.Options} {Join(HotPlanner)}",
        };
        Following = new NpgsqlDataSourceBuilder(following.ConnectionString).Build();
        var bulk = new NpgsqlConnectionStringBuilder(general.ConnectionString)
        {
            MaxPoolSize = BulkPoolSize,
            Options = $"{general.Options} {Join(HotPlanner)} {Join(BulkLimits)}",
        };
        Bulk = new NpgsqlDataSourceBuilder(bulk.ConnectionString).Build();
        var leased = new NpgsqlConnectionStringBuilder(general.ConnectionString)
        {
            Pooling = false,
            Options = $"{general.Options} {Join(Leased)}",
        };
        LeaseConnectionString = leased.ConnectionString;
    }

    /// <summary>The schema that the search path names.</summary>
    public string Schema { get; }

    /// <summary>Pooled connections with the default planner, for reads, lists and edits by people.</summary>
    public NpgsqlDataSource General { get; }

    /// <summary>
    /// Pooled connections with the planner of the hot path, for passes over the journal. What they read is the end of a
    /// table that grows faster than its statistics: the default planner thought a third of it new, and scanned it whole
    /// twice a second.
    /// </summary>
    internal NpgsqlDataSource Following { get; }

    /// <summary>
    /// Pooled connections with the planner of the hot path, for calls that edit thousands of rows by arrays.
    /// </summary>
    internal NpgsqlDataSource Bulk { get; }

    internal string HotConnectionString { get; }

    /// <summary>As the other lanes', and what is read by an index comes in its order.</summary>
    internal string OrderedConnectionString { get; }

    /// <summary>
    /// Of a connection that is a follower's own, with the default planner: its transactions are ordinary ones.
    /// </summary>
    internal string LeaseConnectionString { get; }

    /// <summary>Reads back what the hot path relies on, on a hot connection.</summary>
    /// <returns>A sentence for each setting that is not as it must be; none if all is well.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(HotConnectionString);
        await connection.OpenAsync(cancellation);
        var problems = new List<string>();
        var expected = HotSettings(options).Append(new("fsync", "on")).Append(new("full_page_writes", "on"));
        foreach (var (name, value) in expected.Where(s => !s.Key.EndsWith("timeout", StringComparison.Ordinal)))
        {
            var command = new CommandDefinition(SettingSql, new { Name = name }, cancellationToken: cancellation);
            var actual = await connection.QuerySingleAsync<string>(command);
            if (actual != value)
            {
                problems.Add($"{name} is {actual}, and must be {value}");
            }
        }

        return problems;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await General.DisposeAsync();
        await Following.DisposeAsync();
        await Bulk.DisposeAsync();
    }

    private static IEnumerable<KeyValuePair<string, string>> HotSettings(CellOptions options) =>
        [
            .. HotPlanner,
            .. Modest,
            new("default_transaction_isolation", "read committed"),
            new("synchronous_commit", options.SynchronousCommit ? "on" : "off"),
            new("statement_timeout", $"{options.StatementTimeoutMs}"),
            new("lock_timeout", $"{options.LockTimeoutMs}"),
            new("idle_in_transaction_session_timeout", "5000"),
            // A backend whose client is gone notices it while it waits, and lets go of its rows.
            new("client_connection_check_interval", "1s"),
        ];

    private static string Join(IEnumerable<KeyValuePair<string, string>> settings) =>
        string.Join(' ', settings.Select(s => $"-c {s.Key}={s.Value.Replace(" ", "\\ ", StringComparison.Ordinal)}"));
}
