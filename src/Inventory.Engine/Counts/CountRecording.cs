using Inventory.Engine.Database;

namespace Inventory.Engine.Counts;

/// <summary>What was found of an item.</summary>
/// <param name="Item">SKU or item id.</param>
/// <param name="State">What of it was counted.</param>
/// <param name="Quantity">In its base unit, 0 to 2^53 - 1.</param>
public sealed record CountedItem(string Item, CountedState State, long Quantity);

/// <summary>Asks to record what was found. It has been validated.</summary>
public sealed record CountRecording
{
    /// <summary>The most lines that are recorded together.</summary>
    public const int LinesMax = 1_000;

    /// <summary>The principal; part of the request's identity, and who counted.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>The count.</summary>
    public required Guid CountId { get; init; }

    /// <summary>1 to <see cref="LinesMax"/>.</summary>
    public required IReadOnlyList<CountedItem> Lines { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.RecordCounts);
        content.Text($"{CountId}");
        foreach (var line in Lines)
        {
            content.Text(line.Item);
            content.Number((long)line.State);
            content.Number(line.Quantity);
        }

        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to record. Declared in the order they are checked. Append only; a number is never used
/// again.
/// </summary>
public enum RecordCountsOutcome
{
    /// <summary>All lines are recorded.</summary>
    Recorded = 1,

    /// <summary>The same request recorded them before.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such count.</summary>
    CountUnknown = 4,

    /// <summary>The count is not open any more.</summary>
    CountEnded = 5,

    /// <summary>Some items are not known.</summary>
    SkuUnknown = 6,

    /// <summary>Some items are kits, which have no stock of their own.</summary>
    ItemIsKit = 7,

    /// <summary>Some items are not among those that this count is of.</summary>
    NotInCount = 8,

    /// <summary>The difference of some items is in the stock already.</summary>
    LineApproved = 9,

    /// <summary>Some items are counted twice in the request, in all and apart or the same twice.</summary>
    CountedTwice = 10,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Count">As it is after the request, if there is one; with a replay as it was then.</param>
/// <param name="Lines">As they were recorded, in the order of the request.</param>
/// <param name="Names">The items that are meant by a refusal, as they were asked for.</param>
public sealed record RecordCountsAnswer(
    RecordCountsOutcome Outcome,
    StockCount? Count,
    IReadOnlyList<CountLine> Lines,
    IReadOnlyList<string> Names
);
