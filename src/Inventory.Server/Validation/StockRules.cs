using Inventory.Engine.Database;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of StockService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class StockRules
{
    private const int NoteLengthMax = 500;

    public static ApiError? Check(AddInventoryToLocationRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        CheckLocation(request.Sku, request.Warehouse, ref violations);
        violations.Add("quantity", NumberRules.Quantity(request.Quantity));
        CheckReason(request.Reason, request.Note, ref violations);
        violations.Add("expected_version", Version(request.HasExpectedVersion, request.ExpectedVersion));
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
        CheckTarget(request.InventoryId, request.Sku, request.Warehouse, ref violations);
        return violations.Error;
    }

    /// <summary>Either its own id, or item and warehouse; never both.</summary>
    private static void CheckTarget(string inventoryId, string sku, string warehouse, ref Violations violations)
    {
        if (inventoryId.Length == 0)
        {
            CheckLocation(sku, warehouse, ref violations);
        }
        else if (sku.Length > 0 || warehouse.Length > 0)
        {
            violations.Add("inventory_id", Problem.Conflict("names the stock already: leave out sku and warehouse"));
        }
        else if (!PublicId.TryParseStock(inventoryId, out _))
        {
            violations.Add("inventory_id", Problem.Format($"an id that this server made: {PublicId.StockPrefix}…"));
        }
    }

    private static void CheckLocation(string sku, string warehouse, ref Violations violations)
    {
        violations.Add("sku", TextRules.Key(sku));
        violations.Add("warehouse", TextRules.Key(warehouse));
    }

    private static void CheckReason(string reason, string note, ref Violations violations)
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
