using Inventory.Server.Security;

namespace Inventory.Server.Rest;

/// <summary>
/// The files of our pages. They are in the assembly; they take nothing from elsewhere, hold no script between their
/// lines, and nobody shows them in a frame.
/// </summary>
internal static class PageFiles
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none';"
        + " form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder endpoints, string path, string name, string type)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        endpoints
            .MapRead(
                path,
                (HttpContext http) =>
                {
                    http.Response.Headers.ContentSecurityPolicy = Policy;
                    http.Response.Headers.XContentTypeOptions = "nosniff";
                    http.Response.Headers["Referrer-Policy"] = "no-referrer";
                    return Reads.WriteAsync(http, bytes, type);
                }
            )
            .WithMetadata(Access.Open);
    }
}
