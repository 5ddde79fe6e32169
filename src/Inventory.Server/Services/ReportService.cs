using Grpc.Core;
using Inventory.Engine.Reports;
using Inventory.Server.Alerts;
using Inventory.Server.Errors;
using Inventory.Server.Events.Webhooks;
using Inventory.Server.Hosting;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineRun = Inventory.Engine.Reports.RunReport;
using ReportHead = Inventory.Engine.Reports.ReportHead;
using ReportRows = Inventory.Engine.Reports.ReportRows;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and sends on what it finds as it finds it.</summary>
internal sealed partial class ReportService(
    EngineRun run,
    Drain drain,
    ReportSchedules schedules,
    WebhookOptions webhooks,
    AlertOptions alerts
) : V1.ReportService.ReportServiceBase
{
    public override async Task RunReport(
        RunReportRequest request,
        IServerStreamWriter<RunReportResponse> responseStream,
        ServerCallContext context
    )
    {
        if (ReportRules.Check(request) is { } wrong)
        {
            wrong.Set(context);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Begun);
        try
        {
            await foreach (var step in run.ExecuteAsync(ReportMessages.ToEngine(request), ending.Token))
            {
                switch (step)
                {
                    case ReportRefused refused:
                        CommonErrors.WarehouseUnknown(refused.Warehouses).Set(context);
                        return;
                    case ReportHead head:
                        await responseStream.WriteAsync(ReportMessages.ToWire(head, request.Report), ending.Token);
                        break;
                    case ReportRows rows:
                        await responseStream.WriteAsync(ReportMessages.ToWire(rows), ending.Token);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (drain.Begun.IsCancellationRequested)
        {
            // It changes nothing, so a stop does not wait for it.
            Faults.Draining.Set(context);
        }
    }
}
