using Inventory.Engine.Database;

namespace Inventory.Engine.Journal;

/// <summary>Which changes of stock to list: those that match all that is given.</summary>
public sealed record TransactionFilter
{
    /// <summary>Of this item's rows: SKU or item id.</summary>
    public string? Sku { get; init; }

    /// <summary>Of rows at this warehouse: code or id.</summary>
    public string? Warehouse { get; init; }

    /// <summary>That belong to this reservation.</summary>
    public Guid? ReservationId { get; init; }

    /// <summary>Made by this caller, exactly.</summary>
    public string? Actor { get; init; }

    /// <summary>Made by the call with this trace id.</summary>
    public Guid? Trace { get; init; }

    /// <summary>Of one of these kinds; none: of any.</summary>
    public IReadOnlyList<JournalKind> Kinds { get; init; } = [];

    /// <summary>At this time or after, UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>Before this time, UTC.</summary>
    public DateTime? Before { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text(Sku ?? "");
        content.Text(Warehouse ?? "");
        content.Text(ReservationId?.ToString() ?? "");
        content.Text(Actor ?? "");
        foreach (var kind in Kinds.Distinct().Order())
        {
            content.Number((long)kind);
        }

        content.Number(From?.Ticks);
        content.Number(Before?.Ticks);
        if (Trace is { } trace)
        {
            content.Text(trace.ToString());
        }

        return content.ToFingerprint();
    }
}

/// <summary>What became of a request to list. Append only; a number is never used again.</summary>
public enum ListTransactionsOutcome
{
    /// <summary>The page is there; it may be empty and not the last.</summary>
    Listed = 1,

    /// <summary>The SKU is not known.</summary>
    SkuUnknown = 2,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 3,

    /// <summary>The reservation is not known.</summary>
    ReservationUnknown = 4,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 5,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Transactions">The newest first; at most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListTransactionsAnswer(
    ListTransactionsOutcome Outcome,
    IReadOnlyList<Transaction> Transactions,
    string? NextPageToken
);
