using System.IO.Compression;
using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace Inventory.Server.Tests.GrpcApi;

/// <summary>The official server and the official client, both on these assemblies, over a real connection.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WireTests
{
    private WebApplication server = null!;
    private GrpcChannel channel = null!;
    private CallInvoker invoker = null!;
    private string address = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2)
        );
        builder.Services.AddSingleton<EchoService>();
        builder.Services.AddGrpc(options =>
        {
            options.ResponseCompressionAlgorithm = "gzip";
            options.ResponseCompressionLevel = CompressionLevel.Fastest;
            options.Interceptors.Add<Signing>();
        });
        server = builder.Build();
        server.MapGrpcService<EchoService>();
        await server.StartAsync();
        address = server.Urls.Single();
        channel = GrpcChannel.ForAddress(address);
        invoker = channel.CreateCallInvoker();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        channel.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public async Task A_unary_call_carries_headers_there_and_headers_and_trailers_back()
    {
        var headers = new Metadata { { "Echo-Text", "a b" }, { "echo-bytes-bin", [0, 127, 255] } };

        using var call = invoker.AsyncUnaryCall(EchoBase.SayMethod, null, new CallOptions(headers), "hello");

        Assert.That(await call, Is.EqualTo("hello"));
        var back = await call.ResponseHeadersAsync;
        Assert.That(back.GetValue("echo-text"), Is.EqualTo("a b"));
        Assert.That(back.GetValueBytes("echo-bytes-bin"), Is.EqualTo(new byte[] { 0, 127, 255 }));
        Assert.That(call.GetTrailers().GetValue("echo-text"), Is.EqualTo("a b"));
        Assert.That(call.GetTrailers().GetValue("signed"), Is.EqualTo("/test.Echo/Say"));
        Assert.That(call.GetStatus(), Is.EqualTo(Status.DefaultSuccess));
    }

    [Test]
    public void A_blocking_call_answers_with_the_response() =>
        Assert.That(invoker.BlockingUnaryCall(EchoBase.SayMethod, null, default, "hello"), Is.EqualTo("hello"));

    [Test]
    public async Task The_service_knows_where_the_call_came_from()
    {
        var host = new Uri(address).Authority;

        Assert.That(await Say("where"), Is.EqualTo($"/test.Echo/Say {host} ipv4 False"));
    }

    [Test]
    public async Task Requests_stream_to_the_server()
    {
        using var call = invoker.AsyncClientStreamingCall(EchoBase.JoinMethod, null, default);
        foreach (var word in new[] { "a", "b", "c" })
            await call.RequestStream.WriteAsync(word);
        await call.RequestStream.CompleteAsync();

        Assert.That(await call, Is.EqualTo("a b c"));
    }

    [Test]
    public async Task Responses_stream_to_the_client()
    {
        using var call = invoker.AsyncServerStreamingCall(EchoBase.SplitMethod, null, default, "a b c");
        var words = new List<string>();
        await foreach (var word in call.ResponseStream.ReadAllAsync())
            words.Add(word);

        Assert.That(words, Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public async Task Both_sides_talk_in_turn()
    {
        using var call = invoker.AsyncDuplexStreamingCall(EchoBase.ChatMethod, null, default);
        foreach (var word in new[] { "a", "b", "c" })
        {
            await call.RequestStream.WriteAsync(word, CancellationToken.None);
            Assert.That(await call.ResponseStream.MoveNext(), Is.True);
            Assert.That(call.ResponseStream.Current, Is.EqualTo(word.ToUpperInvariant()));
        }
        await call.RequestStream.CompleteAsync();

        Assert.That(await call.ResponseStream.MoveNext(), Is.False);
        Assert.That(call.GetStatus().StatusCode, Is.EqualTo(StatusCode.OK));
    }

    [Test]
    public void What_the_service_throws_arrives_with_detail_and_trailers() =>
        Assert.That(
            () => Say("throw"),
            Throws
                .TypeOf<RpcException>()
                .With.Property(nameof(RpcException.Status))
                .EqualTo(new Status(StatusCode.Aborted, "größer"))
                .And.Matches<RpcException>(thrown => thrown!.Trailers.GetValueBytes("why-bin") is [0, 255])
        );

    [Test]
    public void The_status_that_the_service_sets_arrives() =>
        Assert.That(
            () => Say("status"),
            Throws
                .TypeOf<RpcException>()
                .With.Property(nameof(RpcException.Status))
                .EqualTo(new Status(StatusCode.OutOfRange, "100%"))
        );

    [Test]
    public void A_call_ends_at_its_deadline()
    {
        var options = new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(100));

        Assert.That(() => Say("wait", options), EndsWith(StatusCode.DeadlineExceeded));
    }

    [Test]
    public void A_call_ends_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.That(
            () => Say("wait", new CallOptions(cancellationToken: cancellation.Token)),
            EndsWith(StatusCode.Cancelled)
        );
    }

    [Test]
    public void A_method_that_is_not_served_is_unimplemented()
    {
        var text = Marshallers.StringMarshaller;
        var other = new Method<string, string>(MethodType.Unary, "test.Echo", "Other", text, text);

        Assert.That(
            async () => await invoker.AsyncUnaryCall(other, null, default, "a"),
            EndsWith(StatusCode.Unimplemented)
        );
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    public async Task Compressed_messages_go_both_ways(string encoding)
    {
        var text = string.Concat(Enumerable.Repeat("stock ", 10_000));
        var options = new CallOptions([new Metadata.Entry("grpc-internal-encoding-request", encoding)]);
        var headers = new Watching(new SocketsHttpHandler());
        using var watched = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = headers });

        using var call = watched.CreateCallInvoker().AsyncUnaryCall(EchoBase.SayMethod, null, options, text);

        Assert.That(await call, Is.EqualTo(text));
        Assert.That(headers.Encodings, Is.EqualTo(new[] { encoding, "gzip" }));
    }

    [Test]
    public async Task Call_credentials_add_their_headers()
    {
        using var open = GrpcChannel.ForAddress(
            address,
            new GrpcChannelOptions
            {
                Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, Adding("echo-channel")),
                UnsafeUseInsecureChannelCallCredentials = true,
            }
        );
        var options = new CallOptions(
            credentials: CallCredentials.Compose(Adding("echo-first"), Adding("echo-second"))
        );

        using var call = open.CreateCallInvoker().AsyncUnaryCall(EchoBase.SayMethod, null, options, "a");
        var back = await call.ResponseHeadersAsync;

        Assert.That(back.GetValue("echo-channel"), Is.EqualTo("Say"));
        Assert.That(back.GetValue("echo-first"), Is.EqualTo("Say"));
        Assert.That(back.GetValue("echo-second"), Is.EqualTo("Say"));
    }

    private static CallCredentials Adding(string key) =>
        CallCredentials.FromInterceptor(
            (context, metadata) =>
            {
                metadata.Add(key, context.MethodName);
                return Task.CompletedTask;
            }
        );

    private static EqualConstraint<StatusCode> EndsWith(StatusCode code) =>
        Throws.TypeOf<RpcException>().With.Property(nameof(RpcException.StatusCode)).EqualTo(code);

    private Task<string> Say(string text, CallOptions options = default) =>
        invoker.AsyncUnaryCall(EchoBase.SayMethod, null, options, text).ResponseAsync;

    /// <summary>Notes how requests and responses are encoded, which the client itself does not tell.</summary>
    private sealed class Watching(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public List<string> Encodings { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Encodings.AddRange(request.Headers.GetValues("grpc-encoding"));
            var response = await base.SendAsync(request, cancellationToken);
            Encodings.AddRange(response.Headers.GetValues("grpc-encoding"));
            return response;
        }
    }

    /// <summary>Stands around every call of the server.</summary>
    private sealed class Signing : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation
        )
        {
            context.ResponseTrailers.Add("signed", context.Method);
            return continuation(request, context);
        }
    }
}
