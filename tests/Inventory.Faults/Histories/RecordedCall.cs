namespace Inventory.Faults.Histories;

/// <summary>A call that was begun.</summary>
public sealed class RecordedCall
{
    private readonly History history;

    internal RecordedCall(History history, Ask ask, DateTimeOffset invokedAt)
    {
        this.history = history;
        Ask = ask;
        InvokedAt = invokedAt;
    }

    internal Ask Ask { get; }

    internal DateTimeOffset InvokedAt { get; }

    /// <summary>To be called once, as soon as the answer is there.</summary>
    public TReply Complete<TReply>(TReply reply)
        where TReply : Reply
    {
        history.Complete(this, reply);
        return reply;
    }
}
