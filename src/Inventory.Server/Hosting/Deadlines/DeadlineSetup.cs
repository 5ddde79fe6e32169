using Grpc.AspNetCore.Server;
using Grpc.Core;
using Inventory.Server.Rest;

namespace Inventory.Server.Hosting.Deadlines;

/// <summary>
/// A deadline beyond the server's limit is the limit: what gRPC reads is brought down to it. Streams are as long as
/// they like.
/// </summary>
internal static class DeadlineSetup
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<CallClock>();
        services.AddHostedService(provider => provider.GetRequiredService<CallClock>());
    }

    /// <summary>Behind what finds the endpoint.</summary>
    public static void Use(WebApplication app)
    {
        var limit = app.Services.GetRequiredService<ServerOptions>().CallLimit;
        var header = $"{limit.TotalSeconds}S";
        app.Use(next =>
            http =>
            {
                var headers = http.Request.Headers;
                if (headers.GrpcTimeout is { Count: > 0 } sent && IsUnary(http) && RestHeaders.ReadGrpc(sent!) > limit)
                {
                    headers.GrpcTimeout = header;
                }

                return next(http);
            }
        );
    }

    private static bool IsUnary(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type == MethodType.Unary;
}
