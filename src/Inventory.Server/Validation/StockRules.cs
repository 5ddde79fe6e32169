using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Server.Errors;
using Inventory.V1;
using StockState = Inventory.V1.StockState;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of StockService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class StockRules
{
    private const int NoteLengthMax = 500;
    private const int WarehousesMax = 100;

    private static readonly Problem Named = Problem.Conflict("names the stock already: leave out item and warehouse");

    public static ApiError? Check(AddInventoryToLocationRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckEither("sku", request.Sku, "product_id", request.ProductId, ref violations);
        CheckEither("warehouse", request.Warehouse, "warehouse_id", request.WarehouseId, ref violations);
        violations.Add("quantity", NumberRules.Quantity(request.Quantity));
        CheckReason(request.Reason, request.Note, ref violations);
        violations.Add("expected_version", Version(request.HasExpectedVersion, request.ExpectedVersion));
        violations.Add("state", OptionalState(request.State));
        return violations.Error;
    }

    public static ApiError? Check(RemoveInventoryFromLocationRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckLocation(request.Sku, request.Warehouse, ref violations);
        violations.Add("quantity", NumberRules.Quantity(request.Quantity));
        CheckReason(request.Reason, request.Note, ref violations);
        violations.Add("expected_version", Version(request.HasExpectedVersion, request.ExpectedVersion));
        violations.Add("state", OptionalState(request.State));
        return violations.Error;
    }

    public static ApiError? Check(AdjustInventoryRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckLocation(request.Sku, request.Warehouse, ref violations);
        violations.Add("delta", NumberRules.Delta(request.Delta));
        violations.Add("reason", request.Reason.Length == 0 ? Problem.Required : null);
        CheckReason(request.Reason, request.Note, ref violations);
        violations.Add("expected_version", Version(request.HasExpectedVersion, request.ExpectedVersion));
        violations.Add("state", OptionalState(request.State));
        return violations.Error;
    }

    public static ApiError? Check(MoveInventoryStateRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckTarget(request.InventoryId, request.Sku, request.Warehouse, ref violations);
        violations.Add("from", State(request.From));
        violations.Add(
            "to",
            State(request.To) ?? (request.To == request.From ? Problem.Conflict("is the state that it is in") : null)
        );
        violations.Add("quantity", NumberRules.Quantity(request.Quantity));
        CheckReason(request.Reason, request.Note, ref violations);
        violations.Add("expected_version", Version(request.HasExpectedVersion, request.ExpectedVersion));
        return violations.Error;
    }

    public static ApiError? Check(SetInventoryRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckTarget(request.InventoryId, request.Sku, request.Warehouse, ref violations);
        violations.Add("quantity", request.HasQuantity ? NumberRules.Amount(request.Quantity) : Problem.Required);
        CheckReason(request.Reason, request.Note, ref violations);
        violations.Add("expected_version", Version(request.HasExpectedVersion, request.ExpectedVersion));
        return violations.Error;
    }

    public static ApiError? Check(GetInventoryRequest request)
    {
        var violations = new Violations();
        if (request.ProductId.Length == 0)
        {
            CheckTarget(request.InventoryId, request.Sku, request.Warehouse, ref violations);
        }
        else if (request.InventoryId.Length > 0)
        {
            violations.Add("inventory_id", Named);
        }
        else
        {
            CheckEither("sku", request.Sku, "product_id", request.ProductId, ref violations);
            violations.Add("warehouse", TextRules.Key(request.Warehouse));
        }

        return violations.Error;
    }

    public static ApiError? Check(GetInventoryByLocationRequest request)
    {
        var violations = new Violations();
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        PageRules.Check(request.PageSize, ListStock.PageSizeMax, request.PageToken, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(GetOverallInventoryRequest request)
    {
        var violations = new Violations();
        violations.Add("product_id", TextRules.Key(request.ProductId));
        return violations.Error;
    }

    public static ApiError? Check(ListInventoryRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListStock.PageSizeMax, request.PageToken, ref violations);
        if (request.Sku.Length > 0 || request.ProductId.Length > 0)
        {
            CheckEither("sku", request.Sku, "product_id", request.ProductId, ref violations);
        }

        if (request.WarehouseId.Count > WarehousesMax)
        {
            violations.Add("warehouse_id", Problem.OutOfRange($"at most {WarehousesMax}"));
            return violations.Error;
        }

        for (var i = 0; i < request.WarehouseId.Count; i++)
        {
            violations.Add($"warehouse_id[{i}]", TextRules.Key(request.WarehouseId[i]));
        }

        return violations.Error;
    }

    public static ApiError? Check(ListLowStockRequest request)
    {
        var violations = new Violations();
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        PageRules.Check(request.PageSize, ListStock.PageSizeMax, request.PageToken, ref violations);
        violations.Add("threshold", NumberRules.Amount(request.Threshold));
        return violations.Error;
    }

    public static ApiError? Check(DeleteInventoryRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckTarget(request.InventoryId, request.Sku, request.Warehouse, ref violations);
        violations.Add("expected_version", Version(request.HasExpectedVersion, request.ExpectedVersion));
        return violations.Error;
    }

    /// <summary>Either its own id, or item and warehouse; never both.</summary>
    public static void CheckTarget(string inventoryId, string sku, string warehouse, ref Violations violations)
    {
        if (inventoryId.Length == 0)
        {
            CheckLocation(sku, warehouse, ref violations);
        }
        else if (sku.Length > 0 || warehouse.Length > 0)
        {
            violations.Add("inventory_id", Named);
        }
        else if (!PublicId.TryParseStock(inventoryId, out _))
        {
            violations.Add("inventory_id", Problem.Format($"an id that this server made: {PublicId.StockPrefix}…"));
        }
    }

    /// <summary>One of two names of the same; never both.</summary>
    public static void CheckEither(
        string field,
        string value,
        string otherField,
        string otherValue,
        ref Violations violations
    )
    {
        if (otherValue.Length == 0)
        {
            violations.Add(field, TextRules.Key(value));
            return;
        }

        violations.Add(
            field,
            value.Length == 0 ? null : Problem.Conflict($"and {otherField} name the same: leave one")
        );
        violations.Add(otherField, TextRules.Key(otherValue));
    }

    private static Problem? State(StockState state) =>
        state == StockState.Unspecified ? Problem.Required : OptionalState(state);

    private static Problem? OptionalState(StockState state) => Enum.IsDefined(state) ? null : Problem.UnknownValue;

    private static void CheckLocation(string sku, string warehouse, ref Violations violations)
    {
        violations.Add("sku", TextRules.Key(sku));
        violations.Add("warehouse", TextRules.Key(warehouse));
    }

    /// <summary>A code for programs and a note for people.</summary>
    public static void CheckReason(string reason, string note, ref Violations violations)
    {
        violations.Add("reason", TextRules.Optional(reason, TextRules.KeyLengthMax));
        violations.Add("note", TextRules.Optional(note, NoteLengthMax));
        if (note.Length > 0 && reason.Length == 0)
        {
            violations.Add("note", Problem.Conflict("explains a reason, and there is none"));
        }
    }

    private static Problem? Version(bool given, long version) =>
        given && version < 1 ? Problem.OutOfRange("1 or more, as it was read") : null;
}
