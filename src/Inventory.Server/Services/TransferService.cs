using Grpc.Core;
using Inventory.Engine.Transfers;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineCreate = Inventory.Engine.Transfers.CreateTransfer;
using EngineGet = Inventory.Engine.Transfers.GetTransfer;
using EngineList = Inventory.Engine.Transfers.ListTransfers;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class TransferService(EngineCreate create, AdvanceTransfer advance, EngineGet get, EngineList list)
    : V1.TransferService.TransferServiceBase
{
    public override async Task<CreateTransferResponse> CreateTransfer(
        CreateTransferRequest request,
        ServerCallContext context
    )
    {
        if (TransferRules.Check(request) is { } wrong)
        {
            return context.Refuse<CreateTransferResponse>(wrong);
        }

        var asked = TransferMessages.ToEngine(request, Callers.Of(context));
        var answer = await create.ExecuteAsync(asked, context.CancellationToken);
        return TransferErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<CreateTransferResponse>(refusal)
            : new()
            {
                Transfer = TransferMessages.ToWire(answer.Transfer!),
                Replayed = answer.Outcome == TransferOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<ShipTransferResponse> ShipTransfer(
        ShipTransferRequest request,
        ServerCallContext context
    )
    {
        if (TransferRules.Check(request) is { } wrong)
        {
            return context.Refuse<ShipTransferResponse>(wrong);
        }

        var step = TransferMessages.ToEngine(request, Callers.Of(context));
        var answer = await advance.ExecuteAsync(step, context.CancellationToken);
        return TransferErrors.Of(answer, step) is { } refusal
            ? context.Refuse<ShipTransferResponse>(refusal)
            : new()
            {
                Transfer = TransferMessages.ToWire(answer.Transfer!),
                Replayed = answer.Outcome == TransferOutcome.Replayed,
                RequestId = step.RequestId,
            };
    }

    public override async Task<ReceiveTransferResponse> ReceiveTransfer(
        ReceiveTransferRequest request,
        ServerCallContext context
    )
    {
        if (TransferRules.Check(request) is { } wrong)
        {
            return context.Refuse<ReceiveTransferResponse>(wrong);
        }

        var step = TransferMessages.ToEngine(request, Callers.Of(context));
        var answer = await advance.ExecuteAsync(step, context.CancellationToken);
        return TransferErrors.Of(answer, step) is { } refusal
            ? context.Refuse<ReceiveTransferResponse>(refusal)
            : new()
            {
                Transfer = TransferMessages.ToWire(answer.Transfer!),
                Replayed = answer.Outcome == TransferOutcome.Replayed,
                RequestId = step.RequestId,
            };
    }

    public override async Task<CancelTransferResponse> CancelTransfer(
        CancelTransferRequest request,
        ServerCallContext context
    )
    {
        if (TransferRules.Check(request) is { } wrong)
        {
            return context.Refuse<CancelTransferResponse>(wrong);
        }

        var step = TransferMessages.ToEngine(request, Callers.Of(context));
        var answer = await advance.ExecuteAsync(step, context.CancellationToken);
        return TransferErrors.Of(answer, step) is { } refusal
            ? context.Refuse<CancelTransferResponse>(refusal)
            : new()
            {
                Transfer = TransferMessages.ToWire(answer.Transfer!),
                Replayed = answer.Outcome == TransferOutcome.Replayed,
                RequestId = step.RequestId,
            };
    }

    public override async Task<GetTransferResponse> GetTransfer(GetTransferRequest request, ServerCallContext context)
    {
        if (TransferRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetTransferResponse>(wrong);
        }

        var transfer = await get.ExecuteAsync(Guid.Parse(request.TransferId), context.CancellationToken);
        return transfer is null
            ? context.Refuse<GetTransferResponse>(TransferErrors.NotFound(request.TransferId))
            : new() { Transfer = TransferMessages.ToWire(transfer) };
    }

    public override async Task<ListTransfersResponse> ListTransfers(
        ListTransfersRequest request,
        ServerCallContext context
    )
    {
        if (TransferRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListTransfersResponse>(wrong);
        }

        var filter = TransferMessages.ToEngine(request);
        var answer = await list.ExecuteAsync(
            filter,
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return TransferErrors.Of(answer, filter) is { } refusal
            ? context.Refuse<ListTransfersResponse>(refusal)
            : new()
            {
                Transfers = { answer.Transfers.Select(TransferMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }
}
