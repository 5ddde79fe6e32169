using System.Diagnostics;

namespace Inventory.Engine.Telemetry;

/// <summary>How far a follower of this node is. Its loop writes, whoever collects reads.</summary>
public sealed class FollowerProgress
{
    private readonly Lock gate = new();
    private long began;
    private long next;
    private TimeSpan behind;
    private bool known;
    private bool active;
    private long parked;

    internal FollowerProgress(string name) => Name = name;

    internal string Name { get; }

    internal bool IsActive
    {
        get => Volatile.Read(ref active);
        set
        {
            Volatile.Write(ref active, value);
            known &= value;
        }
    }

    internal long Parked
    {
        get => Volatile.Read(ref parked);
        set => Volatile.Write(ref parked, value);
    }

    /// <summary>How long ago all that it has handled was all there was; none on a node that does not follow.</summary>
    internal TimeSpan? Lag
    {
        get
        {
            lock (gate)
            {
                return known ? behind + Stopwatch.GetElapsedTime(began) : null;
            }
        }
    }

    /// <summary>A page is read.</summary>
    /// <param name="isPass">It begins a pass: all that is committed now is in its pages.</param>
    internal void Began(bool isPass)
    {
        lock (gate)
        {
            if (isPass || next == 0)
            {
                next = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>The page has been handled.</summary>
    /// <param name="asOf">When its pass began.</param>
    /// <param name="through">Up to when all has been handled.</param>
    internal void Read(DateTime asOf, DateTime through)
    {
        lock (gate)
        {
            began = next;
            behind = through < asOf ? asOf - through : TimeSpan.Zero;
            known = true;
        }
    }
}
