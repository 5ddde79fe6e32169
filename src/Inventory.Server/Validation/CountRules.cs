using Google.Protobuf.Collections;
using Inventory.Engine.Counts;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of CountService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class CountRules
{
    private const int ReasonLengthMax = 500;

    public static readonly Problem CountedTwice = Problem.Conflict(
        "counts an item twice, or in all and apart: add up what lies at several places"
    );

    private static readonly Problem NamedTwice = Problem.Conflict("is named twice");
    private static readonly Problem NoLines = Problem.OutOfRange($"1 to {CountRecording.LinesMax} lines");

    public static ApiError? Check(CreateCountRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        CheckItems(request.Items, NewCount.ItemsMax, ref violations);
        violations.Add("reason", TextRules.Optional(request.Reason, ReasonLengthMax));
        return violations.Error;
    }

    public static ApiError? Check(RecordCountsRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("count_id", CountId(request.CountId));
        if (request.Lines.Count is 0 or > CountRecording.LinesMax)
        {
            violations.Add("lines", NoLines);
            return violations.Error;
        }

        foreach (var (index, line) in request.Lines.Index())
        {
            violations.Add($"lines[{index}].item", TextRules.Key(line.Item));
            violations.Add(
                $"lines[{index}].quantity",
                line.HasQuantity ? NumberRules.Amount(line.Quantity) : Problem.Required
            );
            violations.Add($"lines[{index}].state", Enum.IsDefined(line.State) ? null : Problem.UnknownValue);
        }

        return violations.Error;
    }

    public static ApiError? Check(GetCountRequest request)
    {
        var violations = new Violations();
        violations.Add("count_id", CountId(request.CountId));
        violations.Add("lines", Enum.IsDefined(request.Lines) ? null : Problem.UnknownValue);
        PageRules.Check(request.PageSize, GetCount.PageSizeMax, request.PageToken, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(ListCountsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListCounts.PageSizeMax, request.PageToken, ref violations);
        violations.Add("state", Enum.IsDefined(request.State) ? null : Problem.UnknownValue);
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        return violations.Error;
    }

    public static ApiError? Check(ListDiscrepanciesRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListDiscrepancies.PageSizeMax, request.PageToken, ref violations);
        violations.Add("count_id", request.CountId.Length == 0 ? null : CountId(request.CountId));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("selection", Enum.IsDefined(request.Selection) ? null : Problem.UnknownValue);
        return violations.Error;
    }

    public static ApiError? Check(ApproveCountRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("count_id", CountId(request.CountId));
        CheckItems(request.Items, CountApproval.ItemsMax, ref violations);
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        StockRules.CheckReason(request.Reason, request.Note, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(CancelCountRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("count_id", CountId(request.CountId));
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        return violations.Error;
    }

    private static void CheckItems(RepeatedField<string> items, int max, ref Violations violations)
    {
        if (items.Count > max)
        {
            violations.Add("items", Problem.OutOfRange($"at most {max}"));
            return;
        }

        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in items.Index())
        {
            violations.Add($"items[{index}]", TextRules.Key(item) ?? (named.Add(item) ? null : NamedTwice));
        }
    }

    private static Problem? CountId(string value) =>
        value.Length == 0 ? Problem.Required
        : Guid.TryParseExact(value, "D", out _) ? null
        : Problem.Format("an id that this server made: a UUID with hyphens");
}
