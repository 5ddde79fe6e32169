using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Inventory.V1;
using Microsoft.OpenApi;
using WellKnown = Google.Protobuf.WellKnownTypes;

namespace Inventory.Server.Rest.OpenApi;

/// <summary>The schema of each message and enum that a route names, as JSON has them.</summary>
internal sealed class OpenApiSchemas(OpenApiDocument document, ProtoComments comments)
{
    private const string Date = "date-time";
    private readonly HashSet<string> made = [];

    /// <param name="field">Of a message, or a query.</param>
    /// <param name="described">With the field's own comment.</param>
    public IOpenApiSchema Of(FieldDescriptor field, bool described)
    {
        if (field.IsMap)
        {
            var values = field.MessageType.FindFieldByNumber(2);
            return Describe(
                new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Single(values) },
                field,
                described
            );
        }

        return field.IsRepeated
            ? Describe(new OpenApiSchema { Type = JsonSchemaType.Array, Items = Single(field) }, field, described)
            : Describe(Single(field), field, described);
    }

    /// <summary>A reference; the schema is made with the first one.</summary>
    public IOpenApiSchema Of(MessageDescriptor message)
    {
        if (made.Add(message.FullName))
        {
            // Before its fields are looked at: a message may hold itself.
            var schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = comments.Of(message),
                Properties = new Dictionary<string, IOpenApiSchema>(),
                AdditionalPropertiesAllowed = message.FullName == WellKnown.Any.Descriptor.FullName,
            };
            document.AddComponent(Name(message), schema);
            foreach (var field in message.Fields.InDeclarationOrder())
            {
                schema.Properties[field.JsonName] = Of(field, described: true);
            }
        }

        return new OpenApiSchemaReference(Name(message), document);
    }

    private IOpenApiSchema Single(FieldDescriptor field) =>
        field.FieldType switch
        {
            FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldType.String => new OpenApiSchema { Type = JsonSchemaType.String },
            FieldType.Bytes => Text("byte"),
            FieldType.Double => Number("double"),
            FieldType.Float => Number("float"),
            FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Text("int64"),
            FieldType.UInt64 or FieldType.Fixed64 => Text("uint64"),
            FieldType.UInt32 or FieldType.Fixed32 => Whole("uint32"),
            FieldType.Enum => Of(field.EnumType),
            FieldType.Message or FieldType.Group => Held(field.MessageType),
            _ => Whole("int32"),
        };

    private IOpenApiSchema Held(MessageDescriptor type) =>
        type.FullName switch
        {
            var name when name == WellKnown.Timestamp.Descriptor.FullName => Text(Date),
            var name when name == WellKnown.Duration.Descriptor.FullName => Text(
                "duration",
                @"^-?[0-9]+(\.[0-9]{1,9})?s$"
            ),
            var name when name == WellKnown.FieldMask.Descriptor.FullName => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
            },
            var name when name == WellKnown.Any.Descriptor.FullName => Any(),
            var name when name == Money.Descriptor.FullName => new OpenApiSchema
            {
                AnyOf =
                [
                    Of(type),
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.Number,
                        Description = "In requests only: an amount in the currency that the server is set to.",
                    },
                ],
            },
            _ => Of(type),
        };

    /// <summary>A detail of an error, by its type.</summary>
    private static OpenApiSchema Any() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["@type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };

    private OpenApiSchemaReference Of(EnumDescriptor type)
    {
        if (made.Add(type.FullName))
        {
            var values = type.Values.Select(v => $"- `{v.Name}`: {comments.Of(v)}");
            document.AddComponent(
                Name(type),
                new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = $"{comments.Of(type)}\n\n{string.Join('\n', values)}",
                    Enum = [.. type.Values.Select(v => (JsonNode)JsonValue.Create(v.Name))],
                }
            );
        }

        return new OpenApiSchemaReference(Name(type), document);
    }

    /// <summary>In OpenAPI 3.1 a description may stand beside a reference.</summary>
    private IOpenApiSchema Describe(IOpenApiSchema schema, FieldDescriptor field, bool described)
    {
        if (described && comments.Of(field) is { Length: > 0 } text)
        {
            schema.Description = text;
        }

        return schema;
    }

    private static OpenApiSchema Text(string format, string? pattern = null) =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = format,
            Pattern = pattern,
        };

    private static OpenApiSchema Number(string format) => new() { Type = JsonSchemaType.Number, Format = format };

    private static OpenApiSchema Whole(string format) => new() { Type = JsonSchemaType.Integer, Format = format };

    /// <summary>Our own by their short names; each package of others says its own.</summary>
    private static string Name(IDescriptor descriptor) =>
        descriptor.FullName.StartsWith("inventory.v1.", StringComparison.Ordinal)
            ? descriptor.FullName["inventory.v1.".Length..]
            : descriptor.FullName;
}
