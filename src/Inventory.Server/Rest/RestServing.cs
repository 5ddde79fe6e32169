using Grpc.AspNetCore.Server;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Options;

namespace Inventory.Server.Rest;

/// <summary>What gRPC was told of a service holds for REST too: its interceptors and the largest message.</summary>
/// <param name="InterceptorsFromTheInnermost">
/// Those of the service, then those of all; each is made once, and serves all calls.
/// </param>
/// <param name="RequestBytesMax">Of a request's body, unpacked.</param>
internal sealed record RestServing(IReadOnlyList<Interceptor> InterceptorsFromTheInnermost, int RequestBytesMax)
{
    /// <summary>gRPC's own, where nothing is said.</summary>
    private const int DefaultBytesMax = 4 * 1024 * 1024;

    public static RestServing Of<TService>(IServiceProvider provider)
        where TService : class
    {
        var all = provider.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        var own = provider.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value;
        var interceptors = all
            .Interceptors.Concat(own.Interceptors)
            .Distinct()
            .Select(r =>
                (Interceptor)(
                    provider.GetService(r.Type) ?? ActivatorUtilities.CreateInstance(provider, r.Type, [.. r.Arguments])
                )
            );
        return new(
            [.. interceptors.Reverse()],
            own.MaxReceiveMessageSize ?? all.MaxReceiveMessageSize ?? DefaultBytesMax
        );
    }
}
