namespace Inventory.Engine.Database;

/// <summary>The stock rows that a statement changed, an array each column; none if it changed none.</summary>
internal class ChangedLevels
{
    public long[]? StockIds { get; init; }

    public long[] ItemIds { get; init; } = [];

    public int[] WarehouseIds { get; init; } = [];

    public long[] OnHand { get; init; } = [];

    public long[] Reserved { get; init; } = [];

    public long[] Available { get; init; } = [];

    public long[] Versions { get; init; } = [];

    internal IReadOnlyList<StockLevel> Levels() =>
        [
            .. (StockIds ?? []).Select(
                (id, i) =>
                    new StockLevel(id, ItemIds[i], WarehouseIds[i], OnHand[i], Reserved[i], Available[i], Versions[i])
            ),
        ];
}
