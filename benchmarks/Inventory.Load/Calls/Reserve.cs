using Inventory.Load.Driving;
using Inventory.Load.Http2;
using Inventory.V1;

namespace Inventory.Load.Calls;

/// <summary>ReserveInventory, one call an order.</summary>
internal sealed class Reserve(ReserveRequests requests, Ledger ledger) : IWorkload
{
    public const int FailedPrecondition = 9;

    private static readonly GrpcMethod Method = new("/inventory.v1.ReservationService/ReserveInventory");

    public int MessageSizeMax => requests.SizeMax;

    public GrpcMethod Next(Call slot) => Method;

    public int Write(Call call, Span<byte> message)
    {
        var writer = new MessageWriter(message);
        requests.Write(ref writer);
        return writer.Length;
    }

    public Outcome Answered(Call call, ReadOnlySpan<byte> message) => Read(message, ledger);

    public bool IsRefusal(int grpcStatus) => grpcStatus == FailedPrecondition;

    /// <summary>A replay is a failure here: no call repeats a request id.</summary>
    public static Outcome Read(ReadOnlySpan<byte> response, Ledger ledger)
    {
        var reservation = MessageReader.Find(response, ReserveInventoryResponse.ReservationFieldNumber);
        var state = (ReservationState)MessageReader.FindNumber(reservation, Reservation.StateFieldNumber);
        var replayed = MessageReader.FindNumber(response, ReserveInventoryResponse.ReplayedFieldNumber) != 0;
        if (state != ReservationState.Held || replayed)
            return Outcome.Failed;
        ledger.Add(MessageReader.Find(reservation, Reservation.ReservationIdFieldNumber));
        return Outcome.Granted;
    }
}
