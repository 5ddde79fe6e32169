namespace Inventory.Server.Hosting.Deadlines;

/// <summary>
/// The time of one call, and then of another: it cancels its token when the time is over, or when the caller leaves. It
/// is made once and serves many calls, so that a call allocates nothing for it.
/// </summary>
internal sealed class CallTime : IDisposable
{
    private const long Idle = 0;
    private const long Over = -1;

    private readonly CancellationTokenSource source = new();
    private CancellationTokenRegistration leaving;

    // Idle, Over, or when it is over. Whoever changes it from one to another has the say: a call that ends at the same
    // moment as its time is not cancelled behind its end, when another call may have this.
    private long due;

    public CancellationToken Token => source.Token;

    /// <summary>What the call had before it had this.</summary>
    public CancellationToken Before => leaving.Token;

    public bool IsOver => Volatile.Read(ref due) == Over;

    /// <param name="dueAt">When it is over, as a timestamp; more than 0.</param>
    /// <param name="left">Says that the caller has left.</param>
    public void Begin(long dueAt, CancellationToken left)
    {
        leaving = left.UnsafeRegister(static self => ((CancellationTokenSource)self!).Cancel(), source);
        Volatile.Write(ref due, dueAt);
    }

    /// <summary>Cancels the call if its time is over.</summary>
    public void Look(long now)
    {
        var seen = Volatile.Read(ref due);
        if (seen > Idle && seen <= now && Interlocked.CompareExchange(ref due, Over, seen) == seen)
        {
            source.Cancel();
        }
    }

    public void Dispose() => source.Dispose();

    /// <summary>The call has ended.</summary>
    /// <returns>Whether another may have this: nothing has been cancelled, and nothing is about to be.</returns>
    public bool End()
    {
        var isStill = leaving.Unregister() || !leaving.Token.CanBeCanceled;
        return Interlocked.Exchange(ref due, Idle) != Over && isStill && source.TryReset();
    }
}
