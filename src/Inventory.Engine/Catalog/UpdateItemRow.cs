using Inventory.Engine.Database;

namespace Inventory.Engine.Catalog;

/// <summary>An edit of an item as judged, and the stock rows as it leaves them.</summary>
internal sealed class UpdateItemRow
{
    public int Outcome { get; init; }

    public long Revision { get; init; }

    public string[] TakenGtins { get; init; } = [];

    /// <summary>The places, from 1, of the components that are in the way.</summary>
    public int[] UnfitParts { get; init; } = [];

    /// <summary>The item as JSON, if there is one to show.</summary>
    public string? Answer { get; init; }

    public long[]? StockIds { get; init; }

    public int[]? WarehouseIds { get; init; }

    public long[]? OnHand { get; init; }

    public long[]? Reserved { get; init; }

    public long[]? Available { get; init; }

    public long[]? Versions { get; init; }

    internal StockLevel[] Levels(long itemId) =>
        [
            .. (StockIds ?? []).Select(
                (stockId, i) =>
                    new StockLevel(
                        stockId,
                        itemId,
                        WarehouseIds![i],
                        OnHand![i],
                        Reserved![i],
                        Available![i],
                        Versions![i]
                    )
            ),
        ];
}
