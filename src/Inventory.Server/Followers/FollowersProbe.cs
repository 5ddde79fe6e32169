using Inventory.Engine.Database;
using Inventory.Engine.Journal.Followers;

namespace Inventory.Server.Followers;

/// <summary>
/// A server serves once each of its followers has its place in the journal: whatever is written through it from then on
/// is followed, however late the first of them has its lease. A place is kept, so what was once found is not asked
/// again.
/// </summary>
internal sealed class FollowersProbe(BeginFollowers begin, Migrator migrator, IEnumerable<IJournalFollower> followers)
{
    private bool begun;

    public async Task<string?> FindAsync(CancellationToken cancellation)
    {
        if (begun)
        {
            return null;
        }

        if ((await migrator.PendingAsync(cancellation)).Count > 0)
        {
            return "they begin after the migrations";
        }

        await begin.ExecuteAsync(followers, cancellation);
        begun = true;
        return null;
    }
}
