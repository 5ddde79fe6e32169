using Inventory.Load.Driving;
using Inventory.Load.Http2;
using Inventory.V1;

namespace Inventory.Load.Calls;

/// <summary>ReserveInventoryStream: many orders on one call. What is counted is orders, not calls.</summary>
internal sealed class ReserveStream(ReserveRequests requests, Ledger ledger) : IWorkload
{
    private static readonly GrpcMethod Method = new("/inventory.v1.ReservationService/ReserveInventoryStream");

    private readonly byte[] request = new byte[requests.SizeMax];

    public int MessageSizeMax => requests.SizeMax + 8;

    public GrpcMethod Next(Call slot) => Method;

    public int Write(Call call, Span<byte> message)
    {
        var inner = new MessageWriter(request);
        requests.Write(ref inner);
        var writer = new MessageWriter(message);
        writer.Text(ReserveInventoryStreamRequest.ReserveFieldNumber, request.AsSpan(0, inner.Length));
        return writer.Length;
    }

    public Outcome Answered(Call call, ReadOnlySpan<byte> message)
    {
        var reserved = MessageReader.Find(message, ReserveInventoryStreamResponse.ReservedFieldNumber);
        if (!reserved.IsEmpty)
            return Reserve.Read(reserved, ledger);
        var error = MessageReader.Find(message, ReserveInventoryStreamResponse.ErrorFieldNumber);
        var code = MessageReader.FindNumber(error, Google.Rpc.Status.CodeFieldNumber);
        return code == Reserve.FailedPrecondition ? Outcome.Refused : Outcome.Failed;
    }

    public bool IsRefusal(int grpcStatus) => false;
}
