using System.Text.Json;
using Inventory.Engine.Database;

namespace Inventory.Engine.Stock;

/// <summary>
/// A stock row as the statements read it, and as an edit's stored answer holds it: in JSON, by the columns' names.
/// </summary>
internal sealed record StockAmounts
{
    private static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public long StockId { get; init; }

    public long OnHand { get; init; }

    public long Reserved { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public long Waiting { get; init; }

    public long Version { get; init; }

    public long Revision { get; init; }

    internal static StockAmounts Parse(string answer) => JsonSerializer.Deserialize<StockAmounts>(answer, ByColumn)!;

    internal static IReadOnlyList<StockAmounts> ParseAll(string answers) =>
        JsonSerializer.Deserialize<StockAmounts[]>(answers, ByColumn)!;

    internal StockRecord ToRecord(StockOwner owner) =>
        new()
        {
            StockId = StockId,
            Sku = owner.Sku,
            Warehouse = owner.Warehouse,
            OnHand = OnHand,
            Reserved = Reserved,
            Damaged = Damaged,
            QualityControl = QualityControl,
            InTransit = InTransit,
            SafetyStock = SafetyStock,
            Waiting = Waiting,
            Version = Version,
            Revision = Revision,
        };
}
