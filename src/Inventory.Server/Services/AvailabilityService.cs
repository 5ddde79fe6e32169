using Grpc.Core;
using Inventory.Engine.Availability;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineBatchGet = Inventory.Engine.Availability.BatchGetAvailability;
using EngineExplain = Inventory.Engine.Availability.ExplainAvailability;
using EngineGet = Inventory.Engine.Availability.GetAvailability;
using EngineWatch = Inventory.Engine.Availability.WatchAvailability;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what there is.</summary>
internal sealed class AvailabilityService(
    EngineGet get,
    EngineBatchGet batchGet,
    CheckAvailability check,
    EngineExplain explain,
    EngineWatch watch,
    Drain drain
) : V1.AvailabilityService.AvailabilityServiceBase
{
    public override async Task<GetAvailabilityResponse> GetAvailability(
        GetAvailabilityRequest request,
        ServerCallContext context
    )
    {
        if (AvailabilityRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetAvailabilityResponse>(wrong);
        }

        var answer = await get.ExecuteAsync(
            request.Sku,
            request.Warehouses,
            AvailabilityMessages.ToEngine(request.Consistency),
            context.CancellationToken
        );
        return AvailabilityErrors.Of(answer.Outcome, answer.Unknown) is { } refusal
            ? context.Refuse<GetAvailabilityResponse>(refusal)
            : new() { Availability = AvailabilityMessages.ToWire(answer.Item!) };
    }

    public override async Task<BatchGetAvailabilityResponse> BatchGetAvailability(
        BatchGetAvailabilityRequest request,
        ServerCallContext context
    )
    {
        if (AvailabilityRules.Check(request) is { } wrong)
        {
            return context.Refuse<BatchGetAvailabilityResponse>(wrong);
        }

        var answer = await batchGet.ExecuteAsync(
            request.Skus,
            request.Warehouses,
            AvailabilityMessages.ToEngine(request.Consistency),
            context.CancellationToken
        );
        return AvailabilityErrors.Of(answer.Outcome, answer.Unknown) is { } refusal
            ? context.Refuse<BatchGetAvailabilityResponse>(refusal)
            : new()
            {
                Availabilities = { answer.Items.Select(AvailabilityMessages.ToWire) },
                UnknownSkus = { answer.UnknownSkus },
            };
    }

    public override async Task<CheckInventoryAvailabilityResponse> CheckInventoryAvailability(
        CheckInventoryAvailabilityRequest request,
        ServerCallContext context
    )
    {
        if (AvailabilityRules.Check(request) is { } wrong)
        {
            return context.Refuse<CheckInventoryAvailabilityResponse>(wrong);
        }

        var cart = await check.ExecuteAsync(
            AvailabilityMessages.ToEngine(request.Lines),
            AvailabilityMessages.ToEngine(request.Consistency),
            context.CancellationToken
        );
        return AvailabilityErrors.Of(cart.Outcome, unknown: null) is { } refusal
            ? context.Refuse<CheckInventoryAvailabilityResponse>(refusal)
            : AvailabilityMessages.ToWire(cart);
    }

    public override async Task<ExplainAvailabilityResponse> ExplainAvailability(
        ExplainAvailabilityRequest request,
        ServerCallContext context
    )
    {
        if (AvailabilityRules.Check(request) is { } wrong)
        {
            return context.Refuse<ExplainAvailabilityResponse>(wrong);
        }

        var answer = await explain.ExecuteAsync(request.Sku, request.Warehouses, context.CancellationToken);
        return AvailabilityErrors.Of(answer.Outcome, answer.Unknown) is { } refusal
            ? context.Refuse<ExplainAvailabilityResponse>(refusal)
            : ExplanationMessages.ToWire(answer);
    }

    public override async Task WatchAvailability(
        WatchAvailabilityRequest request,
        IServerStreamWriter<WatchAvailabilityResponse> responseStream,
        ServerCallContext context
    )
    {
        if (AvailabilityRules.Check(request) is { } wrong)
        {
            wrong.Set(context);
            return;
        }

        var (opened, refusal) = await watch.OpenAsync(
            request.Skus,
            request.Warehouses,
            request.ResumeToken,
            context.CancellationToken
        );
        if (opened is null)
        {
            WatchErrors.Of(refusal!).Set(context);
            return;
        }

        using (opened)
        {
            await WatchStreams.WriteAsync(opened.NextAsync, WatchMessages.ToWire, responseStream, drain, context);
        }
    }
}
