using Grpc.Core;
using Inventory.Engine.Reservations.Archive;
using Inventory.Engine.Returns;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;

namespace Inventory.Server.Services;

/// <summary>Returns of what reservations sold, for StockService.</summary>
internal sealed class Returns(ReturnInventory engine, RecallReservation recall)
{
    public async Task<ReturnInventoryResponse> ReturnAsync(ReturnInventoryRequest request, ServerCallContext context)
    {
        if (PartRules.Check(request) is { } wrong)
        {
            return context.Refuse<ReturnInventoryResponse>(wrong);
        }

        var asked = new ReturnRequest
        {
            Caller = Callers.Of(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            ReservationId = Guid.Parse(request.ReservationId),
            Lines = [.. request.Lines.Select(ToEngine)],
            Reason = StockMessages.NullIfEmpty(request.Reason),
            Note = StockMessages.NullIfEmpty(request.Note),
        };
        var answer = await engine.ExecuteAsync(asked, context.CancellationToken);
        if (
            answer.Outcome == ReturnOutcome.ReservationUnknown
            && await recall.ExecuteAsync(asked.ReservationId, context.CancellationToken)
        )
        {
            answer = await engine.ExecuteAsync(asked, context.CancellationToken);
        }

        return EndErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<ReturnInventoryResponse>(refusal)
            : new()
            {
                Reservation = ReservationMessages.ToWire(answer.Reservation!),
                Stock = { answer.Stock.Select(StockMessages.ToWire) },
                Replayed = answer.Outcome == ReturnOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    private static Engine.Returns.ReturnLine ToEngine(V1.ReturnLine line) =>
        new(
            line.Sku,
            StockMessages.NullIfEmpty(line.Warehouse),
            line.Quantity,
            line.Condition switch
            {
                V1.ReturnCondition.Unspecified or V1.ReturnCondition.Available => Engine
                    .Returns
                    .ReturnCondition
                    .Available,
                V1.ReturnCondition.Damaged => Engine.Returns.ReturnCondition.Damaged,
                V1.ReturnCondition.QualityControl => Engine.Returns.ReturnCondition.QualityControl,
            }
        );
}
