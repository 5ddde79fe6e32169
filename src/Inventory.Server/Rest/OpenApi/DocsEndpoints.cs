using Inventory.Server.Security;

namespace Inventory.Server.Rest.OpenApi;

/// <summary>
/// GET /openapi/v1.json for programs, /docs for people: a page that shows the document and lets them try it. Its three
/// files are in the assembly; it takes nothing from elsewhere.
/// </summary>
internal static class DocsEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none';"
        + " form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet(
                ApiDescription.Path,
                async (ApiDescription api) => Results.Bytes(await api.JsonAsync(), "application/json; charset=utf-8")
            )
            .WithMetadata(Access.Open);
        MapFile(endpoints, "/docs", "docs.html", "text/html; charset=utf-8");
        MapFile(endpoints, "/docs/docs.js", "docs.js", "text/javascript; charset=utf-8");
        MapFile(endpoints, "/docs/docs.css", "docs.css", "text/css; charset=utf-8");
    }

    private static void MapFile(IEndpointRouteBuilder endpoints, string path, string name, string type)
    {
        using var stream = typeof(DocsEndpoints).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        endpoints
            .MapGet(
                path,
                (HttpResponse response) =>
                {
                    response.Headers.ContentSecurityPolicy = Policy;
                    response.Headers.XContentTypeOptions = "nosniff";
                    response.Headers["Referrer-Policy"] = "no-referrer";
                    return Results.Bytes(bytes, type);
                }
            )
            .WithMetadata(Access.Open);
    }
}
