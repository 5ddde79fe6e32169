using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Inventory.Server.Validation;

namespace Inventory.Server.Rest.Json;

/// <summary>google.protobuf's own types, which have JSON forms of their own.</summary>
internal static class KnownTypes
{
    private const string Package = "google.protobuf";

    public static bool IsKnown(MessageDescriptor type) => type.File.Package == Package;

    /// <param name="type">A known type.</param>
    /// <param name="json">Not null.</param>
    /// <param name="value">As a field of this type takes it.</param>
    /// <returns>What is wrong.</returns>
    public static Problem? Read(MessageDescriptor type, JsonElement json, out object? value)
    {
        value = null;
        try
        {
            if (type == FieldMask.Descriptor)
            {
                value = json.ValueKind == JsonValueKind.String ? Mask(json.GetString()!) : null;
                return value is null ? Form(type) : null;
            }

            var message = JsonParser.Default.Parse(json.GetRawText(), type);
            value = IsWrapper(type) ? type.FindFieldByNumber(1).Accessor.GetValue(message) : message;
            return null;
        }
        catch (Exception wrong) when (wrong is IOException or InvalidOperationException or FormatException)
        {
            // Protobuf's parser throws several kinds for one reason: this is not the type's form.
            return Form(type);
        }
    }

    /// <summary>The same from a path or query, where a string has no quotes.</summary>
    public static Problem? ReadText(MessageDescriptor type, string text, out object? value)
    {
        var isText =
            type == FieldMask.Descriptor
            || type == Timestamp.Descriptor
            || type == Duration.Descriptor
            || (IsWrapper(type) && type != BoolValue.Descriptor);
        try
        {
            using var json = JsonDocument.Parse(isText ? JsonSerializer.Serialize(text) : text);
            return Read(type, json.RootElement, out value);
        }
        catch (JsonException)
        {
            value = null;
            return Form(type);
        }
    }

    private static bool IsWrapper(MessageDescriptor type) => type.File == WrappersReflection.Descriptor;

    /// <summary>Paths in either case: <c>name,safetyStock</c>.</summary>
    private static FieldMask Mask(string text)
    {
        var mask = new FieldMask();
        foreach (var path in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var snake = new StringBuilder(path.Length + 4);
            foreach (var c in path)
            {
                _ = char.IsAsciiLetterUpper(c) ? snake.Append('_').Append(char.ToLowerInvariant(c)) : snake.Append(c);
            }

            mask.Paths.Add(snake.ToString());
        }

        return mask;
    }

    private static Problem Form(MessageDescriptor type) =>
        Problem.Format(
            type == Timestamp.Descriptor ? "a time such as \"2026-01-31T12:00:00Z\""
            : type == Duration.Descriptor ? "a duration in seconds such as \"900s\""
            : type == FieldMask.Descriptor ? "fields with commas between, such as \"name,price\""
            : $"the JSON form of {type.FullName}"
        );
}
