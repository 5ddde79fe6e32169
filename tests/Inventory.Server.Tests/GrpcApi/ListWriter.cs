using Grpc.Core;

namespace Inventory.Server.Tests.GrpcApi;

/// <summary>Keeps what is written. It knows no cancellation of writes.</summary>
internal sealed class ListWriter<T> : IClientStreamWriter<T>
{
    public List<T> Written { get; } = [];

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message)
    {
        Written.Add(message);
        return Task.CompletedTask;
    }

    public Task CompleteAsync() => Task.CompletedTask;
}
