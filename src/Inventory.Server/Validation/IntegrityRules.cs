using Inventory.Engine.Integrity;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of IntegrityService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class IntegrityRules
{
    private const int ReasonLengthMax = 500;

    public static ApiError? Check(ListInvariantFindingsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListFindings.PageSizeMax, request.PageToken, ref violations);
        violations.Add(
            "verification_id",
            request.HasVerificationId && request.VerificationId < 1 ? Problem.OutOfRange("1 or more") : null
        );
        return violations.Error;
    }

    public static ApiError? Check(RepairStockRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        StockRules.CheckTarget(request.InventoryId, request.Sku, request.Warehouse, ref violations);
        violations.Add("reason", TextRules.Required(request.Reason, ReasonLengthMax));
        return violations.Error;
    }
}
