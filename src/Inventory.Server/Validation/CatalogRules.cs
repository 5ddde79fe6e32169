using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Server.Errors;
using Inventory.V1;
using ByCase = Inventory.V1.GetInventoryItemRequest.ByOneofCase;

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
        CheckBarcodes(request, ref violations);
        violations.Add("base_unit", TextRules.Optional(request.BaseUnit, UnitLengthMax));
        violations.Add("reorder_point", NumberRules.Amount(request.ReorderPoint));
        violations.Add(
            "reorder_quantity",
            request.HasReorderQuantity ? NumberRules.Quantity(request.ReorderQuantity) : null
        );
        violations.Add("safety_stock", NumberRules.Amount(request.SafetyStock));
        violations.Add("status", Enum.IsDefined(request.Status) ? null : Problem.UnknownValue);
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

    private static void CheckBarcodes(CreateInventoryItemRequest request, ref Violations violations)
    {
        if (request.Barcodes.Count > BarcodesMax)
        {
            violations.Add("barcodes", Problem.OutOfRange($"at most {BarcodesMax}"));
            return;
        }

        for (var i = 0; i < request.Barcodes.Count; i++)
        {
            violations.Add($"barcodes[{i}]", Gtin.TryParse(request.Barcodes[i], out _) ? null : NotGtin);
        }
    }

    private static Problem? Variant(string variantId, string productId) =>
        variantId.Length > 0 && productId.Length == 0
            ? Problem.Conflict("is a variant of a product, and product_id is empty")
            : TextRules.Optional(variantId, TextRules.KeyLengthMax);
}
