using Inventory.Load.Http2;

namespace Inventory.Load.Driving;

/// <summary>What is asked, and what the answers mean. Used by one thread.</summary>
internal interface IWorkload
{
    int MessageSizeMax { get; }

    /// <summary>What the next call in this slot is: a slot may go through steps, as reserve and then confirm.</summary>
    GrpcMethod Next(Call slot);

    /// <returns>The length of the request written into <paramref name="message"/>.</returns>
    int Write(Call call, Span<byte> message);

    /// <summary>Reads an answer, and settles the slot's next step.</summary>
    Outcome Answered(Call call, ReadOnlySpan<byte> message);

    /// <summary>Whether a status other than OK is an answer of business, not a failure.</summary>
    bool IsRefusal(int grpcStatus);
}
