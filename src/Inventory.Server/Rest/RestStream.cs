using System.Text;
using Google.Protobuf;
using Inventory.Server.Rest.Json;

namespace Inventory.Server.Rest;

/// <summary>
/// What a server streaming RPC says, as it says it: lines of JSON (<c>{"result": …}</c>, and at a bad end
/// <c>{"error": …}</c>), or server-sent events, whose last is named error at a bad end. An event stream that is silent
/// gets a comment from time to time, so that nothing between takes it for dead.
/// </summary>
internal sealed class RestStream(HttpContext http) : IAsyncDisposable
{
    public const string LinesType = "application/x-ndjson";
    public const string EventsType = "text/event-stream";

    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    /// <summary>When an event stream begins to which the call has said nothing yet.</summary>
    private static readonly TimeSpan FirstSilenceMax = TimeSpan.FromSeconds(1);

    private readonly bool events = Prefers(http.Request.Headers.Accept.ToString());
    private readonly SemaphoreSlim writing = new(1);
    private readonly CancellationTokenSource ended = new();
    private Task beating = Task.CompletedTask;

    /// <summary>Then its status is sent, and an error can only be said in the stream.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Begins to watch over the silence.</summary>
    public void Open()
    {
        if (events)
        {
            beating = BeatAsync();
        }
    }

    public Task WriteAsync(IMessage message, CancellationToken cancellation) =>
        SendAsync(
            events ? $"data: {JsonText.Of(message)}\n\n" : $"{{\"result\":{JsonText.Of(message)}}}\n",
            cancellation
        );

    public Task WriteErrorAsync(Google.Rpc.Status error) =>
        SendAsync(
            events ? $"event: error\ndata: {JsonText.Of(error)}\n\n" : $"{{\"error\":{JsonText.Of(error)}}}\n",
            http.RequestAborted
        );

    /// <summary>No more beats; what has begun to be written is written.</summary>
    public async Task CloseAsync()
    {
        await ended.CancelAsync();
        await beating;
    }

    /// <summary>A stream that said nothing has ended well all the same.</summary>
    public Task BeginAsync() => SendAsync("", http.RequestAborted);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        writing.Dispose();
        ended.Dispose();
    }

    private async Task BeatAsync()
    {
        try
        {
            for (var wait = FirstSilenceMax; ; wait = SilenceMax)
            {
                await Task.Delay(wait, ended.Token);
                await SendAsync(": still here\n\n", ended.Token);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // The call has ended, or its caller has left, which the call learns by itself.
            return;
        }
    }

    private async Task SendAsync(string text, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            if (!HasBegun)
            {
                HasBegun = true;
                http.Response.ContentType = events ? EventsType : LinesType;
                http.Response.Headers.CacheControl = "no-store";
                // A proxy that collects before it passes on would hold back what is live.
                http.Response.Headers["X-Accel-Buffering"] = "no";
            }

            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
            await http.Response.Body.FlushAsync(cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Events only where they are asked for and lines are not.</summary>
    private static bool Prefers(string accept) =>
        accept.Contains(EventsType, StringComparison.OrdinalIgnoreCase)
        && !accept.Contains(LinesType, StringComparison.OrdinalIgnoreCase);
}
