using Google.Protobuf.Collections;
using Inventory.Engine.Availability;
using Inventory.Engine.Reservations;
using Inventory.Server.Errors;
using Inventory.V1;
using CartLine = Inventory.V1.CartLine;
using Consistency = Inventory.V1.Consistency;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of AvailabilityService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class AvailabilityRules
{
    private const int WarehousesMax = 100;
    private const int LinesMax = ReserveRequest.LinesMax;

    public static ApiError? Check(GetAvailabilityRequest request)
    {
        var violations = new Violations();
        violations.Add("sku", TextRules.Key(request.Sku));
        CheckWarehouses(request.Warehouses, ref violations);
        violations.Add("consistency", Consistent(request.Consistency));
        return violations.Error;
    }

    public static ApiError? Check(BatchGetAvailabilityRequest request)
    {
        var violations = new Violations();
        CheckKeys("skus", request.Skus, 1, BatchGetAvailability.SkusMax, ref violations);
        CheckWarehouses(request.Warehouses, ref violations);
        violations.Add("consistency", Consistent(request.Consistency));
        return violations.Error;
    }

    public static ApiError? Check(CheckInventoryAvailabilityRequest request)
    {
        var violations = new Violations();
        if (request.Lines.Count is 0 or > LinesMax)
        {
            violations.Add("lines", Counted(request.Lines.Count, 1, LinesMax));
        }
        else
        {
            CheckLines(request.Lines, ref violations);
        }

        violations.Add("consistency", Consistent(request.Consistency));
        return violations.Error;
    }

    public static ApiError? Check(ExplainAvailabilityRequest request)
    {
        var violations = new Violations();
        violations.Add("sku", TextRules.Key(request.Sku));
        CheckWarehouses(request.Warehouses, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(WatchAvailabilityRequest request)
    {
        var violations = new Violations();
        if (request.Skus.Count == 0 && request.Warehouses.Count == 0)
        {
            violations.Add("skus", Problem.Conflict("or warehouses is required"));
        }

        if (request.Skus.Count > 0)
        {
            CheckKeys("skus", request.Skus, 0, WatchAvailability.SkusMax, ref violations);
        }

        CheckWarehouses(request.Warehouses, ref violations);
        violations.Add("resume_token", TextRules.ResumeToken(request.ResumeToken));
        return violations.Error;
    }

    private static void CheckLines(RepeatedField<CartLine> lines, ref Violations violations)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var (sku, quantity) = (TextRules.Key(line.Sku), NumberRules.QuantityToReserve(line.Quantity));
            var warehouse = TextRules.Optional(line.Warehouse, TextRules.KeyLengthMax);
            if (sku is not null || quantity is not null || warehouse is not null)
            {
                violations.Add($"lines[{i}].sku", sku);
                violations.Add($"lines[{i}].quantity", quantity);
                violations.Add($"lines[{i}].warehouse", warehouse);
            }
        }
    }

    public static void CheckWarehouses(RepeatedField<string> warehouses, ref Violations violations)
    {
        if (warehouses.Count > 0)
        {
            CheckKeys("warehouses", warehouses, 0, WarehousesMax, ref violations);
        }
    }

    public static void CheckKeys(string field, RepeatedField<string> keys, int min, int max, ref Violations violations)
    {
        if (Counted(keys.Count, min, max) is { } wrong)
        {
            violations.Add(field, wrong);
            return;
        }

        for (var i = 0; i < keys.Count; i++)
        {
            if (TextRules.Key(keys[i]) is { } problem)
            {
                violations.Add($"{field}[{i}]", problem);
            }
        }
    }

    private static Problem? Counted(int count, int min, int max) =>
        count < min ? Problem.Required
        : count > max ? Problem.OutOfRange($"at most {max}")
        : null;

    private static Problem? Consistent(Consistency consistency) =>
        consistency is >= Consistency.Unspecified and <= Consistency.Strong ? null : Problem.UnknownValue;
}
