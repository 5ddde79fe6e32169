using Inventory.Load.Driving;
using Inventory.Load.Http2;

namespace Inventory.Load.Calls;

/// <summary>
/// ReserveInventory by callers who take RESOURCE_EXHAUSTED for an answer. Items that nobody can sell out: every refusal
/// is that one.
/// </summary>
internal sealed class OverloadedReserve(ReserveRequests requests, Ledger ledger) : IWorkload
{
    private const int ResourceExhausted = 8;

    private readonly Reserve reserve = new(requests, ledger);

    public int MessageSizeMax => reserve.MessageSizeMax;

    public GrpcMethod Next(Call slot) => reserve.Next(slot);

    public int Write(Call call, Span<byte> message) => reserve.Write(call, message);

    public Outcome Answered(Call call, ReadOnlySpan<byte> message) => reserve.Answered(call, message);

    public bool IsRefusal(int grpcStatus) => grpcStatus == ResourceExhausted;
}
