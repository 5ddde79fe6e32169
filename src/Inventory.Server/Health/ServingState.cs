namespace Inventory.Server.Health;

/// <summary>
/// Whether calls should be sent here: no until the first probe passes, and never again once the drain has begun.
/// </summary>
public sealed class ServingState
{
    private readonly Lock gate = new();
    private bool draining;
    private Moment now = new(Serving: false);

    /// <summary>The state at one moment. <see cref="Changed"/> ends when it no longer holds.</summary>
    public sealed record Moment(bool Serving)
    {
        internal TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Changed => Over.Task;
    }

    public Moment Now => Volatile.Read(ref now);

    public bool Draining => Volatile.Read(ref draining);

    /// <summary>What the probes found. Ignored once the drain has begun.</summary>
    /// <returns>Whether this changed the state.</returns>
    public bool Report(bool ready)
    {
        lock (gate)
        {
            return !draining && Set(ready);
        }
    }

    /// <summary>From here on the answer is no.</summary>
    public void BeginDrain()
    {
        lock (gate)
        {
            draining = true;
            Set(serving: false);
        }
    }

    private bool Set(bool serving)
    {
        if (now.Serving == serving)
        {
            return false;
        }

        var over = now;
        now = new(serving);
        over.Over.SetResult();
        return true;
    }
}
