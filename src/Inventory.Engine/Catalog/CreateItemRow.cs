using Inventory.Engine.Database;

namespace Inventory.Engine.Catalog;

/// <summary>A request to make an item as judged, and the stock rows that began with it.</summary>
internal sealed class CreateItemRow
{
    /// <summary>The fingerprint under which the request id was used before.</summary>
    public long? Seen { get; init; }

    public bool SkuTaken { get; init; }

    public string[] TakenGtins { get; init; } = [];

    /// <summary>The places, from 1, of opening quantities whose warehouse is not known.</summary>
    public int[] Unknown { get; init; } = [];

    /// <summary>Likewise, of those whose warehouse takes nothing in.</summary>
    public int[] Inactive { get; init; } = [];

    /// <summary>Likewise, of those whose warehouse was named before.</summary>
    public int[] Repeated { get; init; } = [];

    /// <summary>The places, from 1, of components that are no items.</summary>
    public int[] UnknownParts { get; init; } = [];

    /// <summary>Likewise, of those that are kits.</summary>
    public int[] KitParts { get; init; } = [];

    /// <summary>Likewise, of those that were named before.</summary>
    public int[] RepeatedParts { get; init; } = [];

    public long ItemId { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>What could be held right after.</summary>
    public long AvailableSum { get; init; }

    public long[]? StockIds { get; init; }

    public int[]? WarehouseIds { get; init; }

    public long[]? OnHand { get; init; }

    public long[]? Available { get; init; }

    internal StockLevel[] Levels() =>
        [
            .. (StockIds ?? []).Select(
                (stockId, i) =>
                    new StockLevel(stockId, ItemId, WarehouseIds![i], OnHand![i], 0, Available![i], Version: 1)
            ),
        ];
}
