using System.Threading.Channels;
using Grpc.Core;

namespace Inventory.Server.Services;

/// <summary>
/// Works on many requests of a stream at once and answers them in their order. When as many wait as may, nothing more
/// is read: HTTP/2's flow control then holds the sender, and memory is bounded.
/// </summary>
internal static class OrderedAnswers
{
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    /// <param name="requests">What the client sends.</param>
    /// <param name="answer">Answers one request. It throws only what is to end the stream.</param>
    /// <param name="responses">Where the answers go.</param>
    /// <param name="inFlightMax">The most requests that wait for their answer.</param>
    /// <param name="cancellation">The call's.</param>
    public static async Task WriteAsync<TRequest, TResponse>(
        IAsyncEnumerable<TRequest> requests,
        Func<TRequest, Task<TResponse>> answer,
        IServerStreamWriter<TResponse> responses,
        int inFlightMax,
        CancellationToken cancellation
    )
    {
        var waiting = Channel.CreateBounded<Task<TResponse>>(
            new BoundedChannelOptions(inFlightMax) { SingleReader = true, SingleWriter = true }
        );
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = ReadAsync(requests, answer, waiting.Writer, ended.Token);
        try
        {
            await foreach (var next in waiting.Reader.ReadAllAsync(cancellation))
            {
                var response = await next;
                // With the next answer at hand the two share a flush; the last of a run is never held back.
                var more = waiting.Reader.TryPeek(out var following) && following.IsCompleted;
                responses.WriteOptions = more ? Buffered : null;
                await responses.WriteAsync(response, cancellation);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await reading;
        }
    }

    private static async Task ReadAsync<TRequest, TResponse>(
        IAsyncEnumerable<TRequest> requests,
        Func<TRequest, Task<TResponse>> answer,
        ChannelWriter<Task<TResponse>> waiting,
        CancellationToken cancellation
    )
    {
        try
        {
            await foreach (var request in requests.WithCancellation(cancellation))
            {
                // Room first: a request that has begun always has its place in the order.
                await waiting.WaitToWriteAsync(cancellation);
                waiting.TryWrite(answer(request));
            }

            waiting.Complete();
        }
        catch (Exception failed)
        {
            // The writing side meets it after the answers before it.
            waiting.Complete(failed);
        }
    }
}
