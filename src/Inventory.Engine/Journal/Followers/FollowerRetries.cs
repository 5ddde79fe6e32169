using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>
/// Hands a follower its parked rows again: of each stock row the first one alone, and once it has been handled those
/// behind it, in their order.
/// </summary>
internal sealed class FollowerRetries(IJournalFollower follower)
{
    private int limit = 1;

    /// <summary>How many were parked at the last look.</summary>
    internal long Count { get; private set; }

    /// <summary>Whether there may be more to hand over at once.</summary>
    internal bool GoOn { get; private set; }

    /// <returns>Whether any was due, how many have been handled, and what failed if it did.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<(bool Tried, int Handled, Exception? Cause)> ExecuteAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        GoOn = false;
        Count = (await ParkedRows.StockAsync(connection, follower.Name, cancellation)).Count;
        if (Count == 0 || await ParkedRows.DueAsync(connection, follower.Name, cancellation) is not { } first)
        {
            limit = 1;
            return (false, 0, null);
        }

        var entries = await ParkedRows.EntriesAsync(connection, follower.Name, first, limit, cancellation);
        try
        {
            if (entries.Count == 0)
            {
                throw new InvalidOperationException("The journal does not have the row any more.");
            }

            await HandleAsync(connection, entries, cancellation);
            GoOn = true;
            Count -= entries.Count;
            limit = Math.Min(limit * 2, follower.PageSize);
            return (true, entries.Count, null);
        }
        catch (FollowerAwayException away)
        {
            return (false, 0, away);
        }
        catch (Exception fault)
            when (!cancellation.IsCancellationRequested
                && connection.FullState == System.Data.ConnectionState.Open
                && !FollowerFault.IsDatabaseAway(fault)
            )
        {
            GoOn = true;
            if (limit == 1)
            {
                await ParkedRows.FailAsync(connection, follower.Name, first.Position, $"{fault}", cancellation);
            }

            limit = 1;
            return (true, 0, fault);
        }
    }

    private async Task HandleAsync(
        NpgsqlConnection connection,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await ParkedRows.UnparkAsync(connection, follower.Name, entries, cancellation) != entries.Count)
        {
            throw new FollowerAwayException("A parked row was given up meanwhile.");
        }

        await follower.HandleAsync(connection, transaction, entries, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
