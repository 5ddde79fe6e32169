using Grpc.Core;
using Grpc.Core.Interceptors;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class InterceptorTests
{
    private static readonly MethodType[] Types = Enum.GetValues<MethodType>();

    [Test]
    public void An_interceptor_that_overrides_nothing_changes_nothing()
    {
        var end = new RecordingInvoker();
        var options = new CallOptions(new Metadata { { "a", "1" } });

        CallAll(end.Intercept(new Silent()), "host", options);

        Assert.That(
            end.Calls,
            Is.EqualTo(Types.Prepend(MethodType.Unary).Select(type => (type, "host", options)).ToList())
        );
    }

    [Test]
    public void The_first_interceptor_that_is_named_meets_a_call_first()
    {
        var met = new List<string>();
        var end = new RecordingInvoker();

        end.Intercept(new Noting("outer", met), new Noting("inner", met)).BlockingUnaryCall(Of(0), null, default, "a");
        end.Intercept(new Noting("late", met))
            .Intercept(new Noting("early", met))
            .BlockingUnaryCall(Of(0), null, default, "a");

        Assert.That(met, Is.EqualTo(new[] { "outer", "inner", "early", "late" }));
    }

    [Test]
    public void A_function_changes_the_headers_of_every_kind_of_call()
    {
        var end = new RecordingInvoker();
        var given = new Metadata { { "a", "1" } };

        CallAll(end.Intercept(headers => [.. headers, new Metadata.Entry("b", "2")]), null, new CallOptions(given));
        end.Intercept(headers => [.. headers, new Metadata.Entry("b", "2")])
            .BlockingUnaryCall(Of(MethodType.Unary), null, default, "a");

        var sent = end
            .Calls.Select(call => string.Join(' ', call.Options.Headers!.Select(entry => entry.Key)))
            .ToList();
        Assert.That(sent.SkipLast(1), Is.All.EqualTo("a b"));
        Assert.That(sent, Has.Count.EqualTo(6));
        Assert.That(sent[^1], Is.EqualTo("b"), "a call that was made without headers");
    }

    [Test]
    public void A_channel_is_intercepted_like_its_invoker()
    {
        var met = new List<string>();
        var end = new RecordingInvoker();
        var channel = new Channel(end);

        channel.Intercept(new Noting("one", met)).BlockingUnaryCall(Of(0), null, default, "a");
        channel
            .Intercept(new Noting("first", met), new Noting("second", met))
            .BlockingUnaryCall(Of(0), null, default, "a");
        channel.Intercept(_ => new Metadata { { "c", "3" } }).BlockingUnaryCall(Of(0), null, default, "a");

        Assert.That(met, Is.EqualTo(new[] { "one", "first", "second" }));
        Assert.That(end.Calls[^1].Options.Headers!.GetValue("c"), Is.EqualTo("3"));
    }

    [Test]
    public async Task A_client_names_the_host_that_it_was_made_with()
    {
        var end = new RecordingInvoker();
        var client = new Client(end);

        Assert.That(await client.WithHost("shop").AskAsync("a"), Is.EqualTo("a"));
        Assert.That(await client.AskAsync("b"), Is.EqualTo("b"));

        Assert.That(end.Calls.Select(call => call.Host), Is.EqualTo(new[] { "shop", null }));
        Assert.That(() => client.WithHost(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void A_client_without_a_channel_makes_no_calls()
    {
        Assert.That(() => new Client().AskAsync("a"), Throws.TypeOf<NotImplementedException>());
        Assert.That(() => new Client((CallInvoker)null!), Throws.ArgumentNullException);
    }

    [Test]
    public async Task A_channel_has_a_target_and_shuts_down()
    {
        var channel = new Channel(new RecordingInvoker());

        await channel.ShutdownAsync();

        Assert.That(channel.Target, Is.EqualTo("nowhere"));
    }

    [Test]
    public void Null_is_no_interceptor()
    {
        var end = new RecordingInvoker();

        Assert.That(() => end.Intercept((Interceptor)null!), Throws.ArgumentNullException);
        Assert.That(() => end.Intercept((Interceptor[])null!), Throws.ArgumentNullException);
        Assert.That(() => end.Intercept((Func<Metadata, Metadata>)null!), Throws.ArgumentNullException);
        Assert.That(() => ((CallInvoker)null!).Intercept(new Silent()), Throws.ArgumentNullException);
    }

    private static Method<string, string> Of(MethodType type) =>
        new(type, "shop", type.ToString(), Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    private static void CallAll(CallInvoker invoker, string? host, CallOptions options)
    {
        invoker.BlockingUnaryCall(Of(MethodType.Unary), host, options, "a");
        invoker.AsyncUnaryCall(Of(MethodType.Unary), host, options, "a").Dispose();
        invoker.AsyncClientStreamingCall(Of(MethodType.ClientStreaming), host, options).Dispose();
        invoker.AsyncServerStreamingCall(Of(MethodType.ServerStreaming), host, options, "a").Dispose();
        invoker.AsyncDuplexStreamingCall(Of(MethodType.DuplexStreaming), host, options).Dispose();
    }

    private sealed class Silent : Interceptor;

    private sealed class Noting(string name, List<string> met) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation
        )
        {
            met.Add(name);
            return continuation(request, context);
        }
    }

    private sealed class Channel(CallInvoker end) : ChannelBase("nowhere")
    {
        public override CallInvoker CreateCallInvoker() => end;
    }

    private sealed class Client : ClientBase<Client>
    {
        public Client() { }

        public Client(CallInvoker invoker)
            : base(invoker) { }

        private Client(ClientBaseConfiguration configuration)
            : base(configuration) { }

        public Task<string> AskAsync(string question) =>
            CallInvoker.AsyncUnaryCall(Of(MethodType.Unary), null, default, question).ResponseAsync;

        protected override Client NewInstance(ClientBaseConfiguration configuration) => new(configuration);
    }
}
