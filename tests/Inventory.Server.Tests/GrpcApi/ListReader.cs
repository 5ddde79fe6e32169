using Grpc.Core;

namespace Inventory.Server.Tests.GrpcApi;

/// <summary>A stream of messages that are there already.</summary>
internal sealed class ListReader<T>(IReadOnlyList<T> messages) : IAsyncStreamReader<T>
{
    private int next;

    public T Current => messages[next - 1];

    public Task<bool> MoveNext(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<bool>(cancellationToken)
            : Task.FromResult(next++ < messages.Count);
}
