using Inventory.Load.Driving;
using Inventory.Load.Http2;
using Inventory.V1;

namespace Inventory.Load.Calls;

/// <summary>
/// GetAvailability of any item. An answer from the database is not one through Redis, and is counted apart.
/// </summary>
internal sealed class ReadAvailability(Shelf shelf) : IWorkload
{
    private static readonly GrpcMethod Method = new("/inventory.v1.AvailabilityService/GetAvailability");

    public int MessageSizeMax => 128;

    public GrpcMethod Next(Call slot) => Method;

    public int Write(Call call, Span<byte> message)
    {
        var writer = new MessageWriter(message);
        writer.Text(GetAvailabilityRequest.SkuFieldNumber, Shelf.SkuPrefix, shelf.AnyItem());
        return writer.Length;
    }

    public Outcome Answered(Call call, ReadOnlySpan<byte> message)
    {
        var availability = MessageReader.Find(message, GetAvailabilityResponse.AvailabilityFieldNumber);
        return (AvailabilitySource)MessageReader.FindNumber(availability, Availability.SourceFieldNumber) switch
        {
            AvailabilitySource.Cache => Outcome.Read,
            AvailabilitySource.Database => Outcome.ReadFromDatabase,
            AvailabilitySource.Unspecified => Outcome.Failed,
        };
    }

    public bool IsRefusal(int grpcStatus) => false;
}
