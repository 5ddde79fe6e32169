using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>
/// The one connection of a lane. It holds a session lock that no other connection of this lane can hold at the same
/// time: after a lost connection the next one waits until the old backend, which may still be at work on its last
/// batch, is surely gone. Without this an abandoned statement granted what its rerun had refused.
/// </summary>
public sealed class HotConnection : IAsyncDisposable
{
    private const string TakeLaneSql = """
        -- database.take_lane
        SELECT a.pid, a.backend_start AS started
        FROM pg_advisory_lock(@Key) AS taken, pg_stat_activity a WHERE a.pid = pg_backend_pid()
        """;

    private const string EndBackendSql = """
        -- database.end_backend
        SELECT pg_terminate_backend(pid, 3000) FROM pg_stat_activity WHERE pid = @Pid AND backend_start = @Started
        """;

    private readonly string connectionString;
    private readonly long laneKey = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private NpgsqlConnection? connection;
    private Backend? last;

    /// <param name="cell">Where it goes.</param>
    /// <param name="readsInOrder">Whether what its statement reads by an index comes in the index's order.</param>
    internal HotConnection(Cell cell, bool readsInOrder) =>
        connectionString = readsInOrder ? cell.OrderedConnectionString : cell.HotConnectionString;

    private sealed record Backend(int Pid, DateTime Started);

    /// <summary>
    /// Whether the present connection has been open: a failure now says nothing about the batch that was sent on it.
    /// </summary>
    internal bool WasOpen => connection is not null;

    /// <summary>The open connection; a new one if the last was lost.</summary>
    /// <exception cref="NpgsqlException">
    /// The database is away, or the lost connection's backend does not end.
    /// </exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation) =>
        connection is { FullState: System.Data.ConnectionState.Open } open
            ? ValueTask.FromResult(open)
            : new ValueTask<NpgsqlConnection>(ReopenAsync(cancellation));

    /// <summary>Gives the connection up: whether its last statement committed is not known here.</summary>
    public async ValueTask AbandonAsync()
    {
        if (connection is { } lost)
        {
            connection = null;
            await lost.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => AbandonAsync();

    private async Task<NpgsqlConnection> ReopenAsync(CancellationToken cancellation)
    {
        await AbandonAsync();
        var next = new NpgsqlConnection(connectionString);
        try
        {
            await next.OpenAsync(cancellation);
            if (last is { } abandoned)
            {
                // Ended rather than waited for: a backend behind a dead network would keep the lane's lock until TCP
                // gives up.
                await next.ExecuteAsync(
                    new CommandDefinition(EndBackendSql, abandoned, cancellationToken: cancellation)
                );
            }

            last = await next.QuerySingleAsync<Backend>(
                new CommandDefinition(TakeLaneSql, new { Key = laneKey }, cancellationToken: cancellation)
            );
            return connection = next;
        }
        catch
        {
            await next.DisposeAsync();
            throw;
        }
    }
}
