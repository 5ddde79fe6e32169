using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Inventory.Server.Rest;

/// <summary>
/// An RPC as REST calls it: the service's own method behind the interceptors that gRPC puts in front of it, so that a
/// call is guarded, counted and answered alike on either port.
/// </summary>
internal abstract class RestMethod(MethodDescriptor descriptor, int requestBytesMax, IReadOnlyList<object> metadata)
{
    public MethodDescriptor Descriptor { get; } = descriptor;

    /// <summary>As gRPC's limit for a message of this service.</summary>
    public int RequestBytesMax { get; } = requestBytesMax;

    /// <summary>Attributes of the service and of its method, which authorization looks for.</summary>
    public IReadOnlyList<object> Metadata { get; } = metadata;

    /// <summary>As gRPC names it: one string for all calls.</summary>
    public abstract string FullName { get; }

    /// <param name="request">Of the RPC's type.</param>
    /// <param name="context">Ends with the status.</param>
    /// <param name="responses">Takes what a server streaming RPC says.</param>
    /// <returns>The answer of a unary RPC; null for a stream.</returns>
    /// <exception cref="RpcException">The call ended with another status.</exception>
    public abstract Task<IMessage?> InvokeAsync(IMessage request, RestCallContext context, RestStream? responses);
}

/// <summary>One request, one response.</summary>
internal sealed class UnaryRestMethod<TRequest, TResponse> : RestMethod
    where TRequest : class
    where TResponse : class
{
    private readonly UnaryServerMethod<TRequest, TResponse> pipeline;

    public UnaryRestMethod(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse> handler,
        RestServing serving,
        MethodDescriptor descriptor,
        IReadOnlyList<object> metadata
    )
        : base(descriptor, serving.RequestBytesMax, metadata)
    {
        FullName = method.FullName;
        pipeline = async (request, context) =>
        {
            await ((RestCallContext)context).NamesKnownAsync();
            return await handler(request, context);
        };
        foreach (var interceptor in serving.InterceptorsFromTheInnermost)
        {
            var next = pipeline;
            pipeline = (request, context) => interceptor.UnaryServerHandler(request, context, next);
        }
    }

    public override string FullName { get; }

    public override async Task<IMessage?> InvokeAsync(
        IMessage request,
        RestCallContext context,
        RestStream? responses
    ) => (IMessage)(object)await pipeline((TRequest)request, context);
}

/// <summary>One request, many responses.</summary>
internal sealed class StreamingRestMethod<TRequest, TResponse> : RestMethod
    where TRequest : class
    where TResponse : class
{
    private readonly ServerStreamingServerMethod<TRequest, TResponse> pipeline;

    public StreamingRestMethod(
        Method<TRequest, TResponse> method,
        ServerStreamingServerMethod<TRequest, TResponse> handler,
        RestServing serving,
        MethodDescriptor descriptor,
        IReadOnlyList<object> metadata
    )
        : base(descriptor, serving.RequestBytesMax, metadata)
    {
        FullName = method.FullName;
        pipeline = async (request, responses, context) =>
        {
            await ((RestCallContext)context).NamesKnownAsync();
            await handler(request, responses, context);
        };
        foreach (var interceptor in serving.InterceptorsFromTheInnermost)
        {
            var next = pipeline;
            pipeline = (request, responses, context) =>
                interceptor.ServerStreamingServerHandler(request, responses, context, next);
        }
    }

    public override string FullName { get; }

    public override async Task<IMessage?> InvokeAsync(IMessage request, RestCallContext context, RestStream? responses)
    {
        await pipeline((TRequest)request, new Writer(responses!), context);
        return null;
    }

    private sealed class Writer(RestStream stream) : IServerStreamWriter<TResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(TResponse message) => stream.WriteAsync((IMessage)message, CancellationToken.None);

        public Task WriteAsync(TResponse message, CancellationToken cancellationToken) =>
            stream.WriteAsync((IMessage)message, cancellationToken);
    }
}
