using Inventory.Server.Security;

namespace Inventory.Server.Rest.OpenApi;

/// <summary>
/// GET /openapi/v1.json for programs, /docs for people: a page that shows the document and lets them try it.
/// </summary>
internal static class DocsEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapRead(
                ApiDescription.Path,
                async (HttpContext http, ApiDescription api) =>
                    await Reads.WriteAsync(http, await api.JsonAsync(), "application/json; charset=utf-8")
            )
            .WithMetadata(Access.Open);
        PageFiles.Map(endpoints, "/docs", "docs.html", "text/html; charset=utf-8");
        PageFiles.Map(endpoints, "/docs/docs.js", "docs.js", "text/javascript; charset=utf-8");
        PageFiles.Map(endpoints, "/docs/docs.css", "docs.css", "text/css; charset=utf-8");
    }
}
