using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Inventory.Server.Errors;

namespace Inventory.Server.Rest;

/// <summary>A REST call as services and interceptors see it.</summary>
internal sealed class RestCallContext : ServerCallContext, IDisposable
{
    /// <summary>Where gRPC's GetHttpContext looks in a context that is not its own.</summary>
    private const string HttpContextKey = "__HttpContext";

    /// <summary>A timer may fire before its time by the clock; then the deadline would not have passed.</summary>
    private static readonly TimeSpan TimerError = TimeSpan.FromMilliseconds(10);

    private readonly HttpContext http;
    private readonly CancellationTokenSource ending;
    private readonly Func<CancellationToken, Task>? namesKnown;

    /// <param name="http">The request.</param>
    /// <param name="method">As gRPC names it.</param>
    /// <param name="timeout">Null: there is no deadline.</param>
    /// <param name="namesKnown">What must be looked up before the service sees the request; null: nothing.</param>
    public RestCallContext(
        HttpContext http,
        string method,
        TimeSpan? timeout,
        Func<CancellationToken, Task>? namesKnown = null
    )
    {
        this.http = http;
        this.namesKnown = namesKnown;
        MethodCore = method;
        ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        DeadlineCore = DateTime.MaxValue;
        if (timeout is { } span)
        {
            DeadlineCore = TimeProvider.System.GetUtcNow().UtcDateTime + span;
            ending.CancelAfter(span + TimerError);
        }

        UserState[HttpContextKey] = http;
    }

    /// <summary>How the call ended, if it did not throw: null when all is well.</summary>
    public Google.Rpc.Status? Error => StatusCore.StatusCode == StatusCode.OK ? null : Of(StatusCore, ResponseTrailers);

    protected override string MethodCore { get; }

    protected override string HostCore => http.Request.Host.Value ?? "";

    protected override string PeerCore =>
        http.Connection.RemoteIpAddress is not { } address ? "unknown"
        : address.AddressFamily == AddressFamily.InterNetwork
            ? $"ipv4:{new IPEndPoint(address, http.Connection.RemotePort)}"
        : $"ipv6:{new IPEndPoint(address, http.Connection.RemotePort)}";

    protected override DateTime DeadlineCore { get; }

    protected override Metadata RequestHeadersCore => field ??= RestHeaders.ToMetadata(http.Request.Headers);

    protected override CancellationToken CancellationTokenCore => ending.Token;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>TLS ends before this server.</summary>
    protected override AuthContext AuthContextCore { get; } = new(null, []);

    /// <summary>Runs within the interceptors: what fails here is answered like any failure of the call.</summary>
    public Task NamesKnownAsync() => namesKnown?.Invoke(CancellationToken) ?? Task.CompletedTask;

    /// <summary>A status with the details that travel in its trailers.</summary>
    public static Google.Rpc.Status Of(Status status, Metadata trailers) =>
        trailers.GetValueBytes(ApiError.DetailsTrailer) is { } bytes
            ? Google.Rpc.Status.Parser.ParseFrom(bytes)
            : new() { Code = (int)status.StatusCode, Message = status.Detail };

    public void Dispose() => ending.Dispose();

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("A REST call is not propagated.");

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        foreach (var entry in responseHeaders)
        {
            http.Response.Headers.Append(
                entry.Key,
                entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value
            );
        }

        return Task.CompletedTask;
    }
}
