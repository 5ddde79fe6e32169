using Inventory.Server.Hosting;
using Inventory.Server.Rest.Routing;
using Microsoft.OpenApi;

namespace Inventory.Server.Rest.OpenApi;

/// <summary>The OpenAPI 3.1 document of all routes, made from descriptors when it is first asked for.</summary>
internal sealed class ApiDescription(RestRouter router)
{
    public const string Path = "/openapi/v1.json";

    private const string Meaning = """
        A stock reservation engine: it holds, confirms and releases stock for orders. The same services are served as
        gRPC.

        JSON is lowerCamelCase in answers, and lowerCamelCase or snake_case in requests; int64 are strings in answers,
        and strings or numbers in requests. Fields that are not known are refused. `product_id` stands for an item
        wherever its SKU does, and `warehouse_id` for a warehouse. The headers `grpc-timeout` (as `5S`) and
        `X-Server-Timeout` (seconds) set a deadline; `x-correlation-id` is echoed and logged. Errors are
        `google.rpc.Status`, with the HTTP status of their code.
        """;

    private readonly Lazy<Task<byte[]>> json = new(() => MakeAsync(router));

    public Task<byte[]> JsonAsync() => json.Value;

    private static async Task<byte[]> MakeAsync(RestRouter router)
    {
        var document = Make(router.Routes);
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }

    private static OpenApiDocument Make(IReadOnlyList<RestRoute> routes)
    {
        var comments = new ProtoComments();
        var document = new OpenApiDocument
        {
            Info = new()
            {
                Title = "Inventory",
                Version = ServerVersion.Text,
                Description = Meaning,
            },
            Servers = [new() { Url = "/" }],
            Paths = [],
            Components = new(),
            Tags = new HashSet<OpenApiTag>(),
        };
        foreach (var service in routes.Select(r => r.Descriptor.Service).Distinct().OrderBy(s => s.FullName))
        {
            document.Tags.Add(new() { Name = service.Name, Description = comments.Of(service) });
        }

        var schemas = new OpenApiSchemas(document, comments);
        document.AddComponent(
            OpenApiOperations.ErrorResponse,
            new OpenApiResponse
            {
                Description =
                    "The call has failed or was refused: code, message, and details that begin with ErrorInfo.",
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType { Schema = schemas.Of(Google.Rpc.Status.Descriptor) },
                },
            }
        );
        document.AddComponent(
            OpenApiOperations.Bearer,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = OpenApiOperations.Bearer,
                Description =
                    "An access token of the configured issuer, or an API key. Each operation names its scope.",
            }
        );
        AddPaths(document, routes, new(document, schemas, comments));
        return document;
    }

    private static void AddPaths(
        OpenApiDocument document,
        IReadOnlyList<RestRoute> routes,
        OpenApiOperations operations
    )
    {
        // OpenAPI takes two paths that differ only in the names of variables for one: the first to come names them.
        var names = new Dictionary<string, IReadOnlyList<string>>();
        foreach (
            var rpc in routes.GroupBy(r => r.Descriptor).OrderBy(g => g.Key.Service.FullName).ThenBy(g => g.Key.Index)
        )
        {
            var number = 0;
            foreach (var route in rpc.OrderBy(r => r.IsAdditional))
            {
                var variables = route.Template.Variables.Select(v => v.FieldPath).ToArray();
                names.TryAdd(route.Template.Shape, variables);
                variables = [.. names[route.Template.Shape]];
                var path = route.Template.OpenApiPath(variables);
                if (!document.Paths.TryGetValue(path, out var item))
                {
                    document.Paths[path] = item = new OpenApiPathItem();
                }

                ((OpenApiPathItem)item).AddOperation(
                    new HttpMethod(route.HttpMethod),
                    operations.Of(route, variables, ++number)
                );
            }
        }
    }
}
