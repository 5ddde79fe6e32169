using Grpc.Core;
using Inventory.Engine.Alerts;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineList = Inventory.Engine.Alerts.ListAlerts;
using EngineListThresholds = Inventory.Engine.Alerts.ListThresholds;
using EngineSet = Inventory.Engine.Alerts.SetThreshold;
using EngineWatch = Inventory.Engine.Alerts.WatchAlerts;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class AlertService(
    EngineList list,
    EngineWatch watch,
    AdvanceAlert advance,
    EngineSet set,
    EngineListThresholds listThresholds,
    Drain drain
) : V1.AlertService.AlertServiceBase
{
    public override async Task<ListAlertsResponse> ListAlerts(ListAlertsRequest request, ServerCallContext context)
    {
        if (AlertRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListAlertsResponse>(wrong);
        }

        var answer = await list.ExecuteAsync(
            AlertMessages.ToEngine(request),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return AlertErrors.Of(answer) is { } refusal
            ? context.Refuse<ListAlertsResponse>(refusal)
            : AlertMessages.ToWire(answer);
    }

    public override async Task WatchAlerts(
        WatchAlertsRequest request,
        IServerStreamWriter<WatchAlertsResponse> responseStream,
        ServerCallContext context
    )
    {
        if (AlertRules.Check(request) is { } wrong)
        {
            wrong.Set(context);
            return;
        }

        var (opened, refusal) = watch.Open(AlertMessages.ToEngine(request.Kinds), request.ResumeToken);
        if (opened is null)
        {
            WatchErrors.Of(refusal!).Set(context);
            return;
        }

        using (opened)
        {
            await WatchStreams.WriteAsync(opened.NextAsync, AlertMessages.ToWire, responseStream, drain, context);
        }
    }

    public override async Task<AcknowledgeAlertResponse> AcknowledgeAlert(
        AcknowledgeAlertRequest request,
        ServerCallContext context
    )
    {
        if (AlertRules.Check(request) is { } wrong)
        {
            return context.Refuse<AcknowledgeAlertResponse>(wrong);
        }

        var step = AlertMessages.ToStep(
            request.RequestId,
            request.AlertId,
            request.Note,
            AlertStepKind.Acknowledge,
            Callers.Of(context)
        );
        var answer = await advance.ExecuteAsync(step, context.CancellationToken);
        return AlertErrors.Of(answer, step) is { } refusal
            ? context.Refuse<AcknowledgeAlertResponse>(refusal)
            : new()
            {
                Alert = AlertMessages.ToWire(answer.Alert!),
                Replayed = answer.Outcome == AlertStepOutcome.Replayed,
                RequestId = step.RequestId,
            };
    }

    public override async Task<ResolveAlertResponse> ResolveAlert(
        ResolveAlertRequest request,
        ServerCallContext context
    )
    {
        if (AlertRules.Check(request) is { } wrong)
        {
            return context.Refuse<ResolveAlertResponse>(wrong);
        }

        var step = AlertMessages.ToStep(
            request.RequestId,
            request.AlertId,
            request.Note,
            AlertStepKind.Resolve,
            Callers.Of(context)
        );
        var answer = await advance.ExecuteAsync(step, context.CancellationToken);
        return AlertErrors.Of(answer, step) is { } refusal
            ? context.Refuse<ResolveAlertResponse>(refusal)
            : new()
            {
                Alert = AlertMessages.ToWire(answer.Alert!),
                Replayed = answer.Outcome == AlertStepOutcome.Replayed,
                RequestId = step.RequestId,
            };
    }

    public override async Task<SetThresholdResponse> SetThreshold(
        SetThresholdRequest request,
        ServerCallContext context
    )
    {
        if (AlertRules.Check(request) is { } wrong)
        {
            return context.Refuse<SetThresholdResponse>(wrong);
        }

        var edit = AlertMessages.ToEngine(request, Callers.Of(context));
        var outcome = await set.ExecuteAsync(edit, context.CancellationToken);
        return AlertErrors.Of(outcome, edit) is { } refusal
            ? context.Refuse<SetThresholdResponse>(refusal)
            : new() { Replayed = outcome == SetThresholdOutcome.Replayed, RequestId = edit.RequestId };
    }

    public override async Task<ListThresholdsResponse> ListThresholds(
        ListThresholdsRequest request,
        ServerCallContext context
    )
    {
        if (AlertRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListThresholdsResponse>(wrong);
        }

        var page = await listThresholds.ExecuteAsync(
            request.Sku.Length == 0 ? null : request.Sku,
            request.Warehouse.Length == 0 ? null : request.Warehouse,
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return page is null
            ? context.Refuse<ListThresholdsResponse>(WarehouseErrors.PageTokenInvalid()!)
            : AlertMessages.ToWire(page);
    }
}
