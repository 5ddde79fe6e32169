using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Inventory.Faults.Histories;
using Inventory.Faults.Load;
using Inventory.V1;

namespace Inventory.Faults.Servers;

/// <summary>A caller of a server, over gRPC. It takes no stock in and out: only what orders do.</summary>
internal sealed class RemoteCaller(GrpcChannel channel, History history, TimeSpan? patience = null)
    : Caller(history, patience ?? LongPatience)
{
    private readonly ReservationService.ReservationServiceClient client = new(channel);

    public override string Name => "dev";

    public override bool Adjusts => false;

    protected override async Task<Reply> AnswerAsync(Ask ask, CancellationToken cancellation)
    {
        try
        {
            return ask switch
            {
                ReserveAsk reserve => Reply(
                    await client.ReserveInventoryAsync(Request(reserve), null, null, cancellation)
                ),
                EndAsk { End: ReservationEnd.Confirmed } confirm => await ConfirmAsync(confirm, cancellation),
                EndAsk cancel => await CancelAsync(cancel, cancellation),
                PartAsk part => await PartAsync(part, cancellation),
                ExtendAsk extend => await ExtendAsync(extend, cancellation),
                _ => throw new InvalidOperationException($"Nobody knows how to ask {ask}."),
            };
        }
        catch (RpcException e) when (Definite(e) is { } reason)
        {
            return new Refused(reason);
        }
    }

    protected override string? Indefinite(Exception exception) =>
        exception switch
        {
            RpcException e => $"{e.StatusCode} {e.Status.Detail}",
            OperationCanceledException => exception.Message,
            _ => null,
        };

    private static RefusalReason? Definite(RpcException e) =>
        (e.StatusCode, Reason(e)) switch
        {
            (_, "INSUFFICIENT_STOCK") => RefusalReason.StockShort,
            (_, "REQUEST_ID_REUSED") => RefusalReason.RequestIdReused,
            (_, "RESERVATION_EXPIRED") => RefusalReason.Expired,
            (_, "RESERVATION_STATE") => RefusalReason.OtherState,
            (_, "RESERVATION_UNKNOWN") => RefusalReason.NotFound,
            (_, "RESERVATION_QUANTITY") => RefusalReason.Invalid,
            (StatusCode.ResourceExhausted, "OVERLOADED") => RefusalReason.Overloaded,
            _ => null,
        };

    private static string? Reason(RpcException e) =>
        e.Trailers.GetValueBytes("grpc-status-details-bin") is { } bytes
            ? Google
                .Rpc.Status.Parser.ParseFrom(bytes)
                .Details.Where(d => d.Is(ErrorInfo.Descriptor))
                .Select(d => d.Unpack<ErrorInfo>().Reason)
                .FirstOrDefault()
            : null;

    private async Task<Reply> ConfirmAsync(EndAsk ask, CancellationToken cancellation)
    {
        var request = new ConfirmReservationRequest { ReservationId = Id(ask.ReservationId) };
        return new Done((await client.ConfirmReservationAsync(request, null, null, cancellation)).Replayed);
    }

    private async Task<Reply> CancelAsync(EndAsk ask, CancellationToken cancellation)
    {
        var request = new CancelReservationRequest
        {
            ReservationId = Id(ask.ReservationId),
            Cause = ask.End == ReservationEnd.Failed ? CancelCause.PaymentFailed : CancelCause.Cancelled,
        };
        return new Done((await client.CancelReservationAsync(request, null, null, cancellation)).Replayed);
    }

    private async Task<Reply> PartAsync(PartAsk ask, CancellationToken cancellation)
    {
        var part = new ReservationPart { Sku = ask.Sku, Quantity = ask.Quantity };
        if (ask.End != ReservationEnd.Confirmed)
        {
            var cancel = new CancelReservationRequest
            {
                ReservationId = Id(ask.ReservationId),
                RequestId = ask.RequestId,
                Lines = { part },
            };
            return new Done((await client.CancelReservationAsync(cancel, null, null, cancellation)).Replayed);
        }

        var confirm = new ConfirmReservationRequest
        {
            ReservationId = Id(ask.ReservationId),
            RequestId = ask.RequestId,
            Lines = { part },
            Remainder = Remainder.Keep,
            Late = ask.IsLate ? LateConfirmation.Reacquire : LateConfirmation.Fail,
        };
        return new Done((await client.ConfirmReservationAsync(confirm, null, null, cancellation)).Replayed);
    }

    private async Task<Reply> ExtendAsync(ExtendAsk ask, CancellationToken cancellation)
    {
        var request = new ExtendReservationRequest
        {
            ReservationId = Id(ask.ReservationId),
            ExpireTime = Timestamp.FromDateTimeOffset(ask.Until),
        };
        return new Done((await client.ExtendReservationAsync(request, null, null, cancellation)).Replayed);
    }

    private static string Id(Guid reservation) => reservation.ToString("d");

    private static ReserveInventoryRequest Request(ReserveAsk ask) =>
        new()
        {
            RequestId = ask.RequestId,
            HoldFor = Duration.FromTimeSpan(ask.Hold),
            Lines =
            {
                ask.Lines.Select(l => new ReserveLine
                {
                    Sku = l.Sku,
                    Quantity = l.Quantity,
                    Warehouse = l.Warehouse ?? "",
                }),
            },
        };

    private static Granted Reply(ReserveInventoryResponse response) =>
        new(
            Guid.Parse(response.Reservation.ReservationId),
            response.Replayed,
            response.Reservation.State == V1.ReservationState.Expired,
            response.Reservation.ExpireTime.ToDateTimeOffset()
        );
}
