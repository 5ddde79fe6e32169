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
