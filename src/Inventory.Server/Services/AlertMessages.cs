using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Alerts;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.V1;
using EngineAlert = Inventory.Engine.Alerts.Alert;
using EngineKind = Inventory.Engine.Alerts.AlertKind;
using EngineThreshold = Inventory.Engine.Alerts.AlertThreshold;

namespace Inventory.Server.Services;

/// <summary>Alerts between the wire and the engine.</summary>
internal static class AlertMessages
{
    /// <param name="request">Valid.</param>
    public static AlertFilter ToEngine(ListAlertsRequest request) =>
        new()
        {
            Kinds = ToEngine(request.Kinds),
            OpenOnly = request.OpenOnly,
            Sku = Given(request.Sku),
            Warehouse = Given(request.Warehouse),
        };

    /// <summary>Both are numbered alike, and a test holds them to it.</summary>
    public static IReadOnlyList<EngineKind> ToEngine(IEnumerable<V1.AlertKind> kinds) =>
        [.. kinds.Select(k => (EngineKind)k)];

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static ThresholdEdit ToEngine(SetThresholdRequest request, Actor caller) =>
        new(
            caller,
            RequestIds.OrMade(request.RequestId),
            (EngineKind)request.Kind,
            Given(request.Sku),
            Given(request.Warehouse),
            request.HasRaiseAt ? request.RaiseAt : null,
            request.HasResolveAt ? request.ResolveAt : null
        );

    /// <param name="requestId">Made where it is empty.</param>
    /// <param name="alertId">Valid.</param>
    /// <param name="note">What is said of it.</param>
    /// <param name="kind">What to do.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static AlertStep ToStep(string requestId, string alertId, string note, AlertStepKind kind, Actor caller)
    {
        _ = PublicId.TryParseAlert(alertId, out var id);
        return new(caller, RequestIds.OrMade(requestId), id, kind, note);
    }

    public static ListAlertsResponse ToWire(ListAlertsAnswer answer) =>
        new() { Alerts = { answer.Alerts.Select(ToWire) }, NextPageToken = answer.NextPageToken ?? "" };

    public static WatchAlertsResponse ToWire(WatchStep<EngineAlert> step) =>
        new() { Alerts = { step.Told.Select(ToWire) }, ResumeToken = step.ResumeToken ?? "" };

    public static ListThresholdsResponse ToWire(ThresholdPage page) =>
        new() { Thresholds = { page.Thresholds.Select(ToWire) }, NextPageToken = page.NextPageToken ?? "" };

    public static V1.Alert ToWire(EngineAlert alert)
    {
        var message = new V1.Alert
        {
            AlertId = PublicId.Alert(alert.AlertId),
            Kind = (V1.AlertKind)alert.Kind,
            Subject = alert.Subject,
            Sku = alert.Sku,
            Warehouse = alert.Warehouse,
            Message = alert.Message,
            State =
                alert.ResolvedAt is not null ? AlertState.Resolved
                : alert.AcknowledgedAt is not null ? AlertState.Acknowledged
                : AlertState.Open,
            RaiseTime = Timestamp.FromDateTime(alert.RaisedAt),
            AcknowledgeTime = ToWire(alert.AcknowledgedAt),
            AcknowledgedBy = alert.AcknowledgedBy ?? "",
            Note = alert.Note,
            ResolveTime = ToWire(alert.ResolvedAt),
            ResolvedBy = alert.ResolvedBy ?? "",
            Version = alert.Revision,
        };
        if (alert.Amount is { } amount)
        {
            message.Amount = amount;
        }

        if (alert.Threshold is { } threshold)
        {
            message.Threshold = threshold;
        }

        return message;
    }

    private static V1.AlertThreshold ToWire(EngineThreshold threshold) =>
        new()
        {
            Kind = (V1.AlertKind)threshold.Kind,
            Sku = threshold.Sku,
            Warehouse = threshold.Warehouse,
            RaiseAt = threshold.RaiseAt,
            ResolveAt = threshold.ResolveAt,
            UpdateTime = Timestamp.FromDateTime(threshold.UpdatedAt),
            UpdatedBy = threshold.UpdatedBy,
        };

    private static Timestamp? ToWire(DateTime? at) => at is { } time ? Timestamp.FromDateTime(time) : null;

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
