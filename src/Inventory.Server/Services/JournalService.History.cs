using Grpc.Core;
using Inventory.Engine.Journal.Snapshots;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;

namespace Inventory.Server.Services;

/// <summary>Stock as it was.</summary>
internal sealed partial class JournalService : V1.JournalService.JournalServiceBase
{
    public override async Task<GetInventoryAtResponse> GetInventoryAt(
        GetInventoryAtRequest request,
        ServerCallContext context
    )
    {
        if (JournalRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetInventoryAtResponse>(wrong);
        }

        var filter = HistoryMessages.ToEngine(request);
        var size = PageRules.Size(request.PageSize);
        var answer = await past.ExecuteAsync(filter, size, request.PageToken, context.CancellationToken);
        return JournalErrors.Of(answer, filter) is { } refusal
            ? context.Refuse<GetInventoryAtResponse>(refusal)
            : new()
            {
                Inventory = { answer.Rows.Select(HistoryMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<CreateSnapshotResponse> CreateSnapshot(
        CreateSnapshotRequest request,
        ServerCallContext context
    )
    {
        if (JournalRules.Check(request) is { } wrong)
        {
            return context.Refuse<CreateSnapshotResponse>(wrong);
        }

        var note = request.Note.Length == 0 ? null : request.Note;
        var asked = new NewSnapshot(Callers.Of(context), RequestIds.OrMade(request.RequestId), note);
        var answer = await create.ExecuteAsync(asked, context.CancellationToken);
        return JournalErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<CreateSnapshotResponse>(refusal)
            : new()
            {
                Snapshot = HistoryMessages.ToWire(answer.Snapshot!),
                Replayed = answer.Outcome == CreateSnapshotOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<ListSnapshotsResponse> ListSnapshots(
        ListSnapshotsRequest request,
        ServerCallContext context
    )
    {
        if (JournalRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListSnapshotsResponse>(wrong);
        }

        var size = PageRules.Size(request.PageSize);
        var answer = await snapshots.ExecuteAsync(size, request.PageToken, context.CancellationToken);
        return JournalErrors.Of(answer) is { } refusal
            ? context.Refuse<ListSnapshotsResponse>(refusal)
            : new()
            {
                Snapshots = { answer.Snapshots.Select(HistoryMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<ListDailyStockResponse> ListDailyStock(
        ListDailyStockRequest request,
        ServerCallContext context
    )
    {
        if (JournalRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListDailyStockResponse>(wrong);
        }

        var filter = HistoryMessages.ToEngine(request);
        var size = PageRules.Size(request.PageSize);
        var answer = await days.ExecuteAsync(filter, size, request.PageToken, context.CancellationToken);
        return JournalErrors.Of(answer, filter) is { } refusal
            ? context.Refuse<ListDailyStockResponse>(refusal)
            : new()
            {
                Days = { answer.Days.Select(HistoryMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }
}
