using Dapper;
using Inventory.Testing;
using Npgsql;

namespace Inventory.Faults.Followers;

/// <summary>Sets snares, and takes them away when the server is dead.</summary>
internal sealed class Snares(TestDatabase database, RabbitBroker broker) : IAsyncDisposable
{
    private const string EffectsSql = """
        -- test.hold_effects
        LOCK TABLE stock_daily, alert, scan IN SHARE MODE
        """;

    private const string CursorsSql = """
        -- test.hold_cursors
        LOCK TABLE journal_follower IN SHARE MODE
        """;

    // What waits for the snare was asked by the dead server: it dies with it, as on a machine that has lost its power.
    private const string EndWaitingSql = """
        -- test.end_waiting
        SELECT pg_terminate_backend(a.pid, 5000) FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.wait_event_type = 'Lock'
        """;

    // Nobody waits until the lease of the dead server has lapsed.
    private const string LapseLeasesSql = """
        -- test.lapse_leases
        UPDATE event_subscription SET leased_until = clock_timestamp() - interval '1 second'
        """;

    private NpgsqlConnection? held;
    private bool isBrokerStopped;
    private volatile bool isSilent;

    /// <summary>The subscriber asks before it answers.</summary>
    public async Task AnswerAsync(CancellationToken gone)
    {
        if (isSilent)
        {
            await new TaskCompletionSource().Task.WaitAsync(gone);
        }
    }

    public async Task SetAsync(Snare snare)
    {
        switch (snare)
        {
            case Snare.Effects:
                await HoldAsync(EffectsSql);
                break;
            case Snare.Cursors:
                await HoldAsync(CursorsSql);
                break;
            case Snare.Broker:
                await broker.SignalAsync("STOP");
                isBrokerStopped = true;
                break;
            case Snare.Subscriber:
                isSilent = true;
                break;
            case Snare.None:
                break;
        }
    }

    /// <summary>The server is dead, and so is all that it had asked for.</summary>
    public async Task ReleaseAsync()
    {
        isSilent = false;
        if (isBrokerStopped)
        {
            await broker.SignalAsync("CONT");
            isBrokerStopped = false;
        }

        await using var connection = await database.Tables.OpenConnectionAsync();
        if (held is not null)
        {
            await connection.ExecuteAsync(EndWaitingSql);
            await held.DisposeAsync();
            held = null;
        }

        await connection.ExecuteAsync(LapseLeasesSql);
    }

    public async ValueTask DisposeAsync()
    {
        if (held is not null)
        {
            await held.DisposeAsync();
        }
    }

    private async Task HoldAsync(string sql)
    {
        held = await database.Tables.OpenConnectionAsync();
        // Ends with its connection.
        await held.BeginTransactionAsync();
        await held.ExecuteAsync(sql);
    }
}
