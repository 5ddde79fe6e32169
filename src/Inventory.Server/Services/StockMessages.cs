using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.V1;

namespace Inventory.Server.Services;

/// <summary>Stock between the wire and the engine.</summary>
internal static class StockMessages
{
    public static StockTarget Target(string inventoryId, string sku, string warehouse) =>
        PublicId.TryParseStock(inventoryId, out var stockId)
            ? StockTarget.Row(stockId)
            : StockTarget.At(sku, warehouse);

    public static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    public static V1.Stock ToWire(StockRecord stock) =>
        new()
        {
            InventoryId = PublicId.Stock(stock.StockId),
            Sku = stock.Sku,
            Warehouse = stock.Warehouse,
            Levels = new StockLevels
            {
                OnHand = stock.OnHand,
                Reserved = stock.Reserved,
                Damaged = stock.Damaged,
                QualityControl = stock.QualityControl,
                InTransit = stock.InTransit,
                SafetyStock = stock.SafetyStock,
                Available = Math.Max(0, stock.Available),
            },
            Version = stock.Revision,
            StockVersion = stock.Version,
        };
}
