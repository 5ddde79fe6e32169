using Dapper;
using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Followers;
using Npgsql;

namespace Inventory.Engine.Tests.Journal.Followers;

/// <summary>Writes down in its transaction what it is handed, in the order in which it is.</summary>
internal sealed class SeenFollower(string name = "seen") : IJournalFollower
{
    private const string SeenSql = """
        -- test.seen
        INSERT INTO seen (follower, position, stock_id, version)
        SELECT @Name, e.position, e.stock_id, e.version
        FROM unnest(@Positions::bigint[], @StockIds::bigint[], @Versions::bigint[]) WITH ORDINALITY AS e (position, stock_id, version, n)
        ORDER BY e.n
        """;

    internal const string TableSql = """
        -- test.seen_table
        CREATE TABLE seen (n bigint GENERATED ALWAYS AS IDENTITY, follower text, position bigint, stock_id bigint, version bigint)
        """;

    public string Name => name;

    public int PageSize { get; init; } = 100;

    public bool FromBeginning { get; init; }

    /// <summary>What it cannot handle.</summary>
    internal HashSet<(long StockId, long Version)> Poison { get; } = [];

    /// <summary>Runs after it has written.</summary>
    internal Func<NpgsqlConnection, Task>? Afterwards { get; set; }

    /// <summary>How many rows it was handed at each call.</summary>
    internal List<int> Calls { get; } = [];

    public async Task HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        Calls.Add(entries.Count);
        await connection.ExecuteAsync(
            SeenSql,
            new
            {
                Name,
                Positions = entries.Select(e => e.Position).ToArray(),
                StockIds = entries.Select(e => e.StockId).ToArray(),
                Versions = entries.Select(e => e.Version).ToArray(),
            }
        );
        if (entries.FirstOrDefault(e => Poison.Contains((e.StockId ?? 0, e.Version ?? 0))) is { } poison)
        {
            throw new InvalidOperationException($"poison at {poison.Position}");
        }

        if (Afterwards is { } then)
        {
            await then(connection);
        }
    }
}
