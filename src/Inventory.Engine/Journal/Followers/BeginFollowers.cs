using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>
/// Gives followers that have never run their place in the journal. A server asks for it before it serves: a follower
/// that began with its own first step would never see what was written until it had the lease.
/// </summary>
public sealed class BeginFollowers(Cell cell)
{
    /// <summary>Safe on many nodes, and safe twice: a follower that has a place keeps it.</summary>
    /// <param name="followers">Those that choose the beginning need no place: they miss nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task ExecuteAsync(IEnumerable<IJournalFollower> followers, CancellationToken cancellation)
    {
        string[] names = [.. followers.Where(f => !f.FromBeginning).Select(f => f.Name)];
        var (end, asOf) = await new FollowJournal(cell).EndAsync(cancellation);
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await StoredCursor.BeginAbsentAsync(connection, names, $"{end}", asOf, cancellation);
    }
}
