using Grpc.Core;
using Inventory.Engine.Catalog;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using ByCase = Inventory.V1.GetInventoryItemRequest.ByOneofCase;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class CatalogService(
    CreateInventoryItem create,
    GetInventoryItem get,
    UpdateInventoryItem update,
    DeleteInventoryItem delete,
    ListInventoryItems list
) : V1.CatalogService.CatalogServiceBase
{
    /// <summary>Clients take 4 MiB unless they are told otherwise.</summary>
    private const int PageBytesMax = 3 * 1024 * 1024;

    public override async Task<CreateInventoryItemResponse> CreateInventoryItem(
        CreateInventoryItemRequest request,
        ServerCallContext context
    )
    {
        if (CatalogRules.Check(request) is { } wrong)
        {
            return context.Refuse<CreateInventoryItemResponse>(wrong);
        }

        var asked = CatalogMessages.ToEngine(request, Callers.Of(context));
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

    public override async Task<UpdateInventoryItemResponse> UpdateInventoryItem(
        UpdateInventoryItemRequest request,
        ServerCallContext context
    )
    {
        if (CatalogRules.Check(request) is { } wrong)
        {
            return context.Refuse<UpdateInventoryItemResponse>(wrong);
        }

        var asked = CatalogMessages.ToEngine(request, Callers.Of(context));
        var answer = await update.ExecuteAsync(asked, context.CancellationToken);
        return CatalogErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<UpdateInventoryItemResponse>(refusal)
            : new()
            {
                Item = CatalogMessages.ToWire(answer.Item!),
                Replayed = answer.Outcome == UpdateItemOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<DeleteInventoryItemResponse> DeleteInventoryItem(
        DeleteInventoryItemRequest request,
        ServerCallContext context
    )
    {
        if (CatalogRules.Check(request) is { } wrong)
        {
            return context.Refuse<DeleteInventoryItemResponse>(wrong);
        }

        var asked = new ItemDeletion(
            Callers.Of(context),
            RequestIds.OrMade(request.RequestId),
            request.Product.Length > 0 ? request.Product : request.Item,
            request.HasExpectedVersion ? request.ExpectedVersion : null
        )
        {
            IsProduct = request.Product.Length > 0,
        };
        var answer = await delete.ExecuteAsync(asked, context.CancellationToken);
        return CatalogErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<DeleteInventoryItemResponse>(refusal)
            : new() { Replayed = answer.Outcome == DeleteItemOutcome.Replayed, RequestId = asked.RequestId };
    }

    public override async Task<ListInventoryItemsResponse> ListInventoryItems(
        ListInventoryItemsRequest request,
        ServerCallContext context
    )
    {
        if (CatalogRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListInventoryItemsResponse>(wrong);
        }

        var filter = CatalogMessages.ToEngine(request);
        for (var size = PageRules.Size(request.PageSize); ; size /= 2)
        {
            var answer = await list.ExecuteAsync(filter, size, request.PageToken, context.CancellationToken);
            if (CatalogErrors.Of(answer, filter) is { } refusal)
            {
                return context.Refuse<ListInventoryItemsResponse>(refusal);
            }

            var response = new ListInventoryItemsResponse
            {
                Items = { answer.Items.Select(CatalogMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
            // A thousand long descriptions are more than clients take in one message.
            if (size == 1 || response.CalculateSize() <= PageBytesMax)
            {
                return response;
            }
        }
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
