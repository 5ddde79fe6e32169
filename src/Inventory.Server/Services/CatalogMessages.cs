using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Server.Validation;
using Inventory.V1;

namespace Inventory.Server.Services;

/// <summary>Items between the wire and the engine.</summary>
internal static class CatalogMessages
{
    private const string DefaultUnit = "each";

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static NewItem ToEngine(CreateInventoryItemRequest request, string caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Sku = request.Sku,
            Name = request.Name,
            Description = request.Description,
            Category = request.Category,
            ProductId = StockMessages.NullIfEmpty(request.ProductId),
            VariantId = StockMessages.NullIfEmpty(request.VariantId),
            Price = MoneyRules.ToEngine(request.Price),
            UnitCost = MoneyRules.ToEngine(request.UnitCost),
            Barcodes = [.. request.Barcodes.Select(ToGtin)],
            BaseUnit = request.BaseUnit.Length == 0 ? DefaultUnit : request.BaseUnit,
            ReorderPoint = request.HasReorderPoint ? request.ReorderPoint : null,
            ReorderQuantity = request.HasReorderQuantity ? request.ReorderQuantity : null,
            SafetyStock = request.SafetyStock,
            Discontinued = request.Status == ItemStatus.Discontinued,
        };

    /// <param name="barcode">Valid.</param>
    public static Gtin ToGtin(string barcode) =>
        Gtin.TryParse(barcode, out var gtin) ? gtin : throw new FormatException($"{barcode} was not validated.");

    public static InventoryItem ToWire(Item item)
    {
        var message = new InventoryItem
        {
            ItemId = PublicId.Item(item.ItemId),
            ProductId = item.ProductId ?? "",
            VariantId = item.VariantId ?? "",
            Sku = item.Sku,
            Name = item.Name,
            Description = item.Description,
            Category = item.Category,
            Price = MoneyRules.ToWire(item.Price),
            UnitCost = MoneyRules.ToWire(item.UnitCost),
            Barcodes = { item.Barcodes },
            BaseUnit = item.BaseUnit,
            SafetyStock = item.SafetyStock,
            Status = item.Discontinued ? ItemStatus.Discontinued : ItemStatus.Active,
            Version = item.Revision,
            CreateTime = Timestamp.FromDateTime(item.CreatedAt),
            UpdateTime = Timestamp.FromDateTime(item.UpdatedAt),
        };
        if (item.ReorderPoint is { } point)
        {
            message.ReorderPoint = point;
        }

        if (item.ReorderQuantity is { } quantity)
        {
            message.ReorderQuantity = quantity;
        }

        return message;
    }
}
