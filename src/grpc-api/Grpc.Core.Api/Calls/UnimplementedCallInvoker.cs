namespace Grpc.Core;

/// <summary>What stands behind a client that was made without a channel.</summary>
internal sealed class UnimplementedCallInvoker : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    ) => Throw.NotImplemented<TResponse>("a channel for this client");

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    ) => Throw.NotImplemented<AsyncUnaryCall<TResponse>>("a channel for this client");

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    ) => Throw.NotImplemented<AsyncServerStreamingCall<TResponse>>("a channel for this client");

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options
    ) => Throw.NotImplemented<AsyncClientStreamingCall<TRequest, TResponse>>("a channel for this client");

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options
    ) => Throw.NotImplemented<AsyncDuplexStreamingCall<TRequest, TResponse>>("a channel for this client");
}
