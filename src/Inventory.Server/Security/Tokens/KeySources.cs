using System.Net;

namespace Inventory.Server.Security.Tokens;

/// <summary>Where the issuer's keys are read: from its address, or from a file.</summary>
internal static class KeySources
{
    private const int BytesMax = 256 * 1024;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    public static Func<CancellationToken, Task<byte[]>> Of(TokenOptions options) =>
        options.KeysUrl is { } url ? FromUrl(url) : cancellation => ReadFileAsync(options.KeysFile!, cancellation);

    private static Func<CancellationToken, Task<byte[]>> FromUrl(Uri url)
    {
        // Whoever could redirect could choose the keys.
        var client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = AnswerMax,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                AutomaticDecompression = DecompressionMethods.None,
            }
        )
        {
            Timeout = AnswerMax,
            MaxResponseContentBufferSize = BytesMax,
        };
        return async cancellation =>
        {
            using var answer = await client.GetAsync(url, cancellation);
            return answer.StatusCode == HttpStatusCode.OK
                ? await answer.Content.ReadAsByteArrayAsync(cancellation)
                : throw new HttpRequestException($"the answer is {(int)answer.StatusCode}");
        };
    }

    private static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        if (file.Length > BytesMax)
        {
            throw new FormatException($"it has more than {BytesMax} bytes");
        }

        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }
}
