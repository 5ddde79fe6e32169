using Inventory.Engine.Database;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>One row of a call, as it was asked. The limits are those of <see cref="StockEdit"/>.</summary>
public sealed record BulkRow
{
    /// <summary>Which stock.</summary>
    public required StockTarget Target { get; init; }

    /// <summary>How it is edited.</summary>
    public required EditKind Kind { get; init; }

    /// <summary>As <see cref="StockEdit.Quantity"/>.</summary>
    public required long Quantity { get; init; }

    /// <summary>If given, the stock row's revision from which the edit was made.</summary>
    public long? ExpectedRevision { get; init; }

    /// <summary>A short code for the journal and reports.</summary>
    public string? Reason { get; init; }

    /// <summary>More words on the reason, for people.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// Of a row that its reader found wrong: its text. It is part of the call's content, and of nothing else.
    /// </summary>
    public string? Unsound { get; init; }

    /// <summary>A row that its reader found wrong.</summary>
    public static BulkRow Wrong(string text) =>
        new()
        {
            Target = StockTarget.At("", ""),
            Kind = default,
            Quantity = 0,
            Unsound = text,
        };

    /// <summary>The content of the call up to this row.</summary>
    internal long Fingerprint(long before)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number(before);
        content.Flag(Unsound is null);
        content.Text(Unsound ?? "");
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
