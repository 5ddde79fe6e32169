using Google.Protobuf.Collections;
using Inventory.Engine.Alerts;
using Inventory.Engine.Database;
using Inventory.Server.Errors;
using Inventory.V1;
using AlertKind = Inventory.V1.AlertKind;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of AlertService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class AlertRules
{
    private const int KindsMax = 100;
    private const int NoteLengthMax = 500;

    public static ApiError? Check(ListAlertsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListAlerts.PageSizeMax, request.PageToken, ref violations);
        CheckKinds(request.Kinds, ref violations);
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        return violations.Error;
    }

    public static ApiError? Check(WatchAlertsRequest request)
    {
        var violations = new Violations();
        CheckKinds(request.Kinds, ref violations);
        violations.Add("resume_token", TextRules.ResumeToken(request.ResumeToken));
        return violations.Error;
    }

    public static ApiError? Check(AcknowledgeAlertRequest request) =>
        CheckStep(request.RequestId, request.AlertId, request.Note);

    public static ApiError? Check(ResolveAlertRequest request) =>
        CheckStep(request.RequestId, request.AlertId, request.Note);

    public static ApiError? Check(SetThresholdRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        var isOfLevels = request.Kind is AlertKind.LowStock or AlertKind.OutOfStock or AlertKind.Overstock;
        violations.Add("kind", isOfLevels ? null : Problem.OutOfRange("LOW_STOCK, OUT_OF_STOCK or OVERSTOCK"));
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        var isOver = request.Kind == AlertKind.Overstock;
        if (request.HasRaiseAt)
        {
            violations.Add(
                "raise_at",
                isOver ? NumberRules.Quantity(request.RaiseAt) : NumberRules.Amount(request.RaiseAt)
            );
        }

        if (request.HasResolveAt)
        {
            violations.Add("resolve_at", ResolveAt(request, isOver));
        }

        return violations.Error;
    }

    public static ApiError? Check(ListThresholdsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListThresholds.PageSizeMax, request.PageToken, ref violations);
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        return violations.Error;
    }

    private static Problem? ResolveAt(SetThresholdRequest request, bool isOver)
    {
        if (!request.HasRaiseAt)
        {
            return Problem.Conflict("cannot be without raise_at");
        }

        var isApart = isOver ? request.ResolveAt < request.RaiseAt : request.ResolveAt > request.RaiseAt;
        return NumberRules.Amount(request.ResolveAt)
            ?? (isApart ? null : Problem.OutOfRange(isOver ? "below raise_at" : "above raise_at"));
    }

    private static ApiError? CheckStep(string requestId, string alertId, string note)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(requestId));
        violations.Add("alert_id", AlertId(alertId));
        violations.Add("note", TextRules.Optional(note, NoteLengthMax));
        return violations.Error;
    }

    private static Problem? AlertId(string alertId) =>
        alertId.Length == 0 ? Problem.Required
        : PublicId.TryParseAlert(alertId, out _) ? null
        : Problem.Format("an alert_id as it was answered");

    private static void CheckKinds(RepeatedField<AlertKind> kinds, ref Violations violations)
    {
        if (kinds.Count > KindsMax)
        {
            violations.Add("kinds", Problem.OutOfRange($"at most {KindsMax}"));
            return;
        }

        for (var i = 0; i < kinds.Count; i++)
        {
            var isKind = kinds[i] != AlertKind.Unspecified && Enum.IsDefined(kinds[i]);
            violations.Add($"kinds[{i}]", isKind ? null : Problem.UnknownValue);
        }
    }
}
