using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class CallTests
{
    private static readonly Metadata Headers = new() { { "h", "1" } };
    private static readonly Metadata Trailers = new() { { "t", "1" } };
    private static readonly Status Ended = new(StatusCode.OutOfRange, "end");

    [Test]
    public async Task A_unary_call_is_awaited_for_its_response()
    {
        var ends = new Ends();
        using var plain = new AsyncUnaryCall<string>(
            Task.FromResult("one"),
            Task.FromResult(Headers),
            Ends.Status,
            Ends.Trailers,
            ends.Dispose
        );
        using var shared = new AsyncUnaryCall<string>(
            Task.FromResult("two"),
            Ends.HeadersOf,
            Ends.StatusOf,
            Ends.TrailersOf,
            Ends.DisposeOf,
            ends
        );

        Assert.That(await plain, Is.EqualTo("one"));
        Assert.That(await shared.ConfigureAwait(false), Is.EqualTo("two"));
        Assert.That(await plain.ResponseAsync, Is.EqualTo("one"));
        await Check(plain.ResponseHeadersAsync, plain.GetStatus, plain.GetTrailers, plain.Dispose, ends);
        await Check(shared.ResponseHeadersAsync, shared.GetStatus, shared.GetTrailers, shared.Dispose, ends);
    }

    [Test]
    public async Task A_client_streaming_call_takes_requests_and_is_awaited_for_its_response()
    {
        var ends = new Ends();
        var requests = new ListWriter<string>();
        using var plain = new AsyncClientStreamingCall<string, string>(
            requests,
            Task.FromResult("one"),
            Task.FromResult(Headers),
            Ends.Status,
            Ends.Trailers,
            ends.Dispose
        );
        using var shared = new AsyncClientStreamingCall<string, string>(
            requests,
            Task.FromResult("two"),
            Ends.HeadersOf,
            Ends.StatusOf,
            Ends.TrailersOf,
            Ends.DisposeOf,
            ends
        );

        Assert.That((plain.RequestStream, shared.RequestStream), Is.EqualTo((requests, requests)));
        Assert.That(await plain, Is.EqualTo("one"));
        Assert.That(await shared, Is.EqualTo("two"));
        await Check(plain.ResponseHeadersAsync, plain.GetStatus, plain.GetTrailers, plain.Dispose, ends);
        await Check(shared.ResponseHeadersAsync, shared.GetStatus, shared.GetTrailers, shared.Dispose, ends);
    }

    [Test]
    public async Task A_server_streaming_call_gives_responses()
    {
        var ends = new Ends();
        var responses = new ListReader<string>([]);
        using var plain = new AsyncServerStreamingCall<string>(
            responses,
            Task.FromResult(Headers),
            Ends.Status,
            Ends.Trailers,
            ends.Dispose
        );
        using var shared = new AsyncServerStreamingCall<string>(
            responses,
            Ends.HeadersOf,
            Ends.StatusOf,
            Ends.TrailersOf,
            Ends.DisposeOf,
            ends
        );

        Assert.That((plain.ResponseStream, shared.ResponseStream), Is.EqualTo((responses, responses)));
        await Check(plain.ResponseHeadersAsync, plain.GetStatus, plain.GetTrailers, plain.Dispose, ends);
        await Check(shared.ResponseHeadersAsync, shared.GetStatus, shared.GetTrailers, shared.Dispose, ends);
    }

    [Test]
    public async Task A_duplex_streaming_call_takes_requests_and_gives_responses()
    {
        var ends = new Ends();
        var (requests, responses) = (new ListWriter<string>(), new ListReader<string>([]));
        using var plain = new AsyncDuplexStreamingCall<string, string>(
            requests,
            responses,
            Task.FromResult(Headers),
            Ends.Status,
            Ends.Trailers,
            ends.Dispose
        );
        using var shared = new AsyncDuplexStreamingCall<string, string>(
            requests,
            responses,
            Ends.HeadersOf,
            Ends.StatusOf,
            Ends.TrailersOf,
            Ends.DisposeOf,
            ends
        );

        Assert.That((plain.RequestStream, plain.ResponseStream), Is.EqualTo((requests, responses)));
        Assert.That((shared.RequestStream, shared.ResponseStream), Is.EqualTo((requests, responses)));
        await Check(plain.ResponseHeadersAsync, plain.GetStatus, plain.GetTrailers, plain.Dispose, ends);
        await Check(shared.ResponseHeadersAsync, shared.GetStatus, shared.GetTrailers, shared.Dispose, ends);
    }

    private static async Task Check(
        Task<Metadata> headers,
        Func<Status> status,
        Func<Metadata> trailers,
        Action dispose,
        Ends ends
    )
    {
        var before = ends.Disposals;
        dispose();

        Assert.That(await headers, Is.SameAs(Headers));
        Assert.That(status(), Is.EqualTo(Ended));
        Assert.That(trailers(), Is.SameAs(Trailers));
        Assert.That(ends.Disposals, Is.EqualTo(before + 1));
    }

    /// <summary>What an implementation gives a call: functions of its own, or of a state it hands over.</summary>
    private sealed class Ends
    {
        public int Disposals { get; private set; }

        public static Status Status() => Ended;

        public static Metadata Trailers() => CallTests.Trailers;

        public void Dispose() => Disposals++;

        public static Task<Metadata> HeadersOf(object ends) => Task.FromResult(ends is Ends ? Headers : Metadata.Empty);

        public static Status StatusOf(object ends) => ends is Ends ? Ended : default;

        public static Metadata TrailersOf(object ends) => ends is Ends ? CallTests.Trailers : Metadata.Empty;

        public static void DisposeOf(object ends) => ((Ends)ends).Dispose();
    }
}
