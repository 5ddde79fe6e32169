using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Inventory.Client;

/// <summary>
/// Gives each unary call a request id, made once, and a deadline, and repeats it where that is safe: UNAVAILABLE,
/// RESOURCE_EXHAUSTED after the delay that the server asks for, and outcomes that nobody knows, with the same id. A
/// mutation without a request id is repeated only when it was not tried. Streams are passed on as they are.
/// </summary>
public sealed class SafeRetries : Interceptor
{
    private readonly RetryPipeline pipeline;

    /// <param name="options">Deadlines, attempts and pauses.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SafeRetries(InventoryClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        pipeline = new(options);
    }

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation
    )
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var named = RequestIds.Ensure(request);
        var call = new RepeatedCall<TRequest, TResponse>(named, context, continuation);
        return call.Start(pipeline);
    }

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation
    )
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var named = RequestIds.Ensure(request);
        var attempts = pipeline.Begin(context, named, context.Options.CancellationToken);
        return pipeline.Execute(attempts, options => continuation(named, new(context.Method, context.Host, options)));
    }
}
