using System.Globalization;
using Inventory.Engine.Alerts;
using Inventory.Engine.Journal.Followers;

namespace Inventory.Server.Alerts;

/// <summary>
/// Judges the system itself, at each ring: reservations that this server refused in the last minute, and followers that
/// are behind. An alert is over when what it is about is well below its threshold.
/// </summary>
internal sealed class OperationAlerts(
    RaiseAlerts alerts,
    ListFollowers followers,
    ReserveTally tally,
    AlertOptions options
)
{
    /// <summary>A minute, at a ring every ten seconds.</summary>
    private const int WindowRings = 6;

    /// <summary>Of fewer reservations a share says nothing.</summary>
    public const int ReservationsMin = 50;

    private readonly Queue<(long Granted, long Refused)> window = new([(0, 0)]);
    private readonly HashSet<string> suspects = [];

    /// <summary>Judges what was refused since the ring a minute ago.</summary>
    public async Task JudgeReservationsAsync(CancellationToken cancellation)
    {
        var now = tally.Now;
        window.Enqueue(now);
        var then = window.Count > WindowRings ? window.Dequeue() : window.Peek();
        var refused = now.Refused - then.Refused;
        var all = refused + now.Granted - then.Granted;
        var perMille = all >= ReservationsMin ? refused * 1_000 / all : 0;
        var threshold = options.RefusedPercent * 10;
        var subject = Environment.MachineName;
        if (perMille >= threshold)
        {
            var message = string.Create(
                CultureInfo.InvariantCulture,
                $"{refused} of {all} reservations were refused within a minute."
            );
            await alerts.RaiseAsync(
                AlertKind.HighReservationFailure,
                [new(subject, message, perMille, threshold)],
                cancellation
            );
        }
        else if (perMille <= threshold * 8 / 10)
        {
            await alerts.ResolveAsync(AlertKind.HighReservationFailure, [subject], cancellation);
        }
    }

    /// <summary>Judges how far followers are behind. After a start they have until the next ring to catch up.</summary>
    public async Task JudgeFollowersAsync(CancellationToken cancellation)
    {
        var states = await followers.ExecuteAsync(cancellation);
        var late = states.Where(s => s.LagSeconds > options.LagMax.TotalSeconds || s.Parked > 0).ToList();
        await alerts.RaiseAsync(
            AlertKind.StaleFollower,
            [.. late.Where(s => s.Parked > 0 || suspects.Contains(s.Name)).Select(Cause)],
            cancellation
        );
        suspects.Clear();
        suspects.UnionWith(late.Select(s => s.Name));
        var well = states.Where(s => s.LagSeconds <= options.LagMax.TotalSeconds / 2 && s.Parked == 0);
        await alerts.ResolveAsync(AlertKind.StaleFollower, [.. well.Select(s => s.Name)], cancellation);
    }

    private AlertCause Cause(FollowerState state) =>
        new(
            state.Name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{state.Name} is {state.LagSeconds:0} s behind the journal, and has {state.Parked} rows parked."
            ),
            (long)state.LagSeconds,
            (long)options.LagMax.TotalSeconds
        );
}
