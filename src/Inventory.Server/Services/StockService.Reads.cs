using Grpc.Core;
using Inventory.Engine.Stock;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using static Inventory.Server.Services.StockMessages;

namespace Inventory.Server.Services;

internal sealed partial class StockService : V1.StockService.StockServiceBase
{
    public override async Task<GetInventoryResponse> GetInventory(
        GetInventoryRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetInventoryResponse>(wrong);
        }

        if (request.ProductId.Length > 0)
        {
            return await GetProductAsync(request, context);
        }

        var target = Target(request.InventoryId, request.Sku, request.Warehouse);
        var stock = await get.ExecuteAsync(target, context.CancellationToken);
        return stock is null
            ? context.Refuse<GetInventoryResponse>(StockErrors.NotFound(target))
            : new() { Stock = ToWire(stock) };
    }

    public override async Task<GetInventoryByLocationResponse> GetInventoryByLocation(
        GetInventoryByLocationRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetInventoryByLocationResponse>(wrong);
        }

        var filter = new StockFilter { Warehouses = [request.Warehouse] };
        var answer = await ListAsync(filter, request.PageSize, request.PageToken, context);
        return StockErrors.Of(answer, filter) is { } refusal
            ? context.Refuse<GetInventoryByLocationResponse>(refusal)
            : new()
            {
                Stocks = { answer.Rows.Select(r => ToWire(r.Stock)) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<GetOverallInventoryResponse> GetOverallInventory(
        GetOverallInventoryRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetOverallInventoryResponse>(wrong);
        }

        var items = StockItems.Product(request.ProductId);
        var answer = await overall.ExecuteAsync(items, null, context.CancellationToken);
        return StockErrors.Of(answer, items, "") is { } refusal
            ? context.Refuse<GetOverallInventoryResponse>(refusal)
            : ToWire(answer);
    }

    public override async Task<ListInventoryResponse> ListInventory(
        ListInventoryRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListInventoryResponse>(wrong);
        }

        var filter = new StockFilter
        {
            Items =
                request.Sku.Length > 0 ? StockItems.Item(request.Sku)
                : request.ProductId.Length > 0 ? StockItems.Product(request.ProductId)
                : null,
            Warehouses = request.WarehouseId,
            LowOnly = request.LowStockOnly,
        };
        var answer = await ListAsync(filter, request.PageSize, request.PageToken, context);
        return StockErrors.Of(answer, filter) is { } refusal
            ? context.Refuse<ListInventoryResponse>(refusal)
            : new()
            {
                Stocks = { answer.Rows.Select(r => ToWire(r.Stock)) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<ListLowStockResponse> ListLowStock(
        ListLowStockRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListLowStockResponse>(wrong);
        }

        var filter = new StockFilter
        {
            Warehouses = [request.Warehouse],
            LowOnly = true,
            Threshold = request.HasThreshold ? request.Threshold : null,
        };
        var answer = await ListAsync(filter, request.PageSize, request.PageToken, context);
        return StockErrors.Of(answer, filter) is { } refusal
            ? context.Refuse<ListLowStockResponse>(refusal)
            : new() { LowStocks = { answer.Rows.Select(ToWire) }, NextPageToken = answer.NextPageToken ?? "" };
    }

    private Task<ListStockAnswer> ListAsync(
        StockFilter filter,
        int pageSize,
        string pageToken,
        ServerCallContext context
    ) => list.ExecuteAsync(filter, PageRules.Size(pageSize), pageToken, context.CancellationToken);

    /// <summary>The variants that the warehouse has; one that it never had is not among them.</summary>
    private async Task<GetInventoryResponse> GetProductAsync(GetInventoryRequest request, ServerCallContext context)
    {
        var items = StockItems.Product(request.ProductId);
        var answer = await overall.ExecuteAsync(items, request.Warehouse, context.CancellationToken);
        if (StockErrors.Of(answer, items, request.Warehouse) is { } refusal)
        {
            return context.Refuse<GetInventoryResponse>(refusal);
        }

        if (answer.Rows.Count == 0)
        {
            var target = StockTarget.OfProduct(request.ProductId, request.Warehouse);
            return context.Refuse<GetInventoryResponse>(StockErrors.NotFound(target));
        }

        var response = new GetInventoryResponse { Stock = Sum(answer.Rows[0].Warehouse, answer.Rows) };
        if (answer.Rows.Count > 1)
        {
            response.Variants.Add(answer.Rows.Select(ToWire));
        }

        return response;
    }
}
