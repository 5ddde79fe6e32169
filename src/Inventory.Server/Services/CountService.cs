using Grpc.Core;
using Inventory.Engine.Counts;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineCreate = Inventory.Engine.Counts.CreateCount;
using EngineGet = Inventory.Engine.Counts.GetCount;
using EngineList = Inventory.Engine.Counts.ListCounts;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class CountService(
    EngineCreate create,
    RecordCounts record,
    EngineGet get,
    EngineList list,
    ListDiscrepancies discrepancies,
    ApproveCount approve,
    CancelCount cancel
) : V1.CountService.CountServiceBase
{
    public override async Task<CreateCountResponse> CreateCount(CreateCountRequest request, ServerCallContext context)
    {
        if (CountRules.Check(request) is { } wrong)
        {
            return context.Refuse<CreateCountResponse>(wrong);
        }

        var asked = CountMessages.ToEngine(request, Callers.Of(context));
        var answer = await create.ExecuteAsync(asked, context.CancellationToken);
        return CountErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<CreateCountResponse>(refusal)
            : new()
            {
                Count = CountMessages.ToWire(answer.Count!),
                Replayed = answer.Outcome == CreateCountOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<RecordCountsResponse> RecordCounts(
        RecordCountsRequest request,
        ServerCallContext context
    )
    {
        if (CountRules.Check(request) is { } wrong)
        {
            return context.Refuse<RecordCountsResponse>(wrong);
        }

        var asked = CountMessages.ToEngine(request, Callers.Of(context));
        var answer = await record.ExecuteAsync(asked, context.CancellationToken);
        return CountErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<RecordCountsResponse>(refusal)
            : CountMessages.ToWire(answer, asked.RequestId);
    }

    public override async Task<GetCountResponse> GetCount(GetCountRequest request, ServerCallContext context)
    {
        if (CountRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetCountResponse>(wrong);
        }

        var answer = await get.ExecuteAsync(
            Guid.Parse(request.CountId),
            CountMessages.ToEngine(request.Lines),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return CountErrors.Of(answer, request.CountId) is { } refusal
            ? context.Refuse<GetCountResponse>(refusal)
            : CountMessages.ToWire(answer);
    }

    public override async Task<ListCountsResponse> ListCounts(ListCountsRequest request, ServerCallContext context)
    {
        if (CountRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListCountsResponse>(wrong);
        }

        var filter = CountMessages.ToEngine(request);
        var size = PageRules.Size(request.PageSize);
        var answer = await list.ExecuteAsync(filter, size, request.PageToken, context.CancellationToken);
        return CountErrors.Of(answer.Outcome, null, filter.Warehouse) is { } refusal
            ? context.Refuse<ListCountsResponse>(refusal)
            : new()
            {
                Counts = { answer.Counts.Select(CountMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<ListDiscrepanciesResponse> ListDiscrepancies(
        ListDiscrepanciesRequest request,
        ServerCallContext context
    )
    {
        if (CountRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListDiscrepanciesResponse>(wrong);
        }

        var filter = CountMessages.ToEngine(request);
        var size = PageRules.Size(request.PageSize);
        var answer = await discrepancies.ExecuteAsync(filter, size, request.PageToken, context.CancellationToken);
        return CountErrors.Of(answer.Outcome, filter.Sku, filter.Warehouse) is { } refusal
            ? context.Refuse<ListDiscrepanciesResponse>(refusal)
            : new()
            {
                Discrepancies = { answer.Discrepancies.Select(CountMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<ApproveCountResponse> ApproveCount(
        ApproveCountRequest request,
        ServerCallContext context
    )
    {
        if (CountRules.Check(request) is { } wrong)
        {
            return context.Refuse<ApproveCountResponse>(wrong);
        }

        var asked = CountMessages.ToEngine(request, Callers.Of(context));
        var answer = await approve.ExecuteAsync(asked, context.CancellationToken);
        return CountErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<ApproveCountResponse>(refusal)
            : new()
            {
                Count = CountMessages.ToWire(answer.Count!),
                ApprovedLines = answer.ApprovedLines,
                Refused = { answer.Refused.Select(CountMessages.ToWire) },
                Replayed = answer.Outcome == ApproveCountOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<CancelCountResponse> CancelCount(CancelCountRequest request, ServerCallContext context)
    {
        if (CountRules.Check(request) is { } wrong)
        {
            return context.Refuse<CancelCountResponse>(wrong);
        }

        var asked = CountMessages.ToEngine(request, Callers.Of(context));
        var answer = await cancel.ExecuteAsync(asked, context.CancellationToken);
        return CountErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<CancelCountResponse>(refusal)
            : new()
            {
                Count = CountMessages.ToWire(answer.Count!),
                Replayed = answer.Outcome == CancelCountOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }
}
