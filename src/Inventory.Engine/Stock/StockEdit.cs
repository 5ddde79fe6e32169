using Inventory.Engine.Database;

namespace Inventory.Engine.Stock;

/// <summary>How on hand is edited. Its numbers are the journal's.</summary>
public enum EditKind
{
    /// <summary>Raised by a quantity: goods came in.</summary>
    Add = JournalKind.Added,

    /// <summary>Lowered by a quantity.</summary>
    Remove = JournalKind.Removed,

    /// <summary>Corrected by a difference of either sign, with a reason.</summary>
    Adjust = JournalKind.Adjusted,

    /// <summary>Set to a quantity, as counted.</summary>
    Set = JournalKind.Set,
}

/// <summary>Asks to edit on hand. It has been validated: the limits here are what the statement relies on.</summary>
public sealed record StockEdit
{
    /// <summary>The most of a quantity, and of what is on hand: 2^53 - 1, which JSON carries exactly.</summary>
    public const long QuantityMax = 9_007_199_254_740_991;

    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required string Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which stock.</summary>
    public required StockTarget Target { get; init; }

    /// <summary>How.</summary>
    public required EditKind Kind { get; init; }

    /// <summary>
    /// In the item's base unit. To add or remove: 1 to <see cref="QuantityMax"/>. To adjust: not 0, of either sign. To
    /// set: 0 or more.
    /// </summary>
    public required long Quantity { get; init; }

    /// <summary>If given, the stock row's revision from which the edit was made.</summary>
    public long? ExpectedRevision { get; init; }

    /// <summary>A short code for the journal and reports, such as "found" or "broken".</summary>
    public string? Reason { get; init; }

    /// <summary>More words on the reason, for people.</summary>
    public string? Note { get; init; }

    /// <summary>What the journal keeps: the code, and the note behind a colon.</summary>
    internal string? JournalReason => Note is null ? Reason : $"{Reason}: {Note}";

    /// <summary>What is to be added to on hand; of a set, what on hand is to be.</summary>
    internal long Amount => Kind == EditKind.Remove ? -Quantity : Quantity;

    /// <summary>
    /// Whether it begins a row that is not there: where nothing is, nothing can be taken, and no edit was made from it.
    /// </summary>
    internal bool MayOpen => Target.StockId is null && ExpectedRevision is null && (Kind == EditKind.Set || Amount > 0);

    /// <summary>Of the edit as asked.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.EditStock);
        content.Number((long)Kind);
        content.Number(Target.StockId);
        content.Text(Target.Sku);
        content.Text(Target.Warehouse);
        content.Number(Quantity);
        content.Number(ExpectedRevision);
        content.Text(Reason ?? "");
        content.Text(Note ?? "");
        return content.ToFingerprint();
    }
}
