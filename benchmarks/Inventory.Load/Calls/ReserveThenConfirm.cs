using Inventory.Load.Driving;
using Inventory.Load.Http2;
using Inventory.V1;

namespace Inventory.Load.Calls;

/// <summary>Two calls an order, each after the other's answer: what is counted is orders confirmed.</summary>
internal sealed class ReserveThenConfirm(ReserveRequests requests, Ledger ledger) : IWorkload
{
    private const int ToReserve = 0;
    private const int ToConfirm = 1;

    private static readonly GrpcMethod ReserveMethod = new("/inventory.v1.ReservationService/ReserveInventory");
    private static readonly GrpcMethod ConfirmMethod = new("/inventory.v1.ReservationService/ConfirmReservation");

    public int MessageSizeMax => requests.SizeMax;

    public GrpcMethod Next(Call slot) => slot.Step == ToReserve ? ReserveMethod : ConfirmMethod;

    public int Write(Call call, Span<byte> message)
    {
        var writer = new MessageWriter(message);
        if (call.Step == ToReserve)
            requests.Write(ref writer);
        else
            writer.Text(ConfirmReservationRequest.ReservationIdFieldNumber, call.Kept);
        return writer.Length;
    }

    public Outcome Answered(Call call, ReadOnlySpan<byte> message)
    {
        if (call.Step == ToConfirm)
        {
            call.Step = ToReserve;
            return Confirmed(message) ? Outcome.Confirmed : Outcome.Failed;
        }

        var outcome = Reserve.Read(message, ledger);
        if (outcome == Outcome.Granted)
        {
            var reservation = MessageReader.Find(message, ReserveInventoryResponse.ReservationFieldNumber);
            call.Keep(MessageReader.Find(reservation, Reservation.ReservationIdFieldNumber));
            call.Step = ToConfirm;
        }

        return outcome;
    }

    public bool IsRefusal(int grpcStatus) => false;

    private static bool Confirmed(ReadOnlySpan<byte> response)
    {
        var reservation = MessageReader.Find(response, ConfirmReservationResponse.ReservationFieldNumber);
        var state = (ReservationState)MessageReader.FindNumber(reservation, Reservation.StateFieldNumber);
        return state == ReservationState.Confirmed
            && MessageReader.FindNumber(response, ConfirmReservationResponse.ReplayedFieldNumber) == 0;
    }
}
