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
            CreateItemOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(answer.Warehouses!),
            CreateItemOutcome.WarehouseInactive => CommonErrors.Precondition(
                Reasons.WarehouseInactive,
                answer.Warehouses![0],
                "is an inactive warehouse, which takes nothing in"
            ),
            CreateItemOutcome.WarehouseRepeated => Wrong("openings", CatalogRules.Repeated),
            CreateItemOutcome.ComponentUnknown => CommonErrors.SkuUnknown(answer.Components),
            CreateItemOutcome.ComponentIsKit => KitOfKit(answer.Components),
            CreateItemOutcome.ComponentRepeated => Wrong("components", CatalogRules.Repeated),
        };

    public static ApiError? Of(UpdateItemAnswer answer, ItemEdit edit) =>
        answer.Outcome switch
        {
            UpdateItemOutcome.Updated or UpdateItemOutcome.Replayed => null,
            UpdateItemOutcome.RequestIdReused => CommonErrors.RequestIdReused(edit.RequestId),
            UpdateItemOutcome.ItemUnknown => ItemUnknown(edit.Item),
            UpdateItemOutcome.VersionConflict => CommonErrors.VersionConflict(edit.Item, answer.Revision),
            UpdateItemOutcome.VariantOfNothing => Wrong(
                "variant_id",
                Problem.Conflict("is a variant of a product, and the item has none")
            ),
            UpdateItemOutcome.BarcodeTaken => CommonErrors.AlreadyExists(
                Reasons.BarcodeTaken,
                "barcode",
                answer.TakenBarcodes
            ),
            UpdateItemOutcome.NotAKit => CommonErrors.Precondition(
                Reasons.NotAKit,
                edit.Item,
                "is no kit: an item is one from the day it is made, or never"
            ),
            UpdateItemOutcome.KitHasNoStock => CommonErrors.Precondition(
                Reasons.ItemIsKit,
                edit.Item,
                "is a kit, which has no stock of its own and no safety stock"
            ),
            UpdateItemOutcome.ComponentUnknown => CommonErrors.SkuUnknown(answer.Components),
            UpdateItemOutcome.ComponentIsKit => KitOfKit(answer.Components),
            UpdateItemOutcome.ComponentRepeated => Wrong("components", CatalogRules.Repeated),
            UpdateItemOutcome.SeveralVariants => Wrong("product", SeveralVariants),
        };

    public static ApiError? Of(DeleteItemAnswer answer, ItemDeletion request) =>
        answer.Outcome switch
        {
            DeleteItemOutcome.Deleted or DeleteItemOutcome.Replayed => null,
            DeleteItemOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
            DeleteItemOutcome.ItemUnknown => ItemUnknown(request.Item),
            DeleteItemOutcome.VersionConflict => CommonErrors.VersionConflict(request.Item, answer.Revision),
            DeleteItemOutcome.StockRemains => WarehouseErrors.StockRemains(
                request.Item,
                "discontinue it instead",
                answer.Rows,
                answer.OnHand,
                answer.Reserved,
                answer.InTransit
            ),
            DeleteItemOutcome.PartOfKit => CommonErrors.Precondition(
                Reasons.PartOfKit,
                request.Item,
                "is a part of a kit: discontinue it instead, or make the kit of something else"
            ),
            DeleteItemOutcome.SeveralVariants => Wrong("product", SeveralVariants),
        };

    public static ApiError? Of(ListItemsAnswer answer, ItemFilter filter) =>
        answer.Outcome switch
        {
            ListItemsOutcome.Listed => null,
            ListItemsOutcome.ProductUnknown => ItemUnknown(filter.ProductId!),
            ListItemsOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    /// <param name="answer">Of the engine.</param>
    /// <param name="name">As it was asked for.</param>
    public static ApiError? Of(GetItemAnswer answer, string name) =>
        answer.Outcome switch
        {
            GetItemOutcome.Found => null,
            GetItemOutcome.NotFound => ItemUnknown(name),
            GetItemOutcome.SeveralVariants => Wrong(
                "variant_id",
                new Problem("REQUIRED", "is required: the product has several variants")
            ),
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

    private static Problem SeveralVariants => Problem.Conflict("is a product of several variants: name one by its sku");

    private static ApiError KitOfKit(IReadOnlyList<string> components) =>
        CommonErrors.Precondition(Reasons.ItemIsKit, components[0], "is a kit, and a kit is no part of another");

    private static ApiError ItemUnknown(string name) =>
        CommonErrors.NotFound(Reasons.ItemUnknown, CommonErrors.ItemType, name);

    private static ApiError? Wrong(string field, Problem problem)
    {
        var violations = new Violations();
        violations.Add(field, problem);
        return violations.Error;
    }
}
