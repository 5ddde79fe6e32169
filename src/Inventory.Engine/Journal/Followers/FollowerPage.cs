using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>A page on its way to a follower: what is in it, and where the cursor stands before and behind it.</summary>
/// <param name="Follower">Whose.</param>
/// <param name="Page">As it was read.</param>
/// <param name="Stored">What the table has as the cursor.</param>
internal sealed record FollowerPage(IJournalFollower Follower, JournalPage Page, string Stored)
{
    /// <summary>What the table has as the cursor once the page has been handled.</summary>
    internal string Next { get; } = Page.Next.ToString();

    /// <summary>All that was committed then has been handled with this page.</summary>
    internal DateTime Through { get; } = Page.IsLast ? Page.AsOf : Page.Entries[^1].At;

    /// <summary>Hands it over and moves the cursor, in one transaction.</summary>
    /// <returns>How many were handed over, and how many are parked now.</returns>
    internal async Task<(int Handled, long Parked)> HandleAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var parked = await ParkedRows.StockAsync(connection, Follower.Name, cancellation);
        var blocked = parked.StockIds.ToHashSet();
        var behind = Page.Entries.Where(e => e.StockId is { } id && blocked.Contains(id)).ToList();
        var free = Page.Entries;
        if (behind.Count > 0)
        {
            free = [.. Page.Entries.Where(e => e.StockId is not { } id || !blocked.Contains(id))];
            await ParkedRows.ParkAsync(connection, Follower.Name, behind, "", 0, cancellation);
        }

        if (free.Count > 0)
        {
            await Follower.HandleAsync(connection, transaction, free, cancellation);
        }

        await MoveAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        return (free.Count, parked.Count + behind.Count);
    }

    /// <summary>Parks its rows, and moves the cursor.</summary>
    internal async Task ParkAsync(
        NpgsqlConnection connection,
        Exception fault,
        int attempts,
        CancellationToken cancellation
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ParkedRows.ParkAsync(connection, Follower.Name, Page.Entries, $"{fault}", attempts, cancellation);
        await MoveAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Moves the cursor alone.</summary>
    internal Task MoveAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        StoredCursor.MoveAsync(connection, Follower.Name, Stored, Next, Through, cancellation);
}
