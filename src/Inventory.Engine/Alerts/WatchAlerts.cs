using Inventory.Engine.Database;
using Inventory.Engine.Journal;

namespace Inventory.Engine.Alerts;

/// <summary>
/// Watches alerts: begins with those that are open, or where a token left off, and goes on with each that is raised,
/// acknowledged or resolved, as it is then.
/// </summary>
public sealed class WatchAlerts(Cell cell)
{
    private int count;

    /// <summary>The most watchers at once.</summary>
    public int WatchersMax { get; init; } = 500;

    /// <summary>How long a watch is silent before it tells how far it is.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Begins a watch.</summary>
    /// <param name="kinds">Of one of these; none: of any.</param>
    /// <param name="resumeToken">Of an earlier watch of the same kinds; none: it begins with what is open.</param>
    /// <returns>The watch, or why there is none.</returns>
    public (AlertWatch? Watch, WatchEnd? Refusal) Open(IReadOnlyList<AlertKind> kinds, string? resumeToken)
    {
        var fingerprint = Fingerprint(kinds);
        JournalCursor? from = null;
        if (!string.IsNullOrEmpty(resumeToken) && !ResumeToken.TryRead(resumeToken, fingerprint, out from))
        {
            return (null, WatchEnd.Of(WatchOutcome.TokenInvalid));
        }

        if (Interlocked.Increment(ref count) > WatchersMax)
        {
            Interlocked.Decrement(ref count);
            return (null, WatchEnd.Of(WatchOutcome.TooManyWatchers));
        }

        var watch = new AlertWatch(cell, kinds, from, fingerprint)
        {
            HeartbeatEvery = HeartbeatEvery,
            Ended = () => Interlocked.Decrement(ref count),
        };
        return (watch, null);
    }

    private static long Fingerprint(IReadOnlyList<AlertKind> kinds)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("alerts.watch");
        foreach (var kind in kinds.Distinct().Order())
        {
            content.Number((long)kind);
        }

        return content.ToFingerprint();
    }
}
