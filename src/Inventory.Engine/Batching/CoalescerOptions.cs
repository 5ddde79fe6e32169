namespace Inventory.Engine.Batching;

/// <summary>The bounds of a coalescer.</summary>
public sealed record CoalescerOptions
{
    /// <summary>Names the operation in metrics, as <c>slice.operation</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>How many batches run side by side, each on a connection of its own.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>The most requests in one batch.</summary>
    public int BatchSizeMax { get; init; } = 400;

    /// <summary>
    /// A lane that becomes free while another is at work takes no fewer than this before <see cref="GatherMsMax"/>: the
    /// other may take them with its next batch, and two small batches cost nearly twice as much as one of both.
    /// </summary>
    public int GatherMin { get; init; } = 100;

    /// <summary>How long they gather, in milliseconds; the other lane may be held up.</summary>
    public int GatherMsMax { get; init; } = 20;

    /// <summary>The most requests that wait; one more is shed at once.</summary>
    public int QueueLengthMax { get; init; } = 20_000;

    /// <summary>A request that has waited longer than this, in milliseconds, is shed when its turn comes.</summary>
    public int WaitMsMax { get; init; } = 5_000;

    /// <summary>How often a batch is run again after a deadlock, a duplicate key or a lost connection.</summary>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>
    /// Whether its statement wants the first rows in an index's order, and must not gather and sort them all.
    /// </summary>
    public bool ReadsInOrder { get; init; }
}
