using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Inventory.Server.Hosting;

namespace Inventory.Server.Events.Webhooks;

/// <summary>
/// Sends signed deliveries. Whatever is at the other end gets a bounded time, no redirect is followed, no cookie is
/// kept, no proxy asked, and of the answer no more than its status is read.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private const int AtOnceMax = 32;
    private const int ErrorLengthMax = 500;
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim places = new(AtOnceMax);
    private readonly HttpClient client;
    private readonly TimeProvider time;

    public WebhookClient(WebhookOptions options, TimeProvider time)
        : this(options, time, Dns.GetHostAddressesAsync) { }

    /// <param name="options">Whether private addresses may be called, and how long an answer may take.</param>
    /// <param name="time">The time that is signed.</param>
    /// <param name="resolve">The addresses of a name.</param>
    internal WebhookClient(
        WebhookOptions options,
        TimeProvider time,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve
    )
    {
        this.time = time;
        var connect = new GuardedConnect(resolve, options.AllowPrivate);
        client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                ActivityHeadersPropagator = null,
                ConnectTimeout = ConnectMax,
                ConnectCallback = connect.ConnectAsync,
                MaxConnectionsPerServer = AtOnceMax,
                MaxResponseHeadersLength = 16,
                MaxResponseDrainSize = 64 * 1024,
                ResponseDrainTimeout = TimeSpan.FromSeconds(1),
                // The address of a name is judged when a connection is made, so a connection does not last for ever.
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            }
        )
        {
            Timeout = options.AnswerMax,
        };
    }

    /// <summary>One attempt.</summary>
    /// <returns>What came of it; only a cancellation by the caller is thrown.</returns>
    public async Task<WebhookAnswer> PostAsync(WebhookRequest request, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            using var message = Sign(request);
            using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var status = (int)answer.StatusCode;
            return answer.IsSuccessStatusCode
                ? new(true, status, null)
                : new(false, status, $"the answer was {status}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, null, "there was no answer in time");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or UriFormatException)
        {
            var message = (failed.InnerException as AddressRefusedException ?? failed).Message;
            return new(false, null, message.Length > ErrorLengthMax ? message[..ErrorLengthMax] : message);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        places.Dispose();
    }

    private HttpRequestMessage Sign(WebhookRequest request)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        var id = request.Id;
        var content = new ByteArrayContent(request.Body)
        {
            Headers = { ContentType = MediaTypeHeaderValue.Parse(request.ContentType) },
        };
        if (request.FileName is { } name)
        {
            content.Headers.ContentDisposition = new("attachment") { FileName = $"\"{name}\"" };
        }

        return new(HttpMethod.Post, request.Url)
        {
            Content = content,
            Headers =
            {
                { "user-agent", $"inventory/{ServerVersion.Text}" },
                { WebhookSignature.IdHeader, id },
                { WebhookSignature.TimestampHeader, seconds.ToString(CultureInfo.InvariantCulture) },
                { WebhookSignature.SignatureHeader, WebhookSignature.Of(request.Secret, id, seconds, request.Body) },
            },
        };
    }
}

/// <param name="Id">What it is, the same at every attempt.</param>
/// <param name="Url">Where it goes.</param>
/// <param name="Secret">By which it is signed.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Body">A batch of events, or a file.</param>
/// <param name="FileName">Of a file; ASCII letters, digits, dots and hyphens.</param>
internal sealed record WebhookRequest(
    string Id,
    string Url,
    string Secret,
    string ContentType,
    byte[] Body,
    string? FileName = null
);

/// <param name="Taken">The answer was 2xx.</param>
/// <param name="Status">Null: there was no answer.</param>
/// <param name="Error">What was wrong, for people.</param>
internal sealed record WebhookAnswer(bool Taken, int? Status, string? Error);
