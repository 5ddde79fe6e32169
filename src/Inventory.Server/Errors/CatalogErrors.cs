using Inventory.Engine.Catalog;
using Inventory.Engine.Warehouses;
using Inventory.Server.Validation;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of the catalog and of warehouses means to a caller. Null is OK.</summary>
internal static class CatalogErrors
{
    public static ApiError? Of(CreateItemAnswer answer, NewItem item) =>
        answer.Outcome switch
        {
            CreateItemOutcome.Created or CreateItemOutcome.Replayed => null,
            CreateItemOutcome.RequestIdReused => CommonErrors.RequestIdReused(item.RequestId!),
            CreateItemOutcome.SkuTaken => CommonErrors.AlreadyExists(Reasons.SkuTaken, "sku", item.Sku),
            CreateItemOutcome.BarcodeTaken => CommonErrors.AlreadyExists(
                Reasons.BarcodeTaken,
                "barcode",
                answer.TakenBarcodes
            ),
        };

    /// <param name="answer">Of the engine.</param>
    /// <param name="name">As it was asked for.</param>
    public static ApiError? Of(GetItemAnswer answer, string name) =>
        answer.Outcome switch
        {
            GetItemOutcome.Found => null,
            GetItemOutcome.NotFound => CommonErrors.NotFound(Reasons.ItemUnknown, CommonErrors.ItemType, name),
            GetItemOutcome.SeveralVariants => SeveralVariants(),
        };

    public static ApiError? Of(CreateWarehouseAnswer answer, NewWarehouse warehouse) =>
        answer.Outcome switch
        {
            CreateWarehouseOutcome.Created or CreateWarehouseOutcome.Replayed => null,
            CreateWarehouseOutcome.RequestIdReused => CommonErrors.RequestIdReused(warehouse.RequestId!),
            CreateWarehouseOutcome.CodeTaken => CommonErrors.AlreadyExists(
                Reasons.WarehouseCodeTaken,
                CommonErrors.WarehouseType,
                warehouse.Code
            ),
        };

    private static ApiError? SeveralVariants()
    {
        var violations = new Violations();
        violations.Add("variant_id", new Problem("REQUIRED", "is required: the product has several variants"));
        return violations.Error;
    }
}
