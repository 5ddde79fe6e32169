using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Inventory.Client;

/// <summary>A unary call that may be several: headers, status and trailers are those of the last.</summary>
internal sealed class RepeatedCall<TRequest, TResponse>(
    TRequest request,
    ClientInterceptorContext<TRequest, TResponse> context,
    Interceptor.AsyncUnaryCallContinuation<TRequest, TResponse> continuation
)
    where TRequest : class
    where TResponse : class
{
    private readonly CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(
        context.Options.CancellationToken
    );

    private AsyncUnaryCall<TResponse>? last;

    public AsyncUnaryCall<TResponse> Start(RetryPipeline pipeline)
    {
        var attempts = pipeline.Begin(context, request, leaving.Token);
        var response = pipeline.ExecuteAsync(attempts, AttemptAsync);
        return new AsyncUnaryCall<TResponse>(
            response,
            HeadersAsync(response),
            () => Ended.GetStatus(),
            () => Ended.GetTrailers(),
            Dispose
        );
    }

    private AsyncUnaryCall<TResponse> Ended =>
        last ?? throw new InvalidOperationException("The call has not ended: await its response first.");

    private async Task<TResponse> AttemptAsync(CallOptions options)
    {
        last?.Dispose();
        last = continuation(request, new(context.Method, context.Host, options));
        return await last.ResponseAsync.ConfigureAwait(false);
    }

    private async Task<Metadata> HeadersAsync(Task<TResponse> response)
    {
        await ((Task)response).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await Ended.ResponseHeadersAsync.ConfigureAwait(false);
    }

    private void Dispose()
    {
        // What is under way ends; what has ended does not mind.
        leaving.Cancel();
        leaving.Dispose();
        last?.Dispose();
    }
}
