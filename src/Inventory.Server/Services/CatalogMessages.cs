using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineOpening = Inventory.Engine.Catalog.OpeningQuantity;
using EngineStatus = Inventory.Engine.Catalog.ItemStatus;
using ItemStatus = Inventory.V1.ItemStatus;

namespace Inventory.Server.Services;

/// <summary>Items between the wire and the engine.</summary>
internal static class CatalogMessages
{
    private const string DefaultUnit = "each";

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static NewItem ToEngine(CreateInventoryItemRequest request, Actor caller) =>
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
            Openings = [.. request.Openings.Select(o => new EngineOpening(o.Warehouse, o.Quantity))],
            Components = [.. request.Components.Select(ToEngine)],
        };

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static ItemEdit ToEngine(UpdateInventoryItemRequest request, Actor caller)
    {
        var fields = ItemFields.Of(request);
        return new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Item = request.Product.Length > 0 ? request.Product : request.Item,
            IsProduct = request.Product.Length > 0,
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Name = fields.Contains(ItemFields.Name) ? request.Name : null,
            Description = fields.Contains(ItemFields.Description) ? request.Description : null,
            Category = fields.Contains(ItemFields.Category) ? request.Category : null,
            ProductId = Changed(ItemFields.ProductId, StockMessages.NullIfEmpty(request.ProductId)),
            VariantId = Changed(ItemFields.VariantId, StockMessages.NullIfEmpty(request.VariantId)),
            Price = Changed(ItemFields.Price, MoneyRules.ToEngine(request.Price)),
            UnitCost = Changed(ItemFields.UnitCost, MoneyRules.ToEngine(request.UnitCost)),
            Barcodes = fields.Contains(ItemFields.Barcodes) ? [.. request.Barcodes.Select(ToGtin)] : null,
            ReorderPoint = Changed<long?>(
                ItemFields.ReorderPoint,
                request.HasReorderPoint ? request.ReorderPoint : null
            ),
            ReorderQuantity = Changed<long?>(
                ItemFields.ReorderQuantity,
                request.HasReorderQuantity ? request.ReorderQuantity : null
            ),
            SafetyStock = fields.Contains(ItemFields.SafetyStock) ? request.SafetyStock : null,
            Discontinued = fields.Contains(ItemFields.Status) ? request.Status == ItemStatus.Discontinued : null,
            Components = IsGiven() ? [.. request.Components.Select(ToEngine)] : null,
        };

        // "*" names them for every item; only a kit has any, and a kit keeps at least one.
        bool IsGiven() => fields.Contains(ItemFields.Components) && request.Components.Count > 0;

        Change<T>? Changed<T>(string field, T value) => fields.Contains(field) ? new Change<T>(value) : null;
    }

    /// <param name="request">Valid.</param>
    public static ItemFilter ToEngine(ListInventoryItemsRequest request)
    {
        var order = request.OrderBy.Split(' ');
        return new()
        {
            Category = StockMessages.NullIfEmpty(request.Category),
            Status = request.Status switch
            {
                ItemStatus.Unspecified or ItemStatus.Active => null,
                ItemStatus.Discontinued => EngineStatus.Discontinued,
                ItemStatus.InStock => EngineStatus.InStock,
                ItemStatus.LowStock => EngineStatus.LowStock,
                ItemStatus.OutOfStock => EngineStatus.OutOfStock,
            },
            Discontinued = request.Status == ItemStatus.Active ? false : null,
            Prefix = StockMessages.NullIfEmpty(request.Prefix),
            ProductId = StockMessages.NullIfEmpty(request.ProductId),
            Order = order[0] switch
            {
                "name" => ItemOrder.Name,
                "create_time" => ItemOrder.Created,
                _ => ItemOrder.Sku,
            },
            Descending = order.Length > 1,
        };
    }

    private static Component ToEngine(KitComponent component) => new(component.Sku, component.Quantity);

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
            Status = ToWire(item.Status),
            Available = item.Available,
            Version = item.Revision,
            CreateTime = Timestamp.FromDateTime(item.CreatedAt),
            UpdateTime = Timestamp.FromDateTime(item.UpdatedAt),
            Components = { item.Components.Select(c => new KitComponent { Sku = c.Sku, Quantity = c.Quantity }) },
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

    private static ItemStatus ToWire(EngineStatus status) =>
        status switch
        {
            EngineStatus.InStock => ItemStatus.InStock,
            EngineStatus.LowStock => ItemStatus.LowStock,
            EngineStatus.OutOfStock => ItemStatus.OutOfStock,
            EngineStatus.Discontinued => ItemStatus.Discontinued,
        };
}
