using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class ServiceDefinitionTests
{
    [Test]
    public void A_definition_gives_its_methods_in_order_with_what_serves_them()
    {
        UnaryServerMethod<string, string> unary = (_, _) => Task.FromResult("");
        ClientStreamingServerMethod<string, string> client = (_, _) => Task.FromResult("");
        ServerStreamingServerMethod<string, string> server = (_, _, _) => Task.CompletedTask;
        DuplexStreamingServerMethod<string, string> duplex = (_, _, _) => Task.CompletedTask;
        var definition = ServerServiceDefinition
            .CreateBuilder()
            .AddMethod(Of(MethodType.DuplexStreaming), duplex)
            .AddMethod(Of(MethodType.Unary), unary)
            .AddMethod(Of(MethodType.ServerStreaming), server)
            .AddMethod(Of(MethodType.ClientStreaming), client)
            .Build();
        var binder = new Binder();

        definition.BindService(binder);

        Assert.That(
            binder.Bound,
            Is.EqualTo(
                new (MethodType, Delegate?)[]
                {
                    (MethodType.DuplexStreaming, duplex),
                    (MethodType.Unary, unary),
                    (MethodType.ServerStreaming, server),
                    (MethodType.ClientStreaming, client),
                }
            )
        );
    }

    [Test]
    public void A_method_is_added_once()
    {
        UnaryServerMethod<string, string> serve = (request, _) => Task.FromResult(request);
        var builder = ServerServiceDefinition.CreateBuilder().AddMethod(Of(MethodType.Unary), serve);

        Assert.That(() => builder.AddMethod(Of(MethodType.Unary), serve), Throws.ArgumentException);
    }

    [Test]
    public void A_definition_does_not_change_with_its_builder()
    {
        UnaryServerMethod<string, string> serve = (request, _) => Task.FromResult(request);
        var builder = ServerServiceDefinition.CreateBuilder();
        var definition = builder.Build();
        builder.AddMethod(Of(MethodType.Unary), serve);
        var binder = new Binder();

        definition.BindService(binder);

        Assert.That(binder.Bound, Is.Empty);
    }

    [Test]
    public void A_binder_serves_only_the_kinds_that_it_overrides()
    {
        var binder = new ServiceBinderBase();

        Assert.That(
            () => binder.AddMethod(Of(MethodType.Unary), (UnaryServerMethod<string, string>?)null),
            Throws.TypeOf<NotImplementedException>()
        );
        Assert.That(
            () => binder.AddMethod(Of(MethodType.Unary), (ClientStreamingServerMethod<string, string>?)null),
            Throws.TypeOf<NotImplementedException>()
        );
        Assert.That(
            () => binder.AddMethod(Of(MethodType.Unary), (ServerStreamingServerMethod<string, string>?)null),
            Throws.TypeOf<NotImplementedException>()
        );
        Assert.That(
            () => binder.AddMethod(Of(MethodType.Unary), (DuplexStreamingServerMethod<string, string>?)null),
            Throws.TypeOf<NotImplementedException>()
        );
    }

    private static Method<string, string> Of(MethodType type) =>
        new(type, "shop", type.ToString(), Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    private sealed class Binder : ServiceBinderBase
    {
        public List<(MethodType Type, Delegate? Serves)> Bound { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            UnaryServerMethod<TRequest, TResponse>? handler
        ) => Bound.Add((method.Type, handler));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ClientStreamingServerMethod<TRequest, TResponse>? handler
        ) => Bound.Add((method.Type, handler));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ServerStreamingServerMethod<TRequest, TResponse>? handler
        ) => Bound.Add((method.Type, handler));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            DuplexStreamingServerMethod<TRequest, TResponse>? handler
        ) => Bound.Add((method.Type, handler));
    }
}
