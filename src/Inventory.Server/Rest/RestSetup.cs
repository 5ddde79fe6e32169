using System.IO.Compression;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Rest.OpenApi;
using Inventory.Server.Rest.Routing;
using Inventory.Server.Security;
using Inventory.Server.Security.Transport;
using Inventory.Server.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;

namespace Inventory.Server.Rest;

/// <summary>
/// REST on the HTTP port. A request becomes a route's endpoint here, so that what stands behind (authorization, the end
/// of the pipeline) sees it like any other.
/// </summary>
internal static class RestSetup
{
    private const string Root = "v1";

    public static void Add(IServiceCollection services, ServerOptions options)
    {
        services.AddCors(cors =>
            cors.AddDefaultPolicy(pages =>
                pages
                    .WithOrigins([.. options.CorsOrigins])
                    .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
                    .AllowAnyHeader()
                    .WithExposedHeaders("ETag", "Retry-After", "Allow", Correlation.Header)
                    .SetPreflightMaxAge(TimeSpan.FromHours(1))
            )
        );
        services.AddSingleton<RestRouter>();
        services.AddSingleton<RestCall>();
        services.AddSingleton<RestBinder>();
        services.AddSingleton<ApiDescription>();
        services.AddResponseCompression(compression =>
        {
            compression.Providers.Add<GzipCompressionProvider>();
            // Answers hold nothing secret beside what their caller chose.
            compression.EnableForHttps = true;
            compression.MimeTypes =
            [
                "application/json",
                RestStream.LinesType,
                RestStream.EventsType,
                "text/html",
                "text/css",
                "text/javascript",
            ];
        });
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    /// <summary>
    /// gRPC does not come this way, and pays nothing: in clear text it is known by its HTTP/2; by TLS, where pages
    /// speak that too, by its type.
    /// </summary>
    public static void Use(WebApplication app)
    {
        var router = app.Services.GetRequiredService<RestRouter>();
        var isOpenToPages = app.Services.GetRequiredService<ServerOptions>().CorsOrigins.Count > 0;
        app.UseWhen(
            app.Services.GetRequiredService<ServerOptions>().Tls is null
                ? http => !HttpProtocol.IsHttp2(http.Request.Protocol)
                : http => !AccessRefusals.IsGrpc(http.Request),
            http =>
            {
                http.Use(next => context => SecureHeaders.AddAsync(context, next));
                http.UseResponseCompression();
                if (isOpenToPages)
                {
                    http.UseCors();
                }

                http.Use(next => context => RouteAsync(router, context, next));
            }
        );
    }

    private static Task RouteAsync(RestRouter router, HttpContext http, RequestDelegate next)
    {
        // What others have mapped below the same root goes first.
        if (
            http.GetEndpoint() is not null
            || !http.Request.Path.StartsWithSegments("/" + Root, StringComparison.Ordinal)
        )
        {
            return next(http);
        }

        if (!RequestPath.TryParse(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var path))
        {
            return RefuseAsync(http, RestErrors.Malformed("The path is not well encoded."));
        }

        var match = router.Find(http.Request.Method, path);
        if (match.Route is { } route)
        {
            http.Features.Set(match);
            http.SetEndpoint(route.Endpoint);
            return next(http);
        }

        if (match.Allowed.Count == 0)
        {
            return RefuseAsync(http, RestErrors.RouteUnknown(http.Request.Method, http.Request.Path));
        }

        http.Response.Headers.Allow = string.Join(", ", match.Allowed);
        return RefuseAsync(
            http,
            RestErrors.MethodNotAllowed(http.Request.Method, match.Allowed),
            StatusCodes.Status405MethodNotAllowed
        );
    }

    private static Task RefuseAsync(HttpContext http, ApiError error, int? httpStatus = null) =>
        RestCall.WriteErrorAsync(http, error.Details, httpStatus ?? HttpStatus.Of(error.Code));
}
