using Google.Protobuf.Collections;
using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Server.Errors;
using Inventory.V1;
using ByCase = Inventory.V1.GetInventoryItemRequest.ByOneofCase;
using ItemStatus = Inventory.V1.ItemStatus;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of CatalogService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class CatalogRules
{
    private const int NameLengthMax = 200;
    private const int DescriptionLengthMax = 2_000;
    private const int UnitLengthMax = 16;
    private const int BarcodesMax = 20;
    private const int OpeningsMax = 100;

    /// <summary>The first is the default.</summary>
    public static readonly string[] Orders =
    [
        "sku",
        "sku desc",
        "name",
        "name desc",
        "create_time",
        "create_time desc",
    ];

    public static readonly Problem Repeated = Problem.Conflict("is named before");

    private static readonly Problem Derived = Problem.Conflict("follows from the stock: say ACTIVE or DISCONTINUED");

    private static readonly Problem OfKit = Problem.Conflict("is of stock, and a kit has none of its own");

    private static readonly Problem NotGtin = Problem.Format(
        "a GTIN of 8, 12, 13 or 14 digits with a right check digit"
    );

    public static ApiError? Check(CreateInventoryItemRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("sku", TextRules.NewKey(request.Sku, PublicId.ItemPrefix));
        violations.Add("name", TextRules.Required(request.Name, NameLengthMax));
        violations.Add("description", TextRules.Optional(request.Description, DescriptionLengthMax));
        violations.Add("category", TextRules.Optional(request.Category, NameLengthMax));
        violations.Add("product_id", TextRules.Optional(request.ProductId, TextRules.KeyLengthMax));
        violations.Add("variant_id", Variant(request.VariantId, request.ProductId));
        MoneyRules.Check("price", request.Price, ref violations);
        MoneyRules.Check("unit_cost", request.UnitCost, ref violations);
        CheckBarcodes(request.Barcodes, ref violations);
        violations.Add("base_unit", TextRules.Optional(request.BaseUnit, UnitLengthMax));
        violations.Add("reorder_point", NumberRules.Amount(request.ReorderPoint));
        violations.Add(
            "reorder_quantity",
            request.HasReorderQuantity ? NumberRules.Quantity(request.ReorderQuantity) : null
        );
        violations.Add("safety_stock", NumberRules.Amount(request.SafetyStock));
        violations.Add("status", Status(request.Status));
        CheckOpenings(request, ref violations);
        CheckComponents(request.Components, ref violations);
        if (request.Components.Count > 0)
        {
            violations.Add("openings", request.Openings.Count > 0 ? OfKit : null);
            violations.Add("safety_stock", request.SafetyStock > 0 ? OfKit : null);
        }

        return violations.Error;
    }

    public static ApiError? Check(UpdateInventoryItemRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckName(request.Item, request.Product, ref violations);
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        var fields = ItemFields.Of(request);
        MaskRules.Check(request.UpdateMask, ItemFields.All, fields, ref violations);
        if (fields.Contains(ItemFields.Name))
        {
            violations.Add("name", TextRules.Required(request.Name, NameLengthMax));
        }

        violations.Add("description", TextRules.Optional(request.Description, DescriptionLengthMax));
        violations.Add("category", TextRules.Optional(request.Category, NameLengthMax));
        violations.Add("product_id", TextRules.Optional(request.ProductId, TextRules.KeyLengthMax));
        violations.Add("variant_id", TextRules.Optional(request.VariantId, TextRules.KeyLengthMax));
        MoneyRules.Check("price", request.Price, ref violations);
        MoneyRules.Check("unit_cost", request.UnitCost, ref violations);
        CheckBarcodes(request.Barcodes, ref violations);
        violations.Add("reorder_point", NumberRules.Amount(request.ReorderPoint));
        violations.Add(
            "reorder_quantity",
            request.HasReorderQuantity ? NumberRules.Quantity(request.ReorderQuantity) : null
        );
        violations.Add("safety_stock", NumberRules.Amount(request.SafetyStock));
        violations.Add("status", Status(request.Status));
        CheckComponents(request.Components, ref violations);
        if (request.UpdateMask?.Paths.Contains(ItemFields.Components) == true && request.Components.Count == 0)
        {
            violations.Add("components", Problem.Required);
        }

        return violations.Error;
    }

    public static ApiError? Check(DeleteInventoryItemRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckName(request.Item, request.Product, ref violations);
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        return violations.Error;
    }

    private static void CheckName(string item, string product, ref Violations violations)
    {
        if (product.Length == 0)
        {
            violations.Add("item", TextRules.Key(item));
            return;
        }

        violations.Add("product", TextRules.Key(product));
        violations.Add("item", item.Length > 0 ? Problem.Conflict("stands beside product: name the item once") : null);
    }

    public static ApiError? Check(ListInventoryItemsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListInventoryItems.PageSizeMax, request.PageToken, ref violations);
        violations.Add("category", TextRules.Optional(request.Category, NameLengthMax));
        violations.Add("status", Enum.IsDefined(request.Status) ? null : Problem.UnknownValue);
        violations.Add("prefix", TextRules.Optional(request.Prefix, NameLengthMax));
        violations.Add("product_id", TextRules.Optional(request.ProductId, TextRules.KeyLengthMax));
        violations.Add("order_by", PageRules.Order(request.OrderBy, Orders));
        return violations.Error;
    }

    public static ApiError? Check(GetInventoryItemRequest request)
    {
        var violations = new Violations();
        switch (request.ByCase)
        {
            case ByCase.Item:
                violations.Add("item", TextRules.Key(request.Item));
                break;
            case ByCase.ProductId:
                violations.Add("product_id", TextRules.Key(request.ProductId));
                break;
            case ByCase.Barcode:
                violations.Add("barcode", Gtin.TryParse(request.Barcode, out _) ? null : NotGtin);
                break;
            case ByCase.None:
                violations.Add("by", Problem.Required);
                break;
        }

        violations.Add("variant_id", Variant(request.VariantId, request.ProductId));
        return violations.Error;
    }

    private static void CheckOpenings(CreateInventoryItemRequest request, ref Violations violations)
    {
        if (request.Openings.Count > OpeningsMax)
        {
            violations.Add("openings", Problem.OutOfRange($"at most {OpeningsMax}"));
            return;
        }

        if (request.Openings.Count > 0 && request.Status == ItemStatus.Discontinued)
        {
            violations.Add("openings", Problem.Conflict("begin to stock what is not sold"));
        }

        var named = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Openings.Count; i++)
        {
            var opening = request.Openings[i];
            violations.Add(
                $"openings[{i}].warehouse",
                TextRules.Key(opening.Warehouse) ?? (named.Add(opening.Warehouse) ? null : Repeated)
            );
            violations.Add($"openings[{i}].quantity", NumberRules.Quantity(opening.Quantity));
        }
    }

    /// <summary>Whether an item is sold is said; how much there is follows.</summary>
    private static Problem? Status(ItemStatus status) =>
        status switch
        {
            ItemStatus.Unspecified or ItemStatus.Active or ItemStatus.Discontinued => null,
            ItemStatus.InStock or ItemStatus.LowStock or ItemStatus.OutOfStock => Derived,
            _ => Problem.UnknownValue,
        };

    private static void CheckBarcodes(RepeatedField<string> barcodes, ref Violations violations)
    {
        if (barcodes.Count > BarcodesMax)
        {
            violations.Add("barcodes", Problem.OutOfRange($"at most {BarcodesMax}"));
            return;
        }

        for (var i = 0; i < barcodes.Count; i++)
        {
            violations.Add($"barcodes[{i}]", Gtin.TryParse(barcodes[i], out _) ? null : NotGtin);
        }
    }

    private static void CheckComponents(RepeatedField<KitComponent> components, ref Violations violations)
    {
        if (components.Count > Component.CountMax)
        {
            violations.Add("components", Problem.OutOfRange($"at most {Component.CountMax}"));
            return;
        }

        var named = new HashSet<string>(components.Count, StringComparer.Ordinal);
        for (var i = 0; i < components.Count; i++)
        {
            var component = components[i];
            violations.Add(
                $"components[{i}].sku",
                TextRules.Key(component.Sku) ?? (named.Add(component.Sku) ? null : Repeated)
            );
            violations.Add(
                $"components[{i}].quantity",
                component.Quantity is > 0 and <= Component.QuantityMax
                    ? null
                    : Problem.OutOfRange($"1 to {Component.QuantityMax}")
            );
        }
    }

    private static Problem? Variant(string variantId, string productId) =>
        variantId.Length > 0 && productId.Length == 0
            ? Problem.Conflict("is a variant of a product, and product_id is empty")
            : TextRules.Optional(variantId, TextRules.KeyLengthMax);
}
