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

    /// <summary>What is on hand stays, and a quantity of it goes from one state to another.</summary>
    Move = JournalKind.StateMoved,
}

/// <summary>
/// Asks to edit on hand, or the states of it. It has been validated: the limits here are what the statement relies on.
/// </summary>
public sealed record StockEdit
{
    /// <summary>The most of a quantity, and of what is on hand: 2^53 - 1, which JSON carries exactly.</summary>
    public const long QuantityMax = 9_007_199_254_740_991;

    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which stock.</summary>
    public required StockTarget Target { get; init; }

    /// <summary>How.</summary>
    public required EditKind Kind { get; init; }

    /// <summary>
    /// In the item's base unit. To add, remove or move: 1 to <see cref="QuantityMax"/>. To adjust: not 0, of either
    /// sign. To set: 0 or more.
    /// </summary>
    public required long Quantity { get; init; }

    /// <summary>The state that the quantity is in; of a move, that from which it goes. A set knows none.</summary>
    public StockState State { get; init; } = StockState.Available;

    /// <summary>The state that it is moved to; of a move only, and another.</summary>
    public StockState? To { get; init; }

    /// <summary>If given, the stock row's revision from which the edit was made.</summary>
    public long? ExpectedRevision { get; init; }

    /// <summary>A short code for the journal and reports, such as "found" or "broken".</summary>
    public string? Reason { get; init; }

    /// <summary>More words on the reason, for people.</summary>
    public string? Note { get; init; }

    /// <summary>What the journal keeps: the code, and the note behind a colon.</summary>
    internal string? JournalReason => Note is null ? Reason : $"{Reason}: {Note}";

    /// <summary>What is to be added to on hand; of a set, what on hand is to be.</summary>
    internal long Amount =>
        Kind switch
        {
            EditKind.Remove => -Quantity,
            EditKind.Move => 0,
            EditKind.Add or EditKind.Adjust or EditKind.Set => Quantity,
        };

    /// <summary>What is to be added to damaged.</summary>
    internal long Damaged => Change(StockState.Damaged);

    /// <summary>What is to be added to quality control.</summary>
    internal long QualityControl => Change(StockState.QualityControl);

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
        if (State != StockState.Available || To is not null)
        {
            content.Text("state");
            content.Number((long)State);
            content.Number((long?)To);
        }

        if (Target.ProductId is { } productId)
        {
            content.Text("product");
            content.Text(productId);
        }

        return content.ToFingerprint();
    }

    private long Change(StockState state) =>
        Kind == EditKind.Move ? (To == state ? Quantity : 0) - (State == state ? Quantity : 0)
        : State == state ? Amount
        : 0;
}
