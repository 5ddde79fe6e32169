using Grpc.Core;
using Grpc.Core.Interceptors;
using Polly;
using Polly.Retry;

namespace Inventory.Client;

/// <summary>Attempts and the pauses between them, the same for all calls of a client.</summary>
internal sealed class RetryPipeline
{
    private static readonly ResiliencePropertyKey<Attempts> Key = new("inventory.attempts");

    private readonly InventoryClientOptions options;
    private readonly ResiliencePipeline pipeline;

    public RetryPipeline(InventoryClientOptions options)
    {
        this.options = options;
        pipeline =
            options.AttemptsMax == 1
                ? ResiliencePipeline.Empty
                : new ResiliencePipelineBuilder().AddRetry(Strategy(options)).Build();
    }

    public Attempts Begin<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        TRequest request,
        CancellationToken cancellation
    )
        where TRequest : class
        where TResponse : class =>
        new(
            context.Options.WithCancellationToken(cancellation),
            context.Options.Deadline ?? TimeProvider.System.GetUtcNow().UtcDateTime + options.Deadline,
            options.AttemptDeadline,
            RetryRules.IsRepeatable(context.Method, request)
        );

    /// <exception cref="RpcException">The last attempt's.</exception>
    public async Task<TResponse> ExecuteAsync<TResponse>(Attempts attempts, Func<CallOptions, Task<TResponse>> attempt)
    {
        var context = ResilienceContextPool.Shared.Get(attempts.Cancellation);
        context.Properties.Set(Key, attempts);
        try
        {
            return await pipeline
                .ExecuteAsync(
                    static async (_, s) => await s.attempt(s.attempts.Next()).ConfigureAwait(false),
                    context,
                    (attempts, attempt)
                )
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException left) when (attempts.Cancellation.IsCancellationRequested)
        {
            throw Left(left);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <exception cref="RpcException">The last attempt's.</exception>
    public TResponse Execute<TResponse>(Attempts attempts, Func<CallOptions, TResponse> attempt)
    {
        var context = ResilienceContextPool.Shared.Get(attempts.Cancellation);
        context.Properties.Set(Key, attempts);
        try
        {
            return pipeline.Execute(static (_, s) => s.attempt(s.attempts.Next()), context, (attempts, attempt));
        }
        catch (OperationCanceledException left) when (attempts.Cancellation.IsCancellationRequested)
        {
            throw Left(left);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static RetryStrategyOptions Strategy(InventoryClientOptions options) =>
        new()
        {
            MaxRetryAttempts = options.AttemptsMax - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.PauseMin,
            MaxDelay = options.PauseMax,
            ShouldHandle = static args => ValueTask.FromResult(Of(args.Context).IsWorthAnother(args.Outcome.Exception)),
            // Null leaves it to the pauses above.
            DelayGenerator = static args =>
                ValueTask.FromResult(args.Outcome.Exception is RpcException e ? RetryRules.RetryDelay(e) : null),
        };

    private static Attempts Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>A caller that left between two attempts is told what gRPC tells one that left during one.</summary>
    private static RpcException Left(OperationCanceledException left) =>
        new(new Status(StatusCode.Cancelled, "The caller cancelled the call.", left));
}
