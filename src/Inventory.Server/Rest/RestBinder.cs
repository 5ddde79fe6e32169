using Google.Api;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Reflection;
using Inventory.Server.Rest.Routing;
using Inventory.Server.Security;
using PatternCase = Google.Api.HttpRule.PatternOneofCase;

namespace Inventory.Server.Rest;

/// <summary>
/// Makes the routes of a service from the <c>google.api.http</c> options of its RPCs, as gRPC maps it. What the client
/// streams has no route.
/// </summary>
internal sealed class RestBinder(ServedApi api, RestRouter router, RestCall call, IServiceProvider provider)
{
    /// <param name="bind">Gives the service's methods to a binder.</param>
    public void Add<TService>(Action<ServiceBinderBase> bind)
        where TService : class => bind(new Binder<TService>(this, RestServing.Of<TService>(provider)));

    private void Add(RestMethod method)
    {
        if (method.Descriptor.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not { } first)
        {
            return;
        }

        foreach (var rule in (HttpRule[])[first, .. first.AdditionalBindings])
        {
            router.Add(ToRoute(rule, method, isAdditional: rule != first));
        }
    }

    private MethodDescriptor Descriptor(IMethod method) => api.Method(method.ServiceName, method.Name);

    private RestRoute ToRoute(HttpRule rule, RestMethod method, bool isAdditional)
    {
        var (verb, path) = rule.PatternCase switch
        {
            PatternCase.Get => (HttpMethods.Get, rule.Get),
            PatternCase.Put => (HttpMethods.Put, rule.Put),
            PatternCase.Post => (HttpMethods.Post, rule.Post),
            PatternCase.Delete => (HttpMethods.Delete, rule.Delete),
            PatternCase.Patch => (HttpMethods.Patch, rule.Patch),
            PatternCase.Custom => (rule.Custom.Kind, rule.Custom.Path),
            PatternCase.None => throw new InvalidOperationException($"{method.Descriptor.FullName} has no path."),
        };
        var template = new PathTemplate(path);
        foreach (var variable in template.Variables)
        {
            RequireField(method.Descriptor, variable.FieldPath);
        }

        if (rule.Body is not ("" or RestRoute.WholeBody))
        {
            RequireField(method.Descriptor, rule.Body);
        }

        if (rule.ResponseBody.Length > 0)
        {
            throw new InvalidOperationException($"{method.Descriptor.FullName}: response_body is not served.");
        }

        object[] access = Access.Of(method.Descriptor) is { } declared ? [declared] : [];
        var metadata = new EndpointMetadataCollection([.. method.Metadata, .. access, method.Descriptor]);
        var endpoint = new Endpoint(call.AnswerAsync, metadata, $"{verb} {path}");
        return new(verb, template, rule.Body, method, endpoint, isAdditional);
    }

    /// <summary>A path that fills nothing is found when the server starts, not when it is called.</summary>
    private static void RequireField(MethodDescriptor method, string path)
    {
        var message = method.InputType;
        foreach (var name in path.Split('.'))
        {
            var field = message?.FindFieldByName(name);
            if (field is null || field.IsMap)
            {
                throw new InvalidOperationException($"{method.FullName}: {path} names no field of the request.");
            }

            message = field.FieldType == FieldType.Message ? field.MessageType : null;
        }
    }

    private sealed class Binder<TService>(RestBinder owner, RestServing serving) : ServiceBinderBase
        where TService : class
    {
        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            UnaryServerMethod<TRequest, TResponse>? handler
        ) =>
            owner.Add(
                new UnaryRestMethod<TRequest, TResponse>(
                    method,
                    handler!,
                    serving,
                    owner.Descriptor(method),
                    GrpcMethods<TService>.Attributes(handler!)
                )
            );

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ServerStreamingServerMethod<TRequest, TResponse>? handler
        ) =>
            owner.Add(
                new StreamingRestMethod<TRequest, TResponse>(
                    method,
                    handler!,
                    serving,
                    owner.Descriptor(method),
                    GrpcMethods<TService>.Attributes(handler!)
                )
            );

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ClientStreamingServerMethod<TRequest, TResponse>? handler
        ) { }

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            DuplexStreamingServerMethod<TRequest, TResponse>? handler
        ) { }
    }
}
