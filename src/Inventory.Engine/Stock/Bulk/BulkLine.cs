using Inventory.Engine.Database;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>A row with its names resolved: little, because a call may have a million.</summary>
internal readonly record struct BulkLine
{
    /// <summary>Its reader found it wrong: it is counted, and not looked at.</summary>
    public bool IsUnsound { get; init; }

    public EditKind Kind { get; init; }

    /// <summary>What is to be added to on hand; of a set, what on hand is to be.</summary>
    public long Amount { get; init; }

    public long? Expected { get; init; }

    /// <summary>What the journal keeps.</summary>
    public string? Reason { get; init; }

    /// <summary>None if there is no such row, as far as is known.</summary>
    public long? StockId { get; init; }

    /// <summary>None where the row is named by its own id, or the SKU is not known.</summary>
    public ItemRows? Item { get; init; }

    /// <summary>Likewise.</summary>
    public WarehouseRow? Warehouse { get; init; }

    /// <summary>As asked, where a name is not known.</summary>
    public StockTarget? Unknown { get; init; }

    /// <summary>As <see cref="StockEdit.MayOpen"/>.</summary>
    public bool MayOpen => Item is not null && Expected is null && (Kind == EditKind.Set || Amount > 0);

    /// <summary>As it is called.</summary>
    public StockTarget Target =>
        Unknown
        ?? (
            Item is { } item ? StockTarget.At(item.Sku, Warehouse!.Code) : StockTarget.Row(StockId.GetValueOrDefault())
        );

    public static BulkLine Of(BulkRow row, string? reason, ResolvedTarget found)
    {
        var known = row.Target.StockId is not null || (found.Item is not null && found.Warehouse is not null);
        return new()
        {
            Kind = row.Kind,
            Amount = row.Kind == EditKind.Remove ? -row.Quantity : row.Quantity,
            Expected = row.ExpectedRevision,
            Reason = reason,
            StockId = found.StockId,
            Item = known ? found.Item : null,
            Warehouse = known ? found.Warehouse : null,
            Unknown = known ? null : row.Target,
            UnknownOutcome = found.Item is null ? EditOutcome.SkuUnknown : EditOutcome.WarehouseUnknown,
        };
    }

    /// <summary>Which name is not known, where one is not.</summary>
    public EditOutcome UnknownOutcome { get; init; }
}
