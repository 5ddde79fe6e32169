using Grpc.Core;
using Inventory.Engine.Warehouses;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineCreate = Inventory.Engine.Warehouses.CreateWarehouse;
using EngineDelete = Inventory.Engine.Warehouses.DeleteWarehouse;
using EngineGet = Inventory.Engine.Warehouses.GetWarehouse;
using EngineList = Inventory.Engine.Warehouses.ListWarehouses;
using EngineUpdate = Inventory.Engine.Warehouses.UpdateWarehouse;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class WarehouseService(
    EngineCreate create,
    EngineGet get,
    EngineUpdate update,
    EngineDelete delete,
    EngineList list
) : V1.WarehouseService.WarehouseServiceBase
{
    public override async Task<CreateWarehouseResponse> CreateWarehouse(
        CreateWarehouseRequest request,
        ServerCallContext context
    )
    {
        if (WarehouseRules.Check(request) is { } wrong)
        {
            return context.Refuse<CreateWarehouseResponse>(wrong);
        }

        var asked = WarehouseMessages.ToEngine(request, Callers.Of(context));
        var answer = await create.ExecuteAsync(asked, context.CancellationToken);
        return CatalogErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<CreateWarehouseResponse>(refusal)
            : new()
            {
                Warehouse = WarehouseMessages.ToWire(answer.Warehouse!),
                Replayed = answer.Outcome == CreateWarehouseOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<GetWarehouseResponse> GetWarehouse(
        GetWarehouseRequest request,
        ServerCallContext context
    )
    {
        if (WarehouseRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetWarehouseResponse>(wrong);
        }

        var warehouse = await get.ExecuteAsync(request.Warehouse, context.CancellationToken);
        return warehouse is null
            ? context.Refuse<GetWarehouseResponse>(CommonErrors.WarehouseUnknown(request.Warehouse))
            : new() { Warehouse = WarehouseMessages.ToWire(warehouse) };
    }

    public override async Task<UpdateWarehouseResponse> UpdateWarehouse(
        UpdateWarehouseRequest request,
        ServerCallContext context
    )
    {
        if (WarehouseRules.Check(request) is { } wrong)
        {
            return context.Refuse<UpdateWarehouseResponse>(wrong);
        }

        var asked = WarehouseMessages.ToEngine(request, Callers.Of(context));
        var answer = await update.ExecuteAsync(asked, context.CancellationToken);
        return WarehouseErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<UpdateWarehouseResponse>(refusal)
            : new()
            {
                Warehouse = WarehouseMessages.ToWire(answer.Warehouse!),
                Replayed = answer.Outcome == UpdateWarehouseOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<DeleteWarehouseResponse> DeleteWarehouse(
        DeleteWarehouseRequest request,
        ServerCallContext context
    )
    {
        if (WarehouseRules.Check(request) is { } wrong)
        {
            return context.Refuse<DeleteWarehouseResponse>(wrong);
        }

        var asked = new WarehouseDeletion(
            Callers.Of(context),
            RequestIds.OrMade(request.RequestId),
            request.Warehouse,
            request.HasExpectedVersion ? request.ExpectedVersion : null
        );
        var answer = await delete.ExecuteAsync(asked, context.CancellationToken);
        return WarehouseErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<DeleteWarehouseResponse>(refusal)
            : new() { Replayed = answer.Outcome == DeleteWarehouseOutcome.Replayed, RequestId = asked.RequestId };
    }

    public override async Task<ListWarehousesResponse> ListWarehouses(
        ListWarehousesRequest request,
        ServerCallContext context
    )
    {
        if (WarehouseRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListWarehousesResponse>(wrong);
        }

        var answer = await list.ExecuteAsync(
            WarehouseMessages.ToEngine(request),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return WarehouseErrors.Of(answer) is { } refusal
            ? context.Refuse<ListWarehousesResponse>(refusal)
            : new()
            {
                Warehouses = { answer.Warehouses.Select(WarehouseMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }
}
