using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Inventory.Server.Hosting.Deadlines;
using Inventory.Server.Security;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Errors;

/// <summary>
/// The edge of every call: limits that are told by its message hold, exceptions become statuses, and the call is
/// counted. One instance serves all calls.
/// </summary>
internal sealed class CallGuard(
    CallMetrics metrics,
    WarehouseLimits limits,
    Actors actors,
    CallClock clock,
    ILogger<CallGuard> logger
) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        var start = Stopwatch.GetTimestamp();
        var time = clock.Begin(context);
        try
        {
            await limits.JudgeAsync(request, context);
            await actors.KnowAsync(context.GetHttpContext(), context.CancellationToken);
            var response = await continuation(request, context);
            metrics.Ended(context.Method, context.Status.StatusCode, start);
            return response;
        }
        catch (Exception e)
        {
            throw Translate(e, context, start, time);
        }
        finally
        {
            if (time is not null)
            {
                clock.End(time, context);
            }
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        TResponse response = null!;
        await StreamAsync(
            context,
            async () => response = await continuation(limits.Judging(requestStream, context), context)
        );
        return response;
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    ) =>
        StreamAsync(
            context,
            async () =>
            {
                await limits.JudgeAsync(request, context);
                await continuation(request, responseStream, context);
            }
        );

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    ) => StreamAsync(context, () => continuation(limits.Judging(requestStream, context), responseStream, context));

    private async Task StreamAsync(ServerCallContext context, Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await actors.KnowAsync(context.GetHttpContext(), context.CancellationToken);
            await call();
            metrics.Ended(context.Method, context.Status.StatusCode, start);
        }
        catch (Exception e)
        {
            throw Translate(e, context, start);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context, long start, CallTime? time = null)
    {
        if (exception is RpcException answer)
        {
            metrics.Ended(context.Method, answer.StatusCode, start);
            return answer;
        }

        var correlation = Correlation.Of(context.GetHttpContext());
        var error =
            time is { IsOver: true } && exception is OperationCanceledException
                ? Faults.DeadlineExceeded
                : Faults.Translate(exception, context, correlation);
        metrics.Ended(context.Method, error.Code, start);
        if (error.Code == StatusCode.Internal)
        {
            logger.CallFailed(exception, context.Method, correlation);
        }
        else if (error.Code == StatusCode.Unavailable)
        {
            logger.DatabaseAway(context.Method, exception.Message);
        }

        return error.ToException();
    }
}
