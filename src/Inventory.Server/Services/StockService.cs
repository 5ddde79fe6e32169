using Grpc.Core;
using Inventory.Engine.Stock;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Validation;
using Inventory.V1;
using Microsoft.AspNetCore.Mvc;
using static Inventory.Server.Services.StockMessages;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
[RequestSizeLimit(GrpcSetup.BulkBytesMax + GrpcSetup.FrameBytes)]
internal sealed partial class StockService(
    EditStock edit,
    DeleteStock delete,
    GetStock get,
    GetOverallStock overall,
    ListStock list,
    BulkUpdates bulk,
    Returns returns
) : V1.StockService.StockServiceBase
{
    public override async Task<AddInventoryToLocationResponse> AddInventoryToLocation(
        AddInventoryToLocationRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<AddInventoryToLocationResponse>(wrong);
        }

        var asked = new StockEdit
        {
            Caller = Callers.Of(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            Target = Target(request),
            Kind = EditKind.Add,
            Quantity = request.Quantity,
            State = ToEngine(request.State),
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason = NullIfEmpty(request.Reason),
            Note = NullIfEmpty(request.Note),
        };
        var answer = await edit.ExecuteAsync(asked, context.CancellationToken);
        return StockErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<AddInventoryToLocationResponse>(refusal)
            : new()
            {
                Stock = ToWire(answer.Stock!),
                Replayed = answer.Outcome == EditOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<RemoveInventoryFromLocationResponse> RemoveInventoryFromLocation(
        RemoveInventoryFromLocationRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<RemoveInventoryFromLocationResponse>(wrong);
        }

        var asked = new StockEdit
        {
            Caller = Callers.Of(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            Target = StockTarget.At(request.Sku, request.Warehouse),
            Kind = EditKind.Remove,
            Quantity = request.Quantity,
            State = ToEngine(request.State),
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason = NullIfEmpty(request.Reason),
            Note = NullIfEmpty(request.Note),
        };
        var answer = await edit.ExecuteAsync(asked, context.CancellationToken);
        return StockErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<RemoveInventoryFromLocationResponse>(refusal)
            : new()
            {
                Stock = ToWire(answer.Stock!),
                Replayed = answer.Outcome == EditOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<AdjustInventoryResponse> AdjustInventory(
        AdjustInventoryRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<AdjustInventoryResponse>(wrong);
        }

        var asked = new StockEdit
        {
            Caller = Callers.Of(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            Target = StockTarget.At(request.Sku, request.Warehouse),
            Kind = EditKind.Adjust,
            Quantity = request.Delta,
            State = ToEngine(request.State),
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason = request.Reason,
            Note = NullIfEmpty(request.Note),
        };
        var answer = await edit.ExecuteAsync(asked, context.CancellationToken);
        return StockErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<AdjustInventoryResponse>(refusal)
            : new()
            {
                Stock = ToWire(answer.Stock!),
                Replayed = answer.Outcome == EditOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<SetInventoryResponse> SetInventory(
        SetInventoryRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<SetInventoryResponse>(wrong);
        }

        var asked = new StockEdit
        {
            Caller = Callers.Of(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            Target = Target(request.InventoryId, request.Sku, request.Warehouse),
            Kind = EditKind.Set,
            Quantity = request.Quantity,
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason = NullIfEmpty(request.Reason),
            Note = NullIfEmpty(request.Note),
        };
        var answer = await edit.ExecuteAsync(asked, context.CancellationToken);
        return StockErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<SetInventoryResponse>(refusal)
            : new()
            {
                Stock = ToWire(answer.Stock!),
                Replayed = answer.Outcome == EditOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override Task<ReturnInventoryResponse> ReturnInventory(
        ReturnInventoryRequest request,
        ServerCallContext context
    ) => returns.ReturnAsync(request, context);

    public override async Task<MoveInventoryStateResponse> MoveInventoryState(
        MoveInventoryStateRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<MoveInventoryStateResponse>(wrong);
        }

        var asked = new StockEdit
        {
            Caller = Callers.Of(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            Target = Target(request.InventoryId, request.Sku, request.Warehouse),
            Kind = EditKind.Move,
            Quantity = request.Quantity,
            State = ToEngine(request.From),
            To = ToEngine(request.To),
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason = NullIfEmpty(request.Reason),
            Note = NullIfEmpty(request.Note),
        };
        var answer = await edit.ExecuteAsync(asked, context.CancellationToken);
        return StockErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<MoveInventoryStateResponse>(refusal)
            : new()
            {
                Stock = ToWire(answer.Stock!),
                Replayed = answer.Outcome == EditOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<DeleteInventoryResponse> DeleteInventory(
        DeleteInventoryRequest request,
        ServerCallContext context
    )
    {
        if (StockRules.Check(request) is { } wrong)
        {
            return context.Refuse<DeleteInventoryResponse>(wrong);
        }

        var asked = new StockDeletion(
            Callers.Of(context),
            RequestIds.OrMade(request.RequestId),
            Target(request.InventoryId, request.Sku, request.Warehouse),
            request.HasExpectedVersion ? request.ExpectedVersion : null
        );
        var answer = await delete.ExecuteAsync(asked, context.CancellationToken);
        return StockErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<DeleteInventoryResponse>(refusal)
            : new() { Replayed = answer.Outcome == DeleteStockOutcome.Replayed, RequestId = asked.RequestId };
    }

    [MessageLimit(GrpcSetup.BulkBytesMax)]
    public override Task<BulkUpdateInventoryResponse> BulkUpdateInventory(
        BulkUpdateInventoryRequest request,
        ServerCallContext context
    ) => bulk.UpdateAsync(request, context);

    [MessageLimit(GrpcSetup.BulkBytesMax)]
    public override Task<BulkUpdateInventoryStreamResponse> BulkUpdateInventoryStream(
        IAsyncStreamReader<BulkUpdateInventoryStreamRequest> requestStream,
        ServerCallContext context
    ) => bulk.UpdateAsync(requestStream, context);
}
