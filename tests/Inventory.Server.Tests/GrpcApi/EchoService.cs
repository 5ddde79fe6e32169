using Grpc.Core;

namespace Inventory.Server.Tests.GrpcApi;

/// <summary>A service of each kind of method, as it would be generated, with plain text for messages.</summary>
[BindServiceMethod(typeof(EchoBase), nameof(Bind))]
internal abstract class EchoBase
{
    public static readonly Method<string, string> SayMethod = Of(MethodType.Unary, nameof(Say));
    public static readonly Method<string, string> JoinMethod = Of(MethodType.ClientStreaming, nameof(Join));
    public static readonly Method<string, string> SplitMethod = Of(MethodType.ServerStreaming, nameof(Split));
    public static readonly Method<string, string> ChatMethod = Of(MethodType.DuplexStreaming, nameof(Chat));

    // The server binds without a service, for the descriptions; it finds the methods by their names.
    public static void Bind(ServiceBinderBase binder, EchoBase? service)
    {
        binder.AddMethod(SayMethod, service is null ? null : new UnaryServerMethod<string, string>(service.Say));
        binder.AddMethod(
            JoinMethod,
            service is null ? null : new ClientStreamingServerMethod<string, string>(service.Join)
        );
        binder.AddMethod(
            SplitMethod,
            service is null ? null : new ServerStreamingServerMethod<string, string>(service.Split)
        );
        binder.AddMethod(
            ChatMethod,
            service is null ? null : new DuplexStreamingServerMethod<string, string>(service.Chat)
        );
    }

    public abstract Task<string> Say(string request, ServerCallContext context);

    public abstract Task<string> Join(IAsyncStreamReader<string> requests, ServerCallContext context);

    public abstract Task Split(string request, IServerStreamWriter<string> responses, ServerCallContext context);

    public abstract Task Chat(
        IAsyncStreamReader<string> requests,
        IServerStreamWriter<string> responses,
        ServerCallContext context
    );

    private static Method<string, string> Of(MethodType type, string name) =>
        new(type, "test.Echo", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}

internal sealed class EchoService : EchoBase
{
    /// <summary>Answers with the request, and with the caller's headers as its own headers and trailers.</summary>
    public override async Task<string> Say(string request, ServerCallContext context)
    {
        var echoed = new Metadata();
        foreach (
            var header in context.RequestHeaders.Where(header =>
                header.Key.StartsWith("echo-", StringComparison.Ordinal)
            )
        )
        {
            echoed.Add(header);
            context.ResponseTrailers.Add(header);
        }
        await context.WriteResponseHeadersAsync(echoed);
        switch (request)
        {
            case "throw":
                throw new RpcException(
                    new Status(StatusCode.Aborted, "größer"),
                    new Metadata { { "why-bin", [0, 255] } }
                );
            case "status":
                context.Status = new Status(StatusCode.OutOfRange, "100%");
                return "";
            case "wait":
                await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
                return "";
            case "where":
                var network = context.Peer.Split(':')[0];
                return $"{context.Method} {context.Host} {network} {context.AuthContext.IsPeerAuthenticated}";
            default:
                return request;
        }
    }

    public override async Task<string> Join(IAsyncStreamReader<string> requests, ServerCallContext context)
    {
        var all = new List<string>();
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
            all.Add(request);
        return string.Join(' ', all);
    }

    public override async Task Split(string request, IServerStreamWriter<string> responses, ServerCallContext context)
    {
        foreach (var word in request.Split(' '))
            await responses.WriteAsync(word, context.CancellationToken);
    }

    public override async Task Chat(
        IAsyncStreamReader<string> requests,
        IServerStreamWriter<string> responses,
        ServerCallContext context
    )
    {
        while (await requests.MoveNext())
            await responses.WriteAsync(requests.Current.ToUpperInvariant());
    }
}
