using Grpc.Core;
using Inventory.Engine.Warehouses;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineCreate = Inventory.Engine.Warehouses.CreateWarehouse;
using EngineGet = Inventory.Engine.Warehouses.GetWarehouse;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class WarehouseService(EngineCreate create, EngineGet get) : V1.WarehouseService.WarehouseServiceBase
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

        var asked = WarehouseMessages.ToEngine(request, Callers.Anonymous);
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
}
