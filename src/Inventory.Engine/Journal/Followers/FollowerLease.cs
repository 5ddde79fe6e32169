using System.Data;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>
/// Lets one node at a time follow: a lock of the session of its own connection. All that the follower writes goes over
/// the same connection, so that what has lost the lease cannot commit any more.
/// </summary>
internal sealed class FollowerLease(Cell cell, string name) : IAsyncDisposable
{
    private const string TakeSql = """
        -- journal.lease_take
        SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '.follower.' || @Name::text, 0))
        """;

    private NpgsqlConnection? connection;

    /// <summary>Whether this node has it, as far as is known.</summary>
    internal bool IsHeld { get; private set; }

    /// <summary>Only while it is held.</summary>
    internal NpgsqlConnection Connection => connection ?? throw new InvalidOperationException("The lease is not held.");

    /// <summary>Whether the connection is as it should be after a failure.</summary>
    internal bool IsSound => connection is { FullState: ConnectionState.Open };

    /// <summary>Takes it, if nobody else has it.</summary>
    /// <returns>Whether this node has it now.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<bool> TakeAsync(CancellationToken cancellation)
    {
        if (IsHeld && IsSound)
        {
            return true;
        }

        if (!IsSound)
        {
            await GiveUpAsync();
            var next = new NpgsqlConnection(cell.LeaseConnectionString);
            try
            {
                await next.OpenAsync(cancellation);
            }
            catch
            {
                await next.DisposeAsync();
                throw;
            }

            connection = next;
        }

        IsHeld = await connection!.ExecuteScalarAsync<bool>(
            new CommandDefinition(TakeSql, new { Name = name }, cancellationToken: cancellation)
        );
        return IsHeld;
    }

    /// <summary>Lets another node have it at once.</summary>
    internal async ValueTask GiveUpAsync()
    {
        IsHeld = false;
        if (connection is { } last)
        {
            connection = null;
            await last.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => GiveUpAsync();
}
