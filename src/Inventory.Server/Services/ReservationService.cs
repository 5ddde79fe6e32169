using Grpc.Core;
using Inventory.Engine.Reservations;
using Inventory.Engine.Reservations.Archive;
using Inventory.Server.Alerts;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineWatch = Inventory.Engine.Reservations.WatchReservations;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class ReservationService(
    ReserveInventory reserve,
    ReserveTally tally,
    ReservationEnds ends,
    ExtendReservations extend,
    GetReservations get,
    ListReservations list,
    ExplainReservation explain,
    EngineWatch watch,
    RecallReservation recall,
    Drain drain,
    ServerOptions options
) : V1.ReservationService.ReservationServiceBase
{
    private const int DefaultPageSize = 50;

    /// <summary>Clients take 4 MiB unless they are told otherwise.</summary>
    private const int PageBytesMax = 3 * 1024 * 1024;

    public override async Task<ReserveInventoryResponse> ReserveInventory(
        ReserveInventoryRequest request,
        ServerCallContext context
    )
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            return context.Refuse<ReserveInventoryResponse>(wrong);
        }

        var answer = await AskAsync(request, context);
        tally.Note(answer.Outcome);
        return ReservationErrors.Of(answer, request.RequestId) is { } refusal
            ? context.Refuse<ReserveInventoryResponse>(refusal)
            : Answered(answer);
    }

    public override Task ReserveInventoryStream(
        IAsyncStreamReader<ReserveInventoryStreamRequest> requestStream,
        IServerStreamWriter<ReserveInventoryStreamResponse> responseStream,
        ServerCallContext context
    )
    {
        var requests = requestStream.ReadUntilDrainAsync(drain, context);
        return OrderedAnswers.WriteAsync(
            requests,
            request => AnswerAsync(request.Reserve ?? new(), context),
            responseStream,
            options.StreamInFlight,
            context.CancellationToken
        );
    }

    public override Task<ConfirmReservationResponse> ConfirmReservation(
        ConfirmReservationRequest request,
        ServerCallContext context
    ) => ends.ConfirmAsync(request, context);

    public override Task<CancelReservationResponse> CancelReservation(
        CancelReservationRequest request,
        ServerCallContext context
    ) => ends.CancelAsync(request, context);

    public override Task<FulfillReservationResponse> FulfillReservation(
        FulfillReservationRequest request,
        ServerCallContext context
    ) => ends.FulfillAsync(request, context);

    public override async Task<ExtendReservationResponse> ExtendReservation(
        ExtendReservationRequest request,
        ServerCallContext context
    )
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            return context.Refuse<ExtendReservationResponse>(wrong);
        }

        var asked = new ExtendRequest(
            Guid.Parse(request.ReservationId),
            request.ExpireTime.ToDateTime(),
            Callers.Of(context)
        );
        var answer = await extend.ExecuteAsync(asked, context.CancellationToken);
        if (
            answer.Outcome == ExtendOutcome.NotFound
            && await recall.ExecuteAsync(asked.ReservationId, context.CancellationToken)
        )
        {
            answer = await extend.ExecuteAsync(asked, context.CancellationToken);
        }

        return ReservationErrors.Of(answer, request.ReservationId) is { } refusal
            ? context.Refuse<ExtendReservationResponse>(refusal)
            : new()
            {
                Reservation = ReservationMessages.ToWire(answer.Reservation!),
                Replayed = answer.Outcome == ExtendOutcome.Replayed,
            };
    }

    public override async Task<GetReservationResponse> GetReservation(
        GetReservationRequest request,
        ServerCallContext context
    )
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetReservationResponse>(wrong);
        }

        var found = await get.ExecuteAsync(Guid.Parse(request.ReservationId), context.CancellationToken);
        return found.Outcome switch
        {
            GetOutcome.Found => new() { Reservation = ReservationMessages.ToWire(found.Reservation!) },
            GetOutcome.NotFound => context.Refuse<GetReservationResponse>(
                ReservationErrors.NotFound(request.ReservationId)
            ),
            GetOutcome.Overloaded => context.Refuse<GetReservationResponse>(Faults.Overloaded),
        };
    }

    public override async Task WatchReservations(
        WatchReservationsRequest request,
        IServerStreamWriter<WatchReservationsResponse> responseStream,
        ServerCallContext context
    )
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            wrong.Set(context);
            return;
        }

        Guid[] ids = [.. request.ReservationIds.Select(Guid.Parse)];
        var (opened, refusal) = watch.Open(ids, request.OrderIds, request.ResumeToken);
        if (opened is null)
        {
            WatchErrors.Of(refusal!).Set(context);
            return;
        }

        using (opened)
        {
            await WatchStreams.WriteAsync(opened.NextAsync, WatchMessages.ToWire, responseStream, drain, context);
        }
    }

    public override async Task<ListReservationsResponse> ListReservations(
        ListReservationsRequest request,
        ServerCallContext context
    )
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListReservationsResponse>(wrong);
        }

        var filter = ReservationMessages.ToEngine(request);
        for (var size = request.PageSize == 0 ? DefaultPageSize : request.PageSize; ; size /= 2)
        {
            var answer = await list.ExecuteAsync(filter, size, request.PageToken, context.CancellationToken);
            if (ReservationErrors.Of(answer, filter) is { } refusal)
            {
                return context.Refuse<ListReservationsResponse>(refusal);
            }

            var response = new ListReservationsResponse
            {
                Reservations = { answer.Reservations.Select(ReservationMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
            // A thousand reservations of a hundred lines are more than clients take in one message.
            if (size == 1 || response.CalculateSize() <= PageBytesMax)
            {
                return response;
            }
        }
    }

    public override async Task<ExplainReservationResponse> ExplainReservation(
        ExplainReservationRequest request,
        ServerCallContext context
    )
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            return context.Refuse<ExplainReservationResponse>(wrong);
        }

        var answer = request.Reserve is { } asked
            ? await explain.ExecuteAsync(
                ReservationMessages.ToEngine(asked, Callers.Of(context)),
                context.CancellationToken
            )
            : await explain.ExecuteAsync(Guid.Parse(request.ReservationId), context.CancellationToken);
        return answer.Outcome switch
        {
            ExplainOutcome.Stands or ExplainOutcome.Judged => ExplanationMessages.ToWire(answer),
            ExplainOutcome.NotFound => context.Refuse<ExplainReservationResponse>(
                ReservationErrors.NotFound(request.ReservationId)
            ),
        };
    }

    private ValueTask<ReserveAnswer> AskAsync(ReserveInventoryRequest request, ServerCallContext context)
    {
        var asked = ReservationMessages.ToEngine(request, Callers.Of(context));
        return request.ValidateOnly
            ? reserve.JudgeAsync(asked, context.CancellationToken)
            : reserve.ExecuteAsync(asked, context.CancellationToken);
    }

    private static ReserveInventoryResponse Answered(ReserveAnswer answer) =>
        new()
        {
            Reservation = answer.Outcome is ReserveOutcome.WouldHold or ReserveOutcome.WouldWait
                ? ReservationMessages.ToJudged(answer.Reservation!)
                : ReservationMessages.ToWire(answer.Reservation!),
            Replayed = answer.Outcome == ReserveOutcome.Replayed,
        };

    /// <summary>One request of a stream. Nothing that befalls it ends the stream.</summary>
    private async Task<ReserveInventoryStreamResponse> AnswerAsync(
        ReserveInventoryRequest request,
        ServerCallContext context
    )
    {
        if (ReservationRules.Check(request) is { } wrong)
        {
            return new() { RequestId = request.RequestId, Error = wrong.Details };
        }

        try
        {
            var answer = await AskAsync(request, context);
            tally.Note(answer.Outcome);
            return ReservationErrors.Of(answer, request.RequestId) is { } refusal
                ? new() { RequestId = request.RequestId, Error = refusal.Details }
                : new() { RequestId = request.RequestId, Reserved = Answered(answer) };
        }
        catch (Exception failed) when (Faults.IsDatabaseAway(failed))
        {
            return new() { RequestId = request.RequestId, Error = Faults.DatabaseUnavailable.Details };
        }
    }
}
