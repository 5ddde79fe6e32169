using Google.Protobuf;
using Grpc.Core;
using Inventory.Engine.Replenishment;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineDeletePolicy = Inventory.Engine.Replenishment.DeleteReorderPolicy;
using EngineForecast = Inventory.Engine.Replenishment.GetForecast;
using EngineGet = Inventory.Engine.Replenishment.GetReorder;
using EngineGetPolicy = Inventory.Engine.Replenishment.GetReorderPolicy;
using EngineList = Inventory.Engine.Replenishment.ListReorders;
using EngineListPolicies = Inventory.Engine.Replenishment.ListReorderPolicies;
using EngineSetPolicy = Inventory.Engine.Replenishment.SetReorderPolicy;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class ReplenishmentService(
    EngineSetPolicy setPolicy,
    EngineGetPolicy getPolicy,
    EngineListPolicies listPolicies,
    EngineDeletePolicy deletePolicy,
    EngineGet get,
    EngineList list,
    AdvanceReorder advance,
    EngineForecast forecast
) : V1.ReplenishmentService.ReplenishmentServiceBase
{
    public override async Task<SetReorderPolicyResponse> SetReorderPolicy(
        SetReorderPolicyRequest request,
        ServerCallContext context
    )
    {
        if (ReplenishmentRules.Check(request) is { } wrong)
        {
            return context.Refuse<SetReorderPolicyResponse>(wrong);
        }

        var asked = ReplenishmentMessages.ToEngine(request, Callers.Of(context));
        var answer = await setPolicy.ExecuteAsync(asked, context.CancellationToken);
        return
            ReplenishmentErrors.Of(answer.Outcome, asked.RequestId, request.Sku, request.Warehouse, answer.Version)
                is { } refusal
            ? context.Refuse<SetReorderPolicyResponse>(refusal)
            : new()
            {
                Policy = ReplenishmentMessages.ToWire(answer.Policy!),
                Replayed = answer.Outcome == PolicyOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<GetReorderPolicyResponse> GetReorderPolicy(
        GetReorderPolicyRequest request,
        ServerCallContext context
    )
    {
        if (ReplenishmentRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetReorderPolicyResponse>(wrong);
        }

        var answer = await getPolicy.ExecuteAsync(request.Sku, request.Warehouse, context.CancellationToken);
        return ReplenishmentErrors.Of(answer.Outcome, "", request.Sku, request.Warehouse, 0) is { } refusal
            ? context.Refuse<GetReorderPolicyResponse>(refusal)
            : new()
            {
                Policy = ReplenishmentMessages.ToWire(answer.Policy!),
                Position = answer.Position is { } position ? ReplenishmentMessages.ToWire(position) : null,
            };
    }

    public override async Task<ListReorderPoliciesResponse> ListReorderPolicies(
        ListReorderPoliciesRequest request,
        ServerCallContext context
    )
    {
        if (ReplenishmentRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListReorderPoliciesResponse>(wrong);
        }

        var answer = await listPolicies.ExecuteAsync(
            StockMessages.NullIfEmpty(request.Sku),
            StockMessages.NullIfEmpty(request.Warehouse),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return ReplenishmentErrors.Of(answer.Outcome, request.Sku, request.Warehouse) is { } refusal
            ? context.Refuse<ListReorderPoliciesResponse>(refusal)
            : new()
            {
                Policies = { answer.Policies.Select(ReplenishmentMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<DeleteReorderPolicyResponse> DeleteReorderPolicy(
        DeleteReorderPolicyRequest request,
        ServerCallContext context
    )
    {
        if (ReplenishmentRules.Check(request) is { } wrong)
        {
            return context.Refuse<DeleteReorderPolicyResponse>(wrong);
        }

        var requestId = RequestIds.OrMade(request.RequestId);
        var answer = await deletePolicy.ExecuteAsync(
            Callers.Of(context),
            requestId,
            request.Sku,
            request.Warehouse,
            request.HasExpectedVersion ? request.ExpectedVersion : null,
            context.CancellationToken
        );
        return
            ReplenishmentErrors.Of(answer.Outcome, requestId, request.Sku, request.Warehouse, answer.Version)
                is { } refusal
            ? context.Refuse<DeleteReorderPolicyResponse>(refusal)
            : new() { Replayed = answer.Outcome == PolicyOutcome.Replayed, RequestId = requestId };
    }

    public override async Task<GetReorderResponse> GetReorder(GetReorderRequest request, ServerCallContext context)
    {
        if (ReplenishmentRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetReorderResponse>(wrong);
        }

        var reorder = await get.ExecuteAsync(Guid.Parse(request.ReorderId), context.CancellationToken);
        return reorder is null
            ? context.Refuse<GetReorderResponse>(ReplenishmentErrors.NotFound(request.ReorderId))
            : new() { Reorder = ReplenishmentMessages.ToWire(reorder) };
    }

    public override async Task<ListReordersResponse> ListReorders(
        ListReordersRequest request,
        ServerCallContext context
    )
    {
        if (ReplenishmentRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListReordersResponse>(wrong);
        }

        var answer = await list.ExecuteAsync(
            ReplenishmentMessages.ToEngine(request),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return ReplenishmentErrors.Of(answer.Outcome, request.Sku, request.Warehouse) is { } refusal
            ? context.Refuse<ListReordersResponse>(refusal)
            : new()
            {
                Reorders = { answer.Reorders.Select(ReplenishmentMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<ApproveReorderResponse> ApproveReorder(
        ApproveReorderRequest request,
        ServerCallContext context
    ) =>
        await AdvanceAsync<ApproveReorderResponse>(
            ReorderSteps.Of(request, Callers.Of(context)),
            context,
            (reorder, replayed, requestId) =>
                new()
                {
                    Reorder = reorder,
                    Replayed = replayed,
                    RequestId = requestId,
                }
        );

    public override async Task<RejectReorderResponse> RejectReorder(
        RejectReorderRequest request,
        ServerCallContext context
    ) =>
        await AdvanceAsync<RejectReorderResponse>(
            ReorderSteps.Of(request, Callers.Of(context)),
            context,
            (reorder, replayed, requestId) =>
                new()
                {
                    Reorder = reorder,
                    Replayed = replayed,
                    RequestId = requestId,
                }
        );

    public override async Task<ReceiveReorderResponse> ReceiveReorder(
        ReceiveReorderRequest request,
        ServerCallContext context
    ) =>
        await AdvanceAsync<ReceiveReorderResponse>(
            ReorderSteps.Of(request, Callers.Of(context)),
            context,
            (reorder, replayed, requestId) =>
                new()
                {
                    Reorder = reorder,
                    Replayed = replayed,
                    RequestId = requestId,
                }
        );

    public override async Task<CancelReorderResponse> CancelReorder(
        CancelReorderRequest request,
        ServerCallContext context
    ) =>
        await AdvanceAsync<CancelReorderResponse>(
            ReorderSteps.Of(request, Callers.Of(context)),
            context,
            (reorder, replayed, requestId) =>
                new()
                {
                    Reorder = reorder,
                    Replayed = replayed,
                    RequestId = requestId,
                }
        );

    public override async Task<CloseReorderResponse> CloseReorder(
        CloseReorderRequest request,
        ServerCallContext context
    ) =>
        await AdvanceAsync<CloseReorderResponse>(
            ReorderSteps.Of(request, Callers.Of(context)),
            context,
            (reorder, replayed, requestId) =>
                new()
                {
                    Reorder = reorder,
                    Replayed = replayed,
                    RequestId = requestId,
                }
        );

    public override async Task<GetForecastResponse> GetForecast(GetForecastRequest request, ServerCallContext context)
    {
        if (ReplenishmentRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetForecastResponse>(wrong);
        }

        var asked = ReplenishmentMessages.ToEngine(request);
        var answer = await forecast.ExecuteAsync(asked, context.CancellationToken);
        return ReplenishmentErrors.Of(answer.Outcome, request.Sku, request.Warehouse) is { } refusal
            ? context.Refuse<GetForecastResponse>(refusal)
            : ReplenishmentMessages.ToWire(answer.Forecast!, request);
    }

    private async Task<T> AdvanceAsync<T>(
        ReorderSteps asked,
        ServerCallContext context,
        Func<V1.Reorder, bool, string, T> answered
    )
        where T : class, IMessage, new()
    {
        if (asked.Wrong is { } wrong)
        {
            return context.Refuse<T>(wrong);
        }

        var answer = await advance.ExecuteAsync(asked.Step, context.CancellationToken);
        return ReplenishmentErrors.Of(answer, asked.Step) is { } refusal
            ? context.Refuse<T>(refusal)
            : answered(
                ReplenishmentMessages.ToWire(answer.Reorder!),
                answer.Outcome == ReorderOutcome.Replayed,
                asked.Step.RequestId
            );
    }
}
