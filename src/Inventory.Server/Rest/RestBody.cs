using System.IO.Compression;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Inventory.Server.Rest;

/// <summary>Reads a request's body as JSON, within bounds: its size, packed and unpacked, and its depth.</summary>
internal static class RestBody
{
    private const string Gzip = "gzip";

    /// <summary>No request is nearly as deep; a parser that follows without end would end the process.</summary>
    private const int DepthMax = 32;

    /// <returns>Null when there is no body, or an empty one.</returns>
    /// <exception cref="RestRefusal">It is too large, or no JSON.</exception>
    public static async Task<JsonDocument?> ReadAsync(HttpContext http, int bytesMax)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
        {
            return null;
        }

        var bytes = await ReadBytesAsync(http, bytesMax);
        if (bytes.Length == 0)
        {
            return null;
        }

        RequireJson(http.Request);
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new RestRefusal(RestErrors.Malformed("The body is not valid UTF-8."));
        }

        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException wrong)
        {
            throw new RestRefusal(
                RestErrors.Malformed(
                    $"The body is no JSON of at most {DepthMax} levels: line {wrong.LineNumber + 1}, byte"
                        + $" {wrong.BytePositionInLine + 1}."
                )
            );
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpContext http, int bytesMax)
    {
        var packed = IsPacked(http);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // The host's own limit is for those that have no other; one byte more is enough to tell.
            limit.MaxRequestBodySize = bytesMax + 1L;
        }

        try
        {
            await using var unpacked = packed ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : null;
            var stream = unpacked ?? http.Request.Body;
            var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, http.RequestAborted) is var count and > 0)
            {
                if (body.Length + count > bytesMax)
                {
                    throw TooLarge(bytesMax);
                }

                body.Write(buffer, 0, count);
            }

            // Cut off before its first byte, gzip unpacks to nothing and does not complain.
            return packed && body.Length == 0
                ? throw new InvalidDataException()
                : body.GetBuffer().AsMemory(0, (int)body.Length);
        }
        catch (BadHttpRequestException refused)
        {
            throw refused.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(bytesMax)
                : new RestRefusal(RestErrors.Malformed("The body broke off."), refused.StatusCode);
        }
        catch (InvalidDataException)
        {
            throw new RestRefusal(RestErrors.Malformed("The body is not gzip."));
        }
    }

    private static bool IsPacked(HttpContext http)
    {
        var encoding = http.Request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (encoding.Equals(Gzip, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        http.Response.Headers.AcceptEncoding = Gzip;
        throw new RestRefusal(
            RestErrors.MediaType("The body may be packed by gzip only."),
            StatusCodes.Status415UnsupportedMediaType
        );
    }

    private static void RequireJson(HttpRequest request)
    {
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || type.MediaType != "application/json"
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        )
        {
            throw new RestRefusal(
                RestErrors.MediaType("The body must be application/json in UTF-8."),
                StatusCodes.Status415UnsupportedMediaType
            );
        }
    }

    private static RestRefusal TooLarge(int bytesMax) =>
        new(RestErrors.BodyTooLarge(bytesMax), StatusCodes.Status413PayloadTooLarge);
}
