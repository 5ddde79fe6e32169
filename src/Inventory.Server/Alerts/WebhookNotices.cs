using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Inventory.Engine.Alerts;
using Inventory.Server.Services;

namespace Inventory.Server.Alerts;

/// <summary>Posts notices, signed, to the operator's own URL.</summary>
internal sealed class WebhookNotices(AlertOptions options, TimeProvider time) : IDisposable
{
    public const string TimestampHeader = "X-Inventory-Timestamp";
    public const string SignatureHeader = "X-Inventory-Signature";

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    // Whoever could redirect could read what is sent.
    private readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = AnswerMax,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }
    )
    {
        Timeout = AnswerMax,
    };

    /// <summary>Sends it; returns when it was taken.</summary>
    /// <exception cref="HttpRequestException">It was not taken; any answer but 2xx is a refusal.</exception>
    /// <exception cref="OperationCanceledException">No answer came in ten seconds.</exception>
    public async Task SendAsync(AlertNotice notice, CancellationToken cancellation)
    {
        var alert = Json.Format(AlertMessages.ToWire(notice.Alert));
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"noticeId":"{{notice.NoticeId}}","event":"{{Name(notice.Event)}}","alert":{{alert}}}"""
        );
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Webhook);
        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, Sign(options.WebhookSecret, timestamp, body));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"the webhook answered {(int)answer.StatusCode}");
        }
    }

    /// <summary>HMAC-SHA256 over the timestamp, a dot and the body, in hexadecimal digits.</summary>
    public static string Sign(string secret, string timestamp, string body) =>
        "sha256="
        + Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}"))
        );

    public void Dispose() => client.Dispose();

    private static string Name(AlertEvent told) =>
        told switch
        {
            AlertEvent.Raised => "RAISED",
            AlertEvent.Resolved => "RESOLVED",
        };
}
