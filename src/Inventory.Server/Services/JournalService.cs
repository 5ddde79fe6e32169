using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Engine.Journal;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Security;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineDays = Inventory.Engine.Journal.Daily.ListDailyStock;
using EnginePast = Inventory.Engine.Journal.Past.GetInventoryAt;
using EngineSnapshot = Inventory.Engine.Journal.Snapshots.CreateSnapshot;
using EngineSnapshots = Inventory.Engine.Journal.Snapshots.ListSnapshots;
using EngineStream = Inventory.Engine.Journal.StreamTransactions;
using EngineVerify = Inventory.Engine.Journal.VerifyInventory;
using VerifyProgress = Inventory.Engine.Journal.VerifyProgress;
using VerifyResult = Inventory.Engine.Journal.VerifyResult;

namespace Inventory.Server.Services;

/// <summary>Calls the engine, and says what it found as it finds it.</summary>
internal sealed partial class JournalService(
    EngineVerify verify,
    ListTransactions list,
    EnginePast past,
    EngineSnapshot create,
    EngineSnapshots snapshots,
    EngineDays days,
    EngineStream stream,
    Drain drain
) : V1.JournalService.JournalServiceBase
{
    public override async Task<ListTransactionsResponse> ListTransactions(
        ListTransactionsRequest request,
        ServerCallContext context
    )
    {
        if (JournalRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListTransactionsResponse>(wrong);
        }

        var filter = TransactionMessages.ToEngine(request);
        var size = PageRules.Size(request.PageSize);
        var answer = await list.ExecuteAsync(filter, size, request.PageToken, context.CancellationToken);
        return JournalErrors.Of(answer, filter) is { } refusal
            ? context.Refuse<ListTransactionsResponse>(refusal)
            : TransactionMessages.ToWire(answer, Callers.Has(context, Scopes.Admin));
    }

    public override async Task StreamTransactions(
        StreamTransactionsRequest request,
        IServerStreamWriter<StreamTransactionsResponse> responseStream,
        ServerCallContext context
    )
    {
        if (JournalRules.Check(request) is { } wrong)
        {
            wrong.Set(context);
            return;
        }

        var filter = TransactionMessages.ToEngine(request);
        var (opened, refusal) = await stream.OpenAsync(filter, request.ResumeToken, context.CancellationToken);
        if (opened is null)
        {
            WatchErrors.Of(refusal!).Set(context);
            return;
        }

        using (opened)
        {
            await WatchStreams.WriteAsync(opened.NextAsync, TransactionMessages.ToWire, responseStream, drain, context);
        }
    }

    public override async Task VerifyInventory(
        VerifyInventoryRequest request,
        IServerStreamWriter<VerifyInventoryResponse> responseStream,
        ServerCallContext context
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Begun);
        try
        {
            await foreach (var step in verify.ExecuteAsync(ending.Token))
            {
                if (step is VerifyBusy)
                {
                    Faults.VerificationRuns.Set(context);
                    return;
                }

                await responseStream.WriteAsync(ToWire(step), ending.Token);
            }
        }
        catch (OperationCanceledException) when (drain.Begun.IsCancellationRequested)
        {
            // It changes nothing, so a stop does not wait for it.
            Faults.Draining.Set(context);
        }
    }

    private static VerifyInventoryResponse ToWire(VerifyStep step) =>
        step switch
        {
            VerifyProgress progress => new()
            {
                Progress = new() { StockRows = progress.StockRows, StockRowsEstimate = progress.StockRowsEstimate },
            },
            VerifyViolation violation => new() { Violation = ViolationMessages.ToWire(violation) },
            VerifyResult result => new()
            {
                Result = new()
                {
                    Consistent = result.Violations == 0,
                    StockRows = result.StockRows,
                    Violations = result.Violations,
                    AsOf = Timestamp.FromDateTime(result.AsOf),
                    Elapsed = Duration.FromTimeSpan(result.Elapsed),
                },
            },
            _ => throw new InvalidOperationException($"{step.GetType().Name} is no step that is told."),
        };
}
