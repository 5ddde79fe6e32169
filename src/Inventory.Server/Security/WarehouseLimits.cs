using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Inventory.Engine.Counts;
using Inventory.Engine.Database;
using Inventory.Engine.Replenishment;
using Inventory.Engine.Scans;
using Inventory.Engine.Transfers;
using Inventory.Server.Errors;
using Inventory.V1;
using Microsoft.AspNetCore.Http.Features;

namespace Inventory.Server.Security;

/// <summary>
/// Some callers may change the stock of some warehouses only. Their requests are read before the service sees them, by
/// the fields that the RPC's <c>inventory.v1.access</c> names; an RPC that names none is not for them.
/// </summary>
internal sealed class WarehouseLimits(
    StockDirectory directory,
    GetTransfer transfers,
    GetReorder reorders,
    GetScan scans,
    GetCount counts,
    AccessAudit audit
)
{
    private const string InventoryIdField = "inventory_id";
    private const string TransferIdField = "transfer_id";
    private const string ReorderIdField = "reorder_id";
    private const string ScanIdField = "scan_id";
    private const string CountIdField = "count_id";
    private const string FromWarehouse = "from_warehouse";
    private const string ToWarehouse = "to_warehouse";

    /// <summary>The requests of a stream, each judged as it is read.</summary>
    private sealed class LimitedReader<T>(IAsyncStreamReader<T> reader, Func<T, CancellationToken, Task> judge)
        : IAsyncStreamReader<T>
    {
        public T Current => reader.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await reader.MoveNext(cancellationToken))
            {
                return false;
            }

            await judge(reader.Current, cancellationToken);
            return true;
        }
    }

    /// <summary>Costs a look at the caller where there is no limit, which is nearly always.</summary>
    public Task JudgeAsync<TRequest>(TRequest request, ServerCallContext context) =>
        Limited(context) is { } http && request is IMessage message
            ? JudgeAsync(message, http, context)
            : Task.CompletedTask;

    public IAsyncStreamReader<TRequest> Judging<TRequest>(
        IAsyncStreamReader<TRequest> requests,
        ServerCallContext context
    ) =>
        Limited(context) is { } http
            ? new LimitedReader<TRequest>(requests, (request, _) => JudgeAsync((IMessage)request!, http, context))
            : requests;

    private static HttpContext? Limited(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        return
            http.Features.Get<Caller>() is { Warehouses: not null }
            && http.GetEndpoint() is { } endpoint
            && Access.Of(endpoint) is { Changes: true }
            ? http
            : null;
    }

    private async Task JudgeAsync(IMessage request, HttpContext http, ServerCallContext context)
    {
        var caller = http.Features.GetRequiredFeature<Caller>();
        var rule = Access.Of(http.GetEndpoint()!)!.Rule!;
        if (await FindRefusalAsync(request, caller, rule, context.CancellationToken) is { } refusal)
        {
            audit.Note(http, caller, context.Method, refusal);
            throw refusal.ToException();
        }
    }

    private async Task<ApiError?> FindRefusalAsync(
        IMessage request,
        Caller caller,
        AccessRule rule,
        CancellationToken cancellation
    )
    {
        var elements = Elements(request, rule.Each);
        // A request of no elements may mean all of them.
        if (rule.Warehouses.Count == 0 || elements.Count == 0)
        {
            return AccessErrors.WarehouseNotPermitted(null);
        }

        foreach (var element in elements)
        {
            var named = 0;
            foreach (var path in rule.Warehouses)
            {
                if (Text(element, path.Split('.')[0]) is not { Length: > 0 } text)
                {
                    continue;
                }

                named++;
                if (!await IsPermittedAsync(path, text, caller, cancellation))
                {
                    return AccessErrors.WarehouseNotPermitted(text);
                }
            }

            if (named == 0)
            {
                return AccessErrors.WarehouseNotPermitted(null);
            }
        }

        return null;
    }

    private static List<IMessage> Elements(IMessage request, string each) =>
        each.Length == 0
            ? [request]
            : [.. ((IEnumerable)Field(request, each).Accessor.GetValue(request)).Cast<IMessage>()];

    private async ValueTask<bool> IsPermittedAsync(
        string path,
        string text,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var code = path.Split('.') switch
        {
            [InventoryIdField] => await OfStockAsync(text, cancellation),
            [TransferIdField, var end] => await OfTransferAsync(text, end, cancellation),
            [ReorderIdField, _] => await OfReorderAsync(text, cancellation),
            [ScanIdField, var place] => await OfScanAsync(text, place, cancellation),
            [CountIdField, _] => await OfCountAsync(text, cancellation),
            _ => text,
        };
        // What is not known is nobody's.
        var warehouse = code is null ? null : await directory.FindWarehouseAsync(code, cancellation);
        return warehouse is not null
            && (
                caller.Warehouses!.Contains(warehouse.Code)
                || caller.Warehouses.Contains(PublicId.Warehouse(warehouse.WarehouseId))
            );
    }

    private async ValueTask<string?> OfStockAsync(string text, CancellationToken cancellation) =>
        PublicId.TryParseStock(text, out var stockId)
            ? (await directory.DescribeAsync([stockId], cancellation)).GetValueOrDefault(stockId)?.Warehouse
            : null;

    private async ValueTask<string?> OfTransferAsync(string text, string end, CancellationToken cancellation)
    {
        var transfer = Guid.TryParse(text, out var id) ? await transfers.ExecuteAsync(id, cancellation) : null;
        return end == FromWarehouse ? transfer?.FromWarehouse : transfer?.ToWarehouse;
    }

    private async ValueTask<string?> OfReorderAsync(string text, CancellationToken cancellation) =>
        Guid.TryParse(text, out var id) ? (await reorders.ExecuteAsync(id, cancellation))?.Warehouse : null;

    /// <summary>Of a scan that was at one place, that one is both.</summary>
    private async ValueTask<string?> OfScanAsync(string text, string place, CancellationToken cancellation)
    {
        var kept = Guid.TryParse(text, out var id) ? await scans.ExecuteAsync(id, cancellation) : null;
        return place == ToWarehouse ? kept?.Scan.ToWarehouse ?? kept?.Scan.Warehouse : kept?.Scan.Warehouse;
    }

    private async ValueTask<string?> OfCountAsync(string text, CancellationToken cancellation) =>
        Guid.TryParse(text, out var id) ? (await counts.FindAsync(id, cancellation))?.Warehouse : null;

    private static string? Text(IMessage message, string name) =>
        (string?)Field(message, name).Accessor.GetValue(message);

    private static FieldDescriptor Field(IMessage message, string name) =>
        message.Descriptor.FindFieldByName(name)
        ?? throw new InvalidOperationException($"{message.Descriptor.FullName} has no {name}.");
}
