namespace Inventory.Engine.Availability;

/// <summary>
/// A stock row as a statement reads it, the rows of an item beside each other. An item without stock has one row of
/// nulls.
/// </summary>
internal class LevelsRow
{
    public long StockId { get; init; }

    public long ItemId { get; init; }

    public bool Discontinued { get; init; }

    public int? WarehouseId { get; init; }

    public long Version { get; init; }

    public long OnHand { get; init; }

    public long Reserved { get; init; }

    public long Available { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public long Waiting { get; init; }

    public DateTime AsOf { get; init; }

    /// <param name="rows">In the order of their items.</param>
    /// <param name="started">When the statement was sent, in ticks of the stopwatch.</param>
    internal static Dictionary<long, LevelsReading> Group(List<LevelsRow> rows, long started)
    {
        var items = new Dictionary<long, LevelsReading>();
        for (int first = 0, beyond; first < rows.Count; first = beyond)
        {
            var item = rows[first];
            for (beyond = first; beyond < rows.Count && rows[beyond].ItemId == item.ItemId; )
            {
                beyond++;
            }

            WarehouseLevels[] levels = item.WarehouseId is null ? [] : new WarehouseLevels[beyond - first];
            for (var i = 0; i < levels.Length; i++)
            {
                levels[i] = rows[first + i].Levels();
            }

            items.Add(item.ItemId, new(new(item.ItemId, item.Discontinued, levels), item.AsOf, started));
        }

        return items;
    }

    internal StockRowLevels Row() => new(StockId, ItemId, Discontinued, Levels());

    private WarehouseLevels Levels() =>
        new(
            WarehouseId!.Value,
            Version,
            OnHand,
            Reserved,
            Available,
            Damaged,
            QualityControl,
            InTransit,
            SafetyStock,
            Waiting
        );
}
