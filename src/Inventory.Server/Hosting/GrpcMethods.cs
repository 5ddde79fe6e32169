using System.Reflection;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Inventory.Server.Errors;
using Inventory.Server.Reflection;
using Inventory.Server.Rest;
using Inventory.Server.Security;

namespace Inventory.Server.Hosting;

/// <summary>
/// Finds the methods of a service as gRPC's own discovery does, and makes two things different. Bytes that are no
/// message are the caller's fault: gRPC reads the message before any interceptor runs, answers UNKNOWN, and logs an
/// error that anyone could provoke. And one method may take larger messages than the others of its service.
/// </summary>
internal sealed class GrpcMethods<TService>(TService service, RestBinder rest, ServedApi api)
    : IServiceMethodProvider<TService>
    where TService : class
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TService> context)
    {
        var generated = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)!;
        var bind = generated.BindType.GetMethod(
            generated.BindMethodName,
            [typeof(ServiceBinderBase), typeof(TService).BaseType!]
        )!;
        bind.Invoke(null, [new Binder(context, api), service]);
        rest.Add<TService>(binder => bind.Invoke(null, [binder, service]));
    }

    /// <summary>
    /// What authorization and routing look for: attributes of the class, then those of the method.
    /// </summary>
    public static IReadOnlyList<object> Attributes(Delegate handler) =>
        [.. typeof(TService).GetCustomAttributes(inherit: true), .. handler.Method.GetCustomAttributes(inherit: true)];

    private sealed class Binder(ServiceMethodProviderContext<TService> context, ServedApi api) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            UnaryServerMethod<TRequest, TResponse>? handler
        ) =>
            context.AddUnaryMethod(
                Strict(method, handler!),
                Metadata(method, handler!),
                (_, request, call) => handler!(request, call)
            );

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ClientStreamingServerMethod<TRequest, TResponse>? handler
        ) =>
            context.AddClientStreamingMethod(
                Strict(method, handler!),
                Metadata(method, handler!),
                (_, requests, call) => handler!(requests, call)
            );

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ServerStreamingServerMethod<TRequest, TResponse>? handler
        ) =>
            context.AddServerStreamingMethod(
                Strict(method, handler!),
                Metadata(method, handler!),
                (_, request, responses, call) => handler!(request, responses, call)
            );

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            DuplexStreamingServerMethod<TRequest, TResponse>? handler
        ) =>
            context.AddDuplexStreamingMethod(
                Strict(method, handler!),
                Metadata(method, handler!),
                (_, requests, responses, call) => handler!(requests, responses, call)
            );

        private List<object> Metadata(IMethod method, Delegate handler) =>
            [.. Attributes(handler), .. AccessOf(method), new HttpMethodMetadata([HttpMethods.Post])];

        private Access[] AccessOf(IMethod method) =>
            Access.Of(api.Method(method.ServiceName, method.Name)) is { } access ? [access] : [];

        private static Method<TRequest, TResponse> Strict<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            Delegate handler
        )
        {
            var limit = handler.Method.GetCustomAttribute<MessageLimitAttribute>()?.BytesMax;
            return new(
                method.Type,
                method.ServiceName,
                method.Name,
                Strict(method.RequestMarshaller, limit ?? GrpcSetup.MessageBytesMax),
                method.ResponseMarshaller
            );
        }

        private static Marshaller<T> Strict<T>(Marshaller<T> marshaller, int bytesMax)
        {
            var read = marshaller.ContextualDeserializer;
            return Marshallers.Create(
                marshaller.ContextualSerializer,
                bytes =>
                {
                    if (bytes.PayloadLength > bytesMax)
                    {
                        throw new RpcException(
                            new(StatusCode.ResourceExhausted, $"The message has more than {bytesMax} bytes.")
                        );
                    }

                    try
                    {
                        return read(bytes);
                    }
                    catch (InvalidProtocolBufferException)
                    {
                        throw Faults.Malformed.ToException();
                    }
                }
            );
        }
    }
}
