using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Inventory.Server.Hosting;

internal static class DrainingStreams
{
    /// <summary>
    /// What the client sends, until it has said all or the server drains. At the drain the sequence ends and the status
    /// is UNAVAILABLE: what was read is answered, the rest is for another server.
    /// </summary>
    public static async IAsyncEnumerable<T> ReadUntilDrainAsync<T>(
        this IAsyncStreamReader<T> reader,
        Drain drain,
        ServerCallContext context,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken,
            drain.Begun,
            cancellation
        );
        while (true)
        {
            try
            {
                if (!await reader.MoveNext(ending.Token))
                {
                    yield break;
                }
            }
            catch (Exception ended) when (Ended(ended) && drain.Begun.IsCancellationRequested)
            {
                context.Status = new(StatusCode.Unavailable, "The server stops.");
                yield break;
            }

            yield return reader.Current;
        }
    }

    private static bool Ended(Exception e) =>
        e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled };
}
