using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Journal.Daily;
using Inventory.Engine.Journal.Past;
using Inventory.V1;
using EngineDay = Inventory.Engine.Journal.Daily.DailyStock;
using EngineSnapshot = Inventory.Engine.Journal.Snapshots.Snapshot;
using WireDay = Inventory.V1.DailyStock;
using WireSnapshot = Inventory.V1.Snapshot;

namespace Inventory.Server.Services;

/// <summary>Stock as it was, as messages.</summary>
internal static class HistoryMessages
{
    public static PastFilter ToEngine(GetInventoryAtRequest request) =>
        new()
        {
            At = request.Time.ToDateTime(),
            StockId = PublicId.TryParseStock(request.InventoryId, out var id) ? id : null,
            Sku = Given(request.Sku),
            Warehouse = Given(request.Warehouse),
        };

    public static DailyStockFilter ToEngine(ListDailyStockRequest request)
    {
        _ = DayText.TryParse(request.StartDay, out var start);
        _ = DayText.TryParse(request.EndDay, out var end);
        return new(request.Sku, Given(request.Warehouse), start, end);
    }

    public static PastInventory ToWire(PastStock row)
    {
        var amounts = row.Amounts;
        var free = amounts.OnHand - amounts.Reserved - amounts.Damaged - amounts.QualityControl;
        return new()
        {
            InventoryId = PublicId.Stock(row.StockId),
            Sku = row.Sku,
            Warehouse = row.Warehouse,
            StockVersion = row.Version,
            ChangeTime = Time(row.ChangedAt),
            Amounts = TransactionMessages.ToWire(amounts),
            Available = Math.Max(0, free - amounts.SafetyStock - amounts.Waiting),
            ChangesRead = row.ChangesRead,
        };
    }

    public static WireSnapshot ToWire(EngineSnapshot snapshot) =>
        new()
        {
            SnapshotId = snapshot.SnapshotId.ToString(CultureInfo.InvariantCulture),
            Time = Time(snapshot.At),
            Actor = snapshot.Caller ?? "",
            Note = snapshot.Note ?? "",
            StockRowsWritten = snapshot.Written,
            FinishTime = Time(snapshot.FinishedAt),
        };

    public static WireDay ToWire(EngineDay day) =>
        new()
        {
            Day = day.Day,
            InventoryId = PublicId.Stock(day.StockId),
            Sku = day.Sku,
            Warehouse = day.Warehouse,
            Opening = day.Opening,
            Received = day.Received,
            Removed = day.Removed,
            Held = day.Held,
            Confirmed = day.Confirmed,
            Released = day.Released,
            Expired = day.Expired,
            Closing = day.Closing,
            ClosingReserved = day.ClosingReserved,
            Changes = day.Changes,
        };

    private static Timestamp? Time(DateTime? time) => time is { } at ? Timestamp.FromDateTime(at) : null;

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
