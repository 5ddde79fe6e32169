using Grpc.Core;
using Inventory.Engine.Reservations;
using Inventory.Engine.Reservations.Archive;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineState = Inventory.Engine.Reservations.ReservationState;

namespace Inventory.Server.Services;

/// <summary>
/// The ends of a hold, for ReservationService: wholly, which is the hot way, in part, late, and its fulfillment.
/// </summary>
/// <remarks>What is not found may be in the archive: then it is brought back, and asked for once more.</remarks>
internal sealed class ReservationEnds(
    EndReservations end,
    EndPart part,
    FulfillReservations fulfill,
    RecallReservation recall
)
{
    public async Task<ConfirmReservationResponse> ConfirmAsync(
        ConfirmReservationRequest request,
        ServerCallContext context
    )
    {
        if (PartRules.Check(request) is { } wrong)
        {
            return context.Refuse<ConfirmReservationResponse>(wrong);
        }

        var reacquires = request.Late == LateConfirmation.Reacquire;
        var answer =
            request.Lines.Count == 0 ? await EndAsync(request.ReservationId, EngineState.Confirmed, context) : null;
        if (answer is null || (answer.Outcome == EndOutcome.Expired && reacquires))
        {
            var asked = new EndPartRequest
            {
                ReservationId = Guid.Parse(request.ReservationId),
                Target = EngineState.Confirmed,
                Caller = Callers.Of(context),
                RequestId = request.RequestId,
                Lines = ReservationMessages.ToEngine(request.Lines),
                KeepsRemainder = request.Remainder == Remainder.Keep,
                Reacquires = reacquires,
            };
            answer = await PartAsync(asked, context.CancellationToken);
        }

        return EndErrors.Of(answer, request.ReservationId, request.RequestId) is { } refusal
            ? context.Refuse<ConfirmReservationResponse>(refusal)
            : new()
            {
                Reservation = ReservationMessages.ToWire(answer.Reservation!),
                Replayed = answer.Outcome == EndOutcome.Replayed,
            };
    }

    public async Task<CancelReservationResponse> CancelAsync(
        CancelReservationRequest request,
        ServerCallContext context
    )
    {
        if (PartRules.Check(request) is { } wrong)
        {
            return context.Refuse<CancelReservationResponse>(wrong);
        }

        var target = request.Cause == CancelCause.PaymentFailed ? EngineState.Failed : EngineState.Cancelled;
        var answer =
            request.Lines.Count == 0
                ? await EndAsync(request.ReservationId, target, context)
                : await PartAsync(
                    new EndPartRequest
                    {
                        ReservationId = Guid.Parse(request.ReservationId),
                        Target = target,
                        Caller = Callers.Of(context),
                        RequestId = request.RequestId,
                        Lines = ReservationMessages.ToEngine(request.Lines),
                    },
                    context.CancellationToken
                );
        return EndErrors.Of(answer, request.ReservationId, request.RequestId) is { } refusal
            ? context.Refuse<CancelReservationResponse>(refusal)
            : new()
            {
                Reservation = ReservationMessages.ToWire(answer.Reservation!),
                Replayed = answer.Outcome == EndOutcome.Replayed,
            };
    }

    public async Task<FulfillReservationResponse> FulfillAsync(
        FulfillReservationRequest request,
        ServerCallContext context
    )
    {
        if (PartRules.Check(request) is { } wrong)
        {
            return context.Refuse<FulfillReservationResponse>(wrong);
        }

        var asked = new FulfillRequest(
            Guid.Parse(request.ReservationId),
            StockMessages.NullIfEmpty(request.Tracking),
            StockMessages.NullIfEmpty(request.Note),
            Callers.Of(context)
        );
        var answer = await fulfill.ExecuteAsync(asked, context.CancellationToken);
        if (
            answer.Outcome == FulfillOutcome.NotFound
            && await recall.ExecuteAsync(asked.ReservationId, context.CancellationToken)
        )
        {
            answer = await fulfill.ExecuteAsync(asked, context.CancellationToken);
        }

        return EndErrors.Of(answer, request.ReservationId) is { } refusal
            ? context.Refuse<FulfillReservationResponse>(refusal)
            : new()
            {
                Reservation = ReservationMessages.ToWire(answer.Reservation!),
                Replayed = answer.Outcome == FulfillOutcome.Replayed,
            };
    }

    private async ValueTask<EndAnswer> EndAsync(string reservationId, EngineState target, ServerCallContext context)
    {
        var asked = new EndRequest(Guid.Parse(reservationId), target, Callers.Of(context));
        var answer = await end.ExecuteAsync(asked, context.CancellationToken);
        return
            answer.Outcome == EndOutcome.NotFound
            && await recall.ExecuteAsync(asked.ReservationId, context.CancellationToken)
            ? await end.ExecuteAsync(asked, context.CancellationToken)
            : answer;
    }

    private async Task<EndAnswer> PartAsync(EndPartRequest asked, CancellationToken cancellation)
    {
        var answer = await part.ExecuteAsync(asked, cancellation);
        return answer.Outcome == EndOutcome.NotFound && await recall.ExecuteAsync(asked.ReservationId, cancellation)
            ? await part.ExecuteAsync(asked, cancellation)
            : answer;
    }
}
