namespace Inventory.Engine.Counts;

/// <summary>Which lines of a count to show. Append only; a number is never used again.</summary>
public enum LineSelection
{
    /// <summary>Those of which nothing is recorded.</summary>
    Uncounted = 1,

    /// <summary>Those that are counted, and not approved.</summary>
    Counted = 2,

    /// <summary>Those that are approved.</summary>
    Approved = 3,
}

/// <summary>What is at stake in one currency.</summary>
/// <param name="Amount">An exact decimal.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record StakeValue(string Amount, string Currency);

/// <summary>What became of a request to read a count. Append only; a number is never used again.</summary>
public enum GetCountOutcome
{
    /// <summary>It is there.</summary>
    Found = 1,

    /// <summary>There is no such count.</summary>
    CountUnknown = 2,

    /// <summary>The page token was not made by this operation for this count.</summary>
    PageTokenInvalid = 3,
}

/// <summary>A count, how far it is, and a page of its lines.</summary>
/// <param name="Outcome">What became of the request; but for this all is empty with a refusal.</param>
/// <param name="Count">As it is now.</param>
/// <param name="LineCount">How many lines it has.</param>
/// <param name="CountedLines">How many of them are counted, approved or not.</param>
/// <param name="ApprovedLines">How many of them are approved.</param>
/// <param name="DifferentLines">How many of them found another quantity.</param>
/// <param name="Stakes">The differences of all lines at their unit costs, by currency, without their signs.</param>
/// <param name="Lines">Of the lines that were asked for a page, in the order of their items' ids.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record CountSheet(
    GetCountOutcome Outcome,
    StockCount? Count,
    long LineCount,
    long CountedLines,
    long ApprovedLines,
    long DifferentLines,
    IReadOnlyList<StakeValue> Stakes,
    IReadOnlyList<CountLine> Lines,
    string? NextPageToken
);
