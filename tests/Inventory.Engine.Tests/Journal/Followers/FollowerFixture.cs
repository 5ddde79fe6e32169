using Dapper;
using Inventory.Engine.Journal.Followers;
using Inventory.Engine.Telemetry;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal.Followers;

/// <summary>Each test follows a journal that nobody else writes, of four stock rows.</summary>
public abstract class FollowerFixture : FollowJournalFixture
{
    private const string EndBackendsSql = """
        -- test.end_backends
        SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private readonly List<RunFollower> runs = [];
    private readonly FollowerMetrics metrics = new();

    private protected List<FollowerNote> Notes { get; } = [];

    [SetUp]
    public Task OpenSeen() => Execute(SeenFollower.TableSql);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var run in runs)
        {
            await run.DisposeAsync();
        }

        metrics.Dispose();
        await base.DisposeAsync();
    }

    private protected RunFollower Run(IJournalFollower follower)
    {
        var run = new RunFollower(Database.Cell, follower, metrics)
        {
            AttemptsMax = 3,
            StoreEvery = TimeSpan.Zero,
            RetryEvery = TimeSpan.Zero,
        };
        run.Noted += Notes.Add;
        runs.Add(run);
        return run;
    }

    /// <summary>Steps until all there is has been handled; what is lost on the way is begun again.</summary>
    private protected static async Task CatchUp(RunFollower run, int stepsMax = 1_000)
    {
        for (var steps = 0; steps < stepsMax; steps++)
        {
            try
            {
                if (await run.StepAsync(CancellationToken.None) == FollowerStep.Idle)
                {
                    return;
                }
            }
            catch (NpgsqlException)
            {
                // Its connection was ended: the next step opens another.
            }
        }

        throw new TimeoutException($"Not all was handled in {stepsMax} steps.");
    }

    /// <summary>What has been handled, in the order in which it was.</summary>
    private protected async Task<IReadOnlyList<(long StockId, long Version)>> Seen()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (await connection.QueryAsync<(long, long)>("SELECT stock_id, version FROM seen ORDER BY n")).AsList();
    }

    private protected async Task<IReadOnlyList<(long StockId, bool HasError)>> Parked()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (
            await connection.QueryAsync<(long, bool)>(
                "SELECT stock_id, error <> '' FROM journal_parked ORDER BY position"
            )
        ).AsList();
    }

    private protected async Task Execute(string sql, object? parameters = null)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    /// <summary>As a node's death: its connection, lease and transaction are gone.</summary>
    private protected Task EndLeases() => Execute(EndBackendsSql);
}
