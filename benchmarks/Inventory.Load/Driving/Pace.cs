using System.Diagnostics;

namespace Inventory.Load.Driving;

/// <summary>
/// When the next call is due. Closed: as soon as a slot is free, which finds the peak. Open: by a schedule that does
/// not wait for answers, so that a call delayed by a slow server counts its whole delay.
/// </summary>
internal sealed class Pace
{
    private readonly double ticksBetween;
    private long start;
    private long taken;

    private Pace(double ticksBetween) => this.ticksBetween = ticksBetween;

    public static Pace Closed() => new(0);

    public static Pace Open(double callsPerSecond) => new(Stopwatch.Frequency / callsPerSecond);

    public void Start(long now) => start = now;

    /// <summary>Never, where it is closed: only an answer lets the next call start.</summary>
    public long NextDue => ticksBetween == 0 ? long.MaxValue : start + (long)(taken * ticksBetween);

    public bool TryTake(long now, out long due)
    {
        due = ticksBetween == 0 ? now : NextDue;
        if (due > now)
            return false;
        taken++;
        return true;
    }
}
