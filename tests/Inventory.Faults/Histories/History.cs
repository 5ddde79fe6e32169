using System.Collections.Concurrent;

namespace Inventory.Faults.Histories;

/// <summary>Records what callers ask and learn, from many tasks at once. A call that never ends is unknown.</summary>
public sealed class History
{
    private readonly ConcurrentDictionary<RecordedCall, bool> open = new();
    private readonly ConcurrentQueue<Entry> entries = new();

    /// <summary>Every call so far; those that are still under way have not been answered.</summary>
    public IReadOnlyList<Entry> Entries =>
        [
            .. entries,
            .. open.Keys.Select(call => new Entry(
                call.Ask,
                new Unknown("no answer"),
                call.InvokedAt,
                DateTimeOffset.MaxValue
            )),
        ];

    /// <summary>To be called just before the request is sent.</summary>
    public RecordedCall Invoke(Ask ask)
    {
        var call = new RecordedCall(this, ask, TimeProvider.System.GetUtcNow());
        open[call] = true;
        return call;
    }

    internal void Complete(RecordedCall call, Reply reply)
    {
        // First what is known, then what is no longer open: a reader in between sees the call twice, never not at all.
        entries.Enqueue(new Entry(call.Ask, reply, call.InvokedAt, TimeProvider.System.GetUtcNow()));
        open.TryRemove(call, out _);
    }
}
