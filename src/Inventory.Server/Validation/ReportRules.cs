using Google.Protobuf.Collections;
using Inventory.Engine.Reports;
using Inventory.Server.Errors;
using Inventory.V1;
using ReportKind = Inventory.V1.ReportKind;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of ReportService must be before the engine sees it. It answers null when all is well.
/// </summary>
internal static class ReportRules
{
    private const int CategoryLengthMax = 200;
    private const int LimitMax = 1_000_000;

    private static readonly Problem NotBefore = Problem.Conflict("is not earlier than end_time");

    public static ApiError? Check(RunReportRequest request)
    {
        var violations = new Violations();
        violations.Add("report", Report(request.Report));
        violations.Add("start_time", TimeRules.Valid(request.StartTime));
        violations.Add("end_time", TimeRules.Valid(request.EndTime));
        if (
            request is { StartTime: { } start, EndTime: { } end }
            && TimeRules.Valid(start) is null
            && TimeRules.Valid(end) is null
            && start.ToDateTime() >= end.ToDateTime()
        )
        {
            violations.Add("start_time", NotBefore);
        }

        CheckFilter(request.Warehouses, request.Category, request.Limit, ref violations);
        return violations.Error;
    }

    /// <summary>Which rows a report has.</summary>
    internal static void CheckFilter(
        RepeatedField<string> warehouses,
        string category,
        int limit,
        ref Violations violations
    )
    {
        CheckWarehouses(warehouses, ref violations);
        violations.Add("category", TextRules.Optional(category, CategoryLengthMax));
        violations.Add("limit", limit is >= 0 and <= LimitMax ? null : Problem.OutOfRange($"0 to {LimitMax}"));
    }

    internal static Problem? Report(ReportKind report) =>
        report == ReportKind.Unspecified ? Problem.Required
        : Enum.IsDefined(report) ? null
        : Problem.UnknownValue;

    private static void CheckWarehouses(RepeatedField<string> warehouses, ref Violations violations)
    {
        if (warehouses.Count > ReportQuery.WarehousesMax)
        {
            violations.Add("warehouses", Problem.OutOfRange($"at most {ReportQuery.WarehousesMax}"));
            return;
        }

        foreach (var (index, warehouse) in warehouses.Index())
        {
            violations.Add($"warehouses[{index}]", TextRules.Key(warehouse));
        }
    }
}
