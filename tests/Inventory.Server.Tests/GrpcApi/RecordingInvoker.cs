using Grpc.Core;

namespace Inventory.Server.Tests.GrpcApi;

/// <summary>The end of a client's way: notes what it is asked to call, and answers with the request.</summary>
internal sealed class RecordingInvoker : CallInvoker
{
    public List<(MethodType Type, string? Host, CallOptions Options)> Calls { get; } = [];

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    )
    {
        Calls.Add((method.Type, host, options));
        return (TResponse)(object)request;
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    )
    {
        Calls.Add((method.Type, host, options));
        return new(Task.FromResult((TResponse)(object)request), NoHeaders, Ok, NoTrailers, Nothing);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    )
    {
        Calls.Add((method.Type, host, options));
        return new(new ListReader<TResponse>([(TResponse)(object)request]), NoHeaders, Ok, NoTrailers, Nothing);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options
    )
    {
        Calls.Add((method.Type, host, options));
        return new(
            new ListWriter<TRequest>(),
            Task.FromException<TResponse>(new InvalidOperationException()),
            NoHeaders,
            Ok,
            NoTrailers,
            Nothing
        );
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options
    )
    {
        Calls.Add((method.Type, host, options));
        return new(new ListWriter<TRequest>(), new ListReader<TResponse>([]), NoHeaders, Ok, NoTrailers, Nothing);
    }

    private static Task<Metadata> NoHeaders => Task.FromResult(Metadata.Empty);

    private static Status Ok() => Status.DefaultSuccess;

    private static Metadata NoTrailers() => Metadata.Empty;

    private static void Nothing() { }
}

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
