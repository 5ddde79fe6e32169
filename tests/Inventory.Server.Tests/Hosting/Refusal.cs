using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Inventory.Server.Tests.Hosting;

/// <summary>An error as a client receives it, with its google.rpc details unpacked.</summary>
public sealed class Refusal(RpcException exception)
{
    public StatusCode Code => exception.StatusCode;

    public string Message => exception.Status.Detail;

    public Metadata Trailers => exception.Trailers;

    public Google.Rpc.Status Details { get; } =
        exception.Trailers.GetValueBytes("grpc-status-details-bin") is { } bytes
            ? Google.Rpc.Status.Parser.ParseFrom(bytes)
            : throw new InvalidOperationException($"{exception.Status} has no details.");

    public ErrorInfo Info => Detail<ErrorInfo>();

    public string Reason => Info.Reason;

    /// <summary>Field and reason of each violation.</summary>
    public IEnumerable<(string Field, string Reason)> Fields =>
        Detail<BadRequest>().FieldViolations.Select(v => (v.Field, v.Reason));

    public IEnumerable<ResourceInfo> Resources => All<ResourceInfo>();

    public T Detail<T>()
        where T : IMessage<T>, new() => All<T>().Single();

    private IEnumerable<T> All<T>()
        where T : IMessage<T>, new() => Details.Details.Where(d => d.Is(new T().Descriptor)).Select(d => d.Unpack<T>());
}
