using Inventory.Load.Driving;
using Inventory.Load.Http2;

namespace Inventory.Load.Calls;

/// <summary>The call that does nothing: what the transport alone can carry.</summary>
internal sealed class HealthChecks : IWorkload
{
    private static readonly GrpcMethod Check = new("/grpc.health.v1.Health/Check");

    public int MessageSizeMax => 0;

    public GrpcMethod Next(Call slot) => Check;

    public int Write(Call call, Span<byte> message) => 0;

    // HealthCheckResponse { status: SERVING }
    public Outcome Answered(Call call, ReadOnlySpan<byte> message) =>
        message.SequenceEqual((ReadOnlySpan<byte>)[0x08, 0x01]) ? Outcome.Read : Outcome.Failed;

    public bool IsRefusal(int grpcStatus) => false;
}
