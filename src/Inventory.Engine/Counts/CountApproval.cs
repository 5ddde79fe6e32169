using Inventory.Engine.Database;

namespace Inventory.Engine.Counts;

/// <summary>Asks to bring the stock to what was counted. It has been validated.</summary>
public sealed record CountApproval
{
    /// <summary>The most items that one request names; without names all are meant.</summary>
    public const int ItemsMax = 1_000;

    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>The count.</summary>
    public required Guid CountId { get; init; }

    /// <summary>SKUs or item ids, at most <see cref="ItemsMax"/>; none: all that is counted and not approved.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>If given, the count's version that the caller has seen.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>For the journal and reports.</summary>
    public string? Reason { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.ApproveCount);
        content.Text($"{CountId}");
        content.Number(Items.Count);
        foreach (var item in Items)
        {
            content.Text(item);
        }

        content.Number(ExpectedVersion);
        content.Text(Reason ?? "");
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to approve. Declared in the order they are checked. Append only; a number is never used
/// again.
/// </summary>
public enum ApproveCountOutcome
{
    /// <summary>What could be approved is in the stock; the answer says what could not.</summary>
    Approved = 1,

    /// <summary>The same request did it before, or all was approved already.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such count.</summary>
    CountUnknown = 4,

    /// <summary>The count was given up.</summary>
    CountEnded = 5,

    /// <summary>The count's version is not the one that the caller has seen.</summary>
    VersionConflict = 6,

    /// <summary>Some items are not known.</summary>
    SkuUnknown = 7,

    /// <summary>Some items have no line in this count.</summary>
    NotInCount = 8,
}

/// <summary>Why the lines of an item were not approved. Append only; a number is never used again.</summary>
public enum LineRefusal
{
    /// <summary>Nothing is recorded of it.</summary>
    NotCounted = 1,

    /// <summary>Less would be there than is reserved, damaged and in quality control.</summary>
    BelowReserved = 2,

    /// <summary>Its stock row was deleted since it was counted.</summary>
    StockGone = 3,

    /// <summary>More would be on hand than can be counted.</summary>
    TooMuch = 4,
}

/// <summary>An item whose lines stay open. Amounts are of its stock row as it was when it was refused.</summary>
public sealed record RefusedLine
{
    /// <summary>The item.</summary>
    public string Sku { get; init; } = "";

    /// <summary>Why.</summary>
    public LineRefusal Refusal { get; init; }

    /// <summary>What would be added to what is on hand; the sum of its lines.</summary>
    public long Difference { get; init; }

    /// <summary>What is there.</summary>
    public long OnHand { get; init; }

    /// <summary>What of it is reserved.</summary>
    public long Reserved { get; init; }

    /// <summary>What of it is damaged.</summary>
    public long Damaged { get; init; }

    /// <summary>What of it is in quality control.</summary>
    public long QualityControl { get; init; }
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Count">As it is after the request, if there is one; with a replay as it was then.</param>
/// <param name="ApprovedLines">How many lines this request approved, those without a difference too.</param>
/// <param name="Refused">Items that stay open, by SKU.</param>
/// <param name="Names">The items that are meant by a refusal of the whole, as they were asked for.</param>
public sealed record ApproveCountAnswer(
    ApproveCountOutcome Outcome,
    StockCount? Count,
    long ApprovedLines,
    IReadOnlyList<RefusedLine> Refused,
    IReadOnlyList<string> Names
);
