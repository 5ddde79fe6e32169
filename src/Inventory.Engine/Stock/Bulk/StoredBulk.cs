using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>
/// An answer as the request's row keeps it, in JSON: an array a column, which is a third of what an object a row would
/// take. Names stand where there is no stock row; where there is one, its id leads to them.
/// </summary>
internal sealed class StoredBulk
{
    private static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public int Applied { get; init; }

    public int Refused { get; init; }

    public int[] Rows { get; init; } = [];

    public int[] Outcomes { get; init; } = [];

    /// <summary>0 where there was no row; then the amounts are 0 too.</summary>
    public long[] StockIds { get; init; } = [];

    public long[] OnHand { get; init; } = [];

    public long[] Reserved { get; init; } = [];

    public long[] Damaged { get; init; } = [];

    public long[] QualityControl { get; init; } = [];

    public long[] InTransit { get; init; } = [];

    public long[] SafetyStock { get; init; } = [];

    /// <summary>None in what was stored before reservations could wait.</summary>
    public long[]? Waiting { get; init; }

    public long[] Versions { get; init; } = [];

    public long[] Revisions { get; init; } = [];

    /// <summary>SKU and warehouse, or the id that was asked, of the rows without stock, by their places.</summary>
    public Dictionary<int, string[]>? Unknown { get; init; }

    internal static string Write(BulkUnitAnswer answer)
    {
        var judged = answer.Listed;
        StockAmounts[] stock = [.. judged.Select(j => j.Settled ?? new StockAmounts())];
        var unknown = judged
            .Index()
            .Where(j => j.Item.Stock is null)
            .ToDictionary(j => j.Index, j => Names(j.Item.Target));
        var stored = new StoredBulk
        {
            Applied = answer.AppliedCount,
            Refused = answer.RefusedCount,
            Rows = [.. judged.Select(j => j.Index)],
            Outcomes = [.. judged.Select(j => (int)j.Outcome)],
            StockIds = [.. stock.Select(s => s.StockId)],
            OnHand = [.. stock.Select(s => s.OnHand)],
            Reserved = [.. stock.Select(s => s.Reserved)],
            Damaged = [.. stock.Select(s => s.Damaged)],
            QualityControl = [.. stock.Select(s => s.QualityControl)],
            InTransit = [.. stock.Select(s => s.InTransit)],
            SafetyStock = [.. stock.Select(s => s.SafetyStock)],
            Waiting = [.. stock.Select(s => s.Waiting)],
            Versions = [.. stock.Select(s => s.Version)],
            Revisions = [.. stock.Select(s => s.Revision)],
            Unknown = unknown.Count == 0 ? null : unknown,
        };
        return JsonSerializer.Serialize(stored, ByColumn);
    }

    internal static BulkUnitAnswer Parse(string answer)
    {
        var stored = JsonSerializer.Deserialize<StoredBulk>(answer, ByColumn)!;
        return new()
        {
            IsReplayed = true,
            AppliedCount = stored.Applied,
            RefusedCount = stored.Refused,
            Listed = [.. Enumerable.Range(0, stored.Rows.Length).Select(stored.Judged)],
        };
    }

    private static string[] Names(StockTarget target) =>
        target.StockId is { } id ? [Database.PublicId.Stock(id)] : [target.Sku, target.Warehouse];

    private BulkJudged Judged(int at)
    {
        var stock = Stock(at);
        var target =
            stock is not null ? StockTarget.Row(stock.StockId)
            : Unknown![at] is [var sku, var warehouse] ? StockTarget.At(sku, warehouse)
            : StockTarget.Row(Database.PublicId.TryParseStock(Unknown[at][0], out var id) ? id : 0);
        return new(Rows[at], (EditOutcome)Outcomes[at], target, stock);
    }

    private StockAmounts? Stock(int at) =>
        StockIds[at] == 0
            ? null
            : new StockAmounts
            {
                StockId = StockIds[at],
                OnHand = OnHand[at],
                Reserved = Reserved[at],
                Damaged = Damaged[at],
                QualityControl = QualityControl[at],
                InTransit = InTransit[at],
                SafetyStock = SafetyStock[at],
                Waiting = Waiting?[at] ?? 0,
                Version = Versions[at],
                Revision = Revisions[at],
            };
}
