using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.V1;
using EngineState = Inventory.Engine.Stock.StockState;
using StockState = Inventory.V1.StockState;

namespace Inventory.Server.Services;

/// <summary>Stock between the wire and the engine.</summary>
internal static class StockMessages
{
    public static StockTarget Target(string inventoryId, string sku, string warehouse) =>
        PublicId.TryParseStock(inventoryId, out var stockId)
            ? StockTarget.Row(stockId)
            : StockTarget.At(sku, warehouse);

    public static StockTarget Target(AddInventoryToLocationRequest request)
    {
        var warehouse = request.Warehouse.Length > 0 ? request.Warehouse : request.WarehouseId;
        return request.ProductId.Length > 0
            ? StockTarget.OfProduct(request.ProductId, warehouse)
            : StockTarget.At(request.Sku, warehouse);
    }

    /// <param name="state">Valid.</param>
    public static EngineState ToEngine(StockState state) =>
        state switch
        {
            StockState.Unspecified or StockState.Available => EngineState.Available,
            StockState.Damaged => EngineState.Damaged,
            StockState.QualityControl => EngineState.QualityControl,
        };

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
                Waiting = stock.Waiting,
                Available = Math.Max(0, stock.Available),
            },
            Version = stock.Revision,
            StockVersion = stock.Version,
        };

    public static LowStock ToWire(ListedStock listed)
    {
        var message = new LowStock { Stock = ToWire(listed.Stock) };
        if (listed.ReorderPoint is { } point)
        {
            message.ReorderPoint = point;
        }

        if (listed.ReorderQuantity is { } quantity)
        {
            message.ReorderQuantity = quantity;
        }

        return message;
    }

    public static GetOverallInventoryResponse ToWire(OverallAnswer answer)
    {
        var bySku = answer.Rows.ToLookup(r => r.Sku);
        return new()
        {
            Totals = ToWire(StockSums.Of(answer.Rows)),
            Warehouses = { answer.Rows.GroupBy(r => r.Warehouse).Select(g => Sum(g.Key, [.. g])) },
            Variants =
            {
                answer.Skus.Select(sku => new VariantLevels { Sku = sku, Levels = ToWire(StockSums.Of(bySku[sku])) }),
            },
        };
    }

    /// <summary>One row as it is; several as their sums, which have no identity and no version.</summary>
    public static V1.Stock Sum(string warehouse, IReadOnlyList<StockRecord> rows) =>
        rows is [var row] ? ToWire(row) : new() { Warehouse = warehouse, Levels = ToWire(StockSums.Of(rows)) };

    private static StockLevels ToWire(StockSums sums) =>
        new()
        {
            OnHand = sums.OnHand,
            Reserved = sums.Reserved,
            Damaged = sums.Damaged,
            QualityControl = sums.QualityControl,
            InTransit = sums.InTransit,
            SafetyStock = sums.SafetyStock,
            Waiting = sums.Waiting,
            Available = sums.Available,
        };
}
