using Grpc.Core;
using Inventory.Engine.Catalog;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using ByCase = Inventory.V1.GetInventoryItemRequest.ByOneofCase;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class CatalogService(CreateInventoryItem create, GetInventoryItem get)
    : V1.CatalogService.CatalogServiceBase
{
    public override async Task<CreateInventoryItemResponse> CreateInventoryItem(
        CreateInventoryItemRequest request,
        ServerCallContext context
    )
    {
        if (CatalogRules.Check(request) is { } wrong)
        {
            return context.Refuse<CreateInventoryItemResponse>(wrong);
        }

        var asked = CatalogMessages.ToEngine(request, Callers.Anonymous);
        var answer = await create.ExecuteAsync(asked, context.CancellationToken);
        return CatalogErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<CreateInventoryItemResponse>(refusal)
            : new()
            {
                Item = CatalogMessages.ToWire(answer.Item!),
                Replayed = answer.Outcome == CreateItemOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<GetInventoryItemResponse> GetInventoryItem(
        GetInventoryItemRequest request,
        ServerCallContext context
    )
    {
        if (CatalogRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetInventoryItemResponse>(wrong);
        }

        var (name, answer) = request.ByCase switch
        {
            ByCase.ProductId => (request.ProductId, await FindProductAsync(request, context.CancellationToken)),
            ByCase.Barcode => (
                request.Barcode,
                await get.ByBarcodeAsync(CatalogMessages.ToGtin(request.Barcode), context.CancellationToken)
            ),
            ByCase.Item or ByCase.None => (
                request.Item,
                await get.BySkuOrIdAsync(request.Item, context.CancellationToken)
            ),
        };
        return CatalogErrors.Of(answer, name) is { } refusal
            ? context.Refuse<GetInventoryItemResponse>(refusal)
            : new() { Item = CatalogMessages.ToWire(answer.Item!) };
    }

    /// <summary>Where a product's id is asked for, the item's id and its SKU serve too.</summary>
    private async Task<GetItemAnswer> FindProductAsync(GetInventoryItemRequest request, CancellationToken cancellation)
    {
        var variant = StockMessages.NullIfEmpty(request.VariantId);
        var byProduct = await get.ByProductAsync(request.ProductId, variant, cancellation);
        return byProduct.Outcome == GetItemOutcome.NotFound && variant is null
            ? await get.BySkuOrIdAsync(request.ProductId, cancellation)
            : byProduct;
    }
}
