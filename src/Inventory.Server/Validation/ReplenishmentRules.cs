using Inventory.Engine.Replenishment;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of ReplenishmentService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class ReplenishmentRules
{
    public const int HorizonDaysMax = 90;

    private const int SourceLengthMax = 200;
    private const int LeadTimeDaysMax = 365;
    private const double ServiceLevelMin = 0.5;
    private const double ServiceLevelMax = 0.9999;

    private static readonly Problem WithoutPoint = Problem.Conflict("needs a reorder_point");
    private static readonly Problem Twice = Problem.Conflict("says how much, and so does reorder_quantity");
    private static readonly Problem NotAbove = Problem.OutOfRange("above reorder_point");

    public static ApiError? Check(SetReorderPolicyRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("sku", TextRules.Key(request.Sku));
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        CheckAmounts(request, ref violations);
        violations.Add("lead_time_days", LeadTime(request.LeadTimeDays));
        violations.Add("service_level", request.HasServiceLevel ? ServiceLevel(request.ServiceLevel) : null);
        violations.Add("source", TextRules.Optional(request.Source, SourceLengthMax));
        violations.Add(
            "expected_version",
            request.HasExpectedVersion && request.ExpectedVersion < 0 ? Problem.OutOfRange("0 or more") : null
        );
        return violations.Error;
    }

    public static ApiError? Check(GetReorderPolicyRequest request)
    {
        var violations = new Violations();
        violations.Add("sku", TextRules.Key(request.Sku));
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        return violations.Error;
    }

    public static ApiError? Check(ListReorderPoliciesRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListReorders.PageSizeMax, request.PageToken, ref violations);
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        return violations.Error;
    }

    public static ApiError? Check(DeleteReorderPolicyRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("sku", TextRules.Key(request.Sku));
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        return violations.Error;
    }

    public static ApiError? Check(GetReorderRequest request)
    {
        var violations = new Violations();
        violations.Add("reorder_id", ReorderId(request.ReorderId));
        return violations.Error;
    }

    public static ApiError? Check(ListReordersRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListReorders.PageSizeMax, request.PageToken, ref violations);
        violations.Add("state", Enum.IsDefined(request.State) ? null : Problem.UnknownValue);
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        return violations.Error;
    }

    /// <summary>A step, whatever it is.</summary>
    /// <param name="step">As the engine is to have it.</param>
    /// <param name="requestId">As it was sent.</param>
    /// <param name="reorderId">As it was sent.</param>
    /// <param name="reason">As it was sent.</param>
    /// <param name="note">As it was sent.</param>
    public static ApiError? Check(ReorderStep step, string requestId, string reorderId, string reason, string note)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(requestId));
        violations.Add("reorder_id", ReorderId(reorderId));
        violations.Add("quantity", step.Quantity is { } quantity ? NumberRules.Quantity(quantity) : null);
        violations.Add(
            "expected_version",
            NumberRules.Version(step.ExpectedVersion is not null, step.ExpectedVersion ?? 0)
        );
        StockRules.CheckReason(reason, note, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(GetForecastRequest request)
    {
        var violations = new Violations();
        violations.Add("sku", TextRules.Key(request.Sku));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        violations.Add("weeks", Between(request.Weeks, GetForecast.WeeksMax));
        violations.Add("horizon_days", Between(request.HorizonDays, HorizonDaysMax));
        violations.Add("lead_time_days", LeadTime(request.LeadTimeDays));
        violations.Add("service_level", request.HasServiceLevel ? ServiceLevel(request.ServiceLevel) : null);
        return violations.Error;
    }

    private static void CheckAmounts(SetReorderPolicyRequest request, ref Violations violations)
    {
        var needsPoint = request.HasReorderPoint ? null : WithoutPoint;
        if (request.HasReorderPoint)
        {
            violations.Add("reorder_point", NumberRules.Amount(request.ReorderPoint));
        }

        if (request.HasReorderQuantity)
        {
            violations.Add("reorder_quantity", needsPoint ?? NumberRules.Quantity(request.ReorderQuantity));
        }
        else if (request.HasReorderPoint && !request.HasOrderUpTo)
        {
            violations.Add("reorder_quantity", Problem.Required);
        }

        if (request.HasOrderUpTo)
        {
            violations.Add(
                "order_up_to",
                needsPoint
                    ?? (request.HasReorderQuantity ? Twice : null)
                    ?? NumberRules.Quantity(request.OrderUpTo)
                    ?? (request.OrderUpTo > request.ReorderPoint ? null : NotAbove)
            );
        }
    }

    private static Problem? LeadTime(int days) =>
        days is >= 0 and <= LeadTimeDaysMax ? null : Problem.OutOfRange($"0 to {LeadTimeDaysMax}");

    private static Problem? ServiceLevel(double level) =>
        level is >= ServiceLevelMin and <= ServiceLevelMax ? null : Problem.OutOfRange("0.5 to 0.9999");

    private static Problem? Between(int value, int max) =>
        value >= 0 && value <= max ? null : Problem.OutOfRange($"0 to {max}");

    private static Problem? ReorderId(string value) =>
        value.Length == 0 ? Problem.Required
        : Guid.TryParseExact(value, "D", out _) ? null
        : Problem.Format("an id that this server made: a UUID with hyphens");
}
