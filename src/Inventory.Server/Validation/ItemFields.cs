using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>The fields of an item that can be edited, as a mask names them.</summary>
internal static class ItemFields
{
    public const string Name = "name";
    public const string Description = "description";
    public const string Category = "category";
    public const string ProductId = "product_id";
    public const string VariantId = "variant_id";
    public const string Price = "price";
    public const string UnitCost = "unit_cost";
    public const string Barcodes = "barcodes";
    public const string ReorderPoint = "reorder_point";
    public const string ReorderQuantity = "reorder_quantity";
    public const string SafetyStock = "safety_stock";
    public const string Status = "status";
    public const string Components = "components";

    public static readonly string[] All =
    [
        Name,
        Description,
        Category,
        ProductId,
        VariantId,
        Price,
        UnitCost,
        Barcodes,
        ReorderPoint,
        ReorderQuantity,
        SafetyStock,
        Status,
        Components,
    ];

    /// <summary>Those that a request edits.</summary>
    public static HashSet<string> Of(UpdateInventoryItemRequest request) =>
        MaskRules.Fields(
            request.UpdateMask,
            All,
            field =>
                field switch
                {
                    Name => request.HasName,
                    Description => request.HasDescription,
                    Category => request.HasCategory,
                    ProductId => request.HasProductId,
                    VariantId => request.HasVariantId,
                    Price => request.Price is not null,
                    UnitCost => request.UnitCost is not null,
                    Barcodes => request.Barcodes.Count > 0,
                    ReorderPoint => request.HasReorderPoint,
                    ReorderQuantity => request.HasReorderQuantity,
                    SafetyStock => request.HasSafetyStock,
                    Components => request.Components.Count > 0,
                    _ => request.Status != ItemStatus.Unspecified,
                }
        );
}
