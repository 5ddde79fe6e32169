namespace Grpc.Core;

/// <summary>Takes the methods of a service one by one. An implementation overrides the kinds that it serves.</summary>
public class ServiceBinderBase
{
    /// <summary>A unary method and what serves it, which is null when only the description is wanted.</summary>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse>? handler
    )
        where TRequest : class
        where TResponse : class => Throw.NotImplemented<object>("unary methods");

    /// <summary>The same for a client streaming method.</summary>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ClientStreamingServerMethod<TRequest, TResponse>? handler
    )
        where TRequest : class
        where TResponse : class => Throw.NotImplemented<object>("client streaming methods");

    /// <summary>The same for a server streaming method.</summary>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ServerStreamingServerMethod<TRequest, TResponse>? handler
    )
        where TRequest : class
        where TResponse : class => Throw.NotImplemented<object>("server streaming methods");

    /// <summary>The same for a duplex streaming method.</summary>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        DuplexStreamingServerMethod<TRequest, TResponse>? handler
    )
        where TRequest : class
        where TResponse : class => Throw.NotImplemented<object>("duplex streaming methods");
}
