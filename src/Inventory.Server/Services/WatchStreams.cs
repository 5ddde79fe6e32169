using Grpc.Core;
using Inventory.Engine.Journal;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;

namespace Inventory.Server.Services;

/// <summary>
/// Writes the steps of a watch as its caller takes them: while a message is on its way what changes gathers in the
/// watch.
/// </summary>
internal static class WatchStreams
{
    /// <param name="next">Waits for the next step.</param>
    /// <param name="toWire">A step as a message.</param>
    /// <param name="stream">To the caller.</param>
    /// <param name="drain">At a stop a watch ends at once: it resumes elsewhere from its last token.</param>
    /// <param name="context">Of the call.</param>
    public static async Task WriteAsync<TTold, TResponse>(
        Func<CancellationToken, ValueTask<WatchStep<TTold>>> next,
        Func<WatchStep<TTold>, TResponse> toWire,
        IServerStreamWriter<TResponse> stream,
        Drain drain,
        ServerCallContext context
    )
        where TResponse : class
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Begun);
        try
        {
            while (true)
            {
                var step = await next(ending.Token);
                if (step.End is { } end)
                {
                    WatchErrors.Of(end).Set(context);
                    return;
                }

                await stream.WriteAsync(toWire(step), ending.Token);
            }
        }
        catch (OperationCanceledException) when (drain.Begun.IsCancellationRequested)
        {
            Faults.Draining.Set(context);
        }
    }
}
