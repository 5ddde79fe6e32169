using Google.Protobuf.Reflection;
using Inventory.Server.Rest.Json;
using Inventory.Server.Rest.Routing;
using Inventory.Server.Security;
using Microsoft.OpenApi;

namespace Inventory.Server.Rest.OpenApi;

/// <summary>What a route is in OpenAPI: its parameters, its body, its answers.</summary>
internal sealed class OpenApiOperations(OpenApiDocument document, OpenApiSchemas schemas, ProtoComments comments)
{
    public const string ErrorResponse = "Error";
    public const string Bearer = "bearer";
    private const string Json = "application/json";

    /// <summary>Messages within messages of a query; deeper ones don't occur.</summary>
    private const int QueryDepthMax = 3;

    /// <param name="route">The route.</param>
    /// <param name="variables">How those of its path are called.</param>
    /// <param name="number">1 for the first route of its RPC.</param>
    public OpenApiOperation Of(RestRoute route, IReadOnlyList<string> variables, int number)
    {
        var method = route.Descriptor;
        var id = $"{method.Service.Name}_{method.Name}";
        return new()
        {
            OperationId = number == 1 ? id : $"{id}_{number}",
            Tags = new HashSet<OpenApiTagReference> { new(method.Service.Name, document) },
            Summary = comments.FirstSentence(method),
            Description = comments.Of(method),
            Parameters = [.. Parameters(route, variables)],
            RequestBody = Body(route),
            Security = Security(method),
            Responses = new()
            {
                ["200"] = Response(method),
                ["default"] = new OpenApiResponseReference(ErrorResponse, document),
            },
        };
    }

    private List<OpenApiSecurityRequirement> Security(MethodDescriptor method) =>
        Access.Of(method)?.Rule is { } rule
            ? [new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [rule.Scope] }]
            : [];

    private IEnumerable<IOpenApiParameter> Parameters(RestRoute route, IReadOnlyList<string> variables)
    {
        var request = route.Descriptor.InputType;
        for (var i = 0; i < variables.Count; i++)
        {
            var field = Field(request, route.Template.Variables[i].FieldPath);
            yield return new OpenApiParameter
            {
                Name = variables[i],
                In = ParameterLocation.Path,
                Required = true,
                Description = comments.Of(field),
                Schema = schemas.Of(field, described: false),
            };
        }

        if (route.Body != RestRoute.WholeBody)
        {
            foreach (var parameter in QueryParameters(request, "", route, depth: 0))
            {
                yield return parameter;
            }
        }

        if (request.FindFieldByName("request_id") is not null)
        {
            yield return Header(RestHeaders.IdempotencyKey, "The request_id, where the request does not say it.");
        }

        if (request.FindFieldByName("expected_version") is not null)
        {
            yield return Header("If-Match", "The expected_version, as an ETag has it. A stale one is answered 412.");
        }
    }

    private IEnumerable<IOpenApiParameter> QueryParameters(
        MessageDescriptor message,
        string prefix,
        RestRoute route,
        int depth
    )
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            var path = prefix + field.Name;
            if (path == route.Body || field.IsMap || route.Template.Variables.Any(v => v.FieldPath == path))
            {
                continue;
            }

            if (field.FieldType != FieldType.Message || KnownTypes.IsKnown(field.MessageType))
            {
                yield return new OpenApiParameter
                {
                    Name = prefix + field.JsonName,
                    In = ParameterLocation.Query,
                    Description = comments.Of(field),
                    Schema = schemas.Of(field, described: false),
                };
            }
            else if (!field.IsRepeated && depth < QueryDepthMax)
            {
                foreach (var nested in QueryParameters(field.MessageType, $"{path}.", route, depth + 1))
                {
                    yield return nested;
                }
            }
        }
    }

    private OpenApiRequestBody? Body(RestRoute route) =>
        route.Body.Length == 0
            ? null
            : new()
            {
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [Json] = new OpenApiMediaType
                    {
                        Schema =
                            route.Body == RestRoute.WholeBody
                                ? schemas.Of(route.Descriptor.InputType)
                                : schemas.Of(Field(route.Descriptor.InputType, route.Body), described: true),
                    },
                },
            };

    private OpenApiResponse Response(MethodDescriptor method)
    {
        var answer = schemas.Of(method.OutputType);
        if (!method.IsServerStreaming)
        {
            return new()
            {
                Description = comments.Of(method.OutputType),
                Headers = HasVersion(method.OutputType)
                    ? new Dictionary<string, IOpenApiHeader> { ["ETag"] = ETag() }
                    : null,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [Json] = new OpenApiMediaType { Schema = answer },
                },
            };
        }

        var line = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["result"] = Line(schemas.Of(method.OutputType), "What the stream says."),
                ["error"] = Line(schemas.Of(Google.Rpc.Status.Descriptor), "The last line, where it ends badly."),
            },
        };
        return new()
        {
            Description = $"A stream. {comments.Of(method.OutputType)}",
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [RestStream.LinesType] = new OpenApiMediaType { Schema = line },
                [RestStream.EventsType] = new OpenApiMediaType { Schema = answer },
            },
        };
    }

    private static IOpenApiSchema Line(IOpenApiSchema schema, string meaning)
    {
        schema.Description = meaning;
        return schema;
    }

    private static bool HasVersion(MessageDescriptor response) =>
        response
            .Fields.InDeclarationOrder()
            .Any(f =>
                f is { IsRepeated: false, FieldType: FieldType.Message }
                && f.MessageType.FindFieldByName("version") is { FieldType: FieldType.Int64 }
            );

    private static OpenApiHeader ETag() =>
        new()
        {
            Description = "The version, for If-Match.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };

    private static OpenApiParameter Header(string name, string meaning) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = meaning,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };

    private static FieldDescriptor Field(MessageDescriptor message, string path)
    {
        var names = path.Split('.');
        return names[..^1]
            .Aggregate(message, (m, name) => m.FindFieldByName(name).MessageType)
            .FindFieldByName(names[^1]);
    }
}
