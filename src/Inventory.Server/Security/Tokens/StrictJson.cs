using System.Text.Json;
using System.Text.Unicode;

namespace Inventory.Server.Security.Tokens;

/// <summary>
/// JSON of which two readers cannot think differently: valid UTF-8, no member twice, no comments, few levels.
/// </summary>
internal static class StrictJson
{
    private const int DepthMax = 8;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = DepthMax,
    };

    /// <returns>Null: it is no such object.</returns>
    public static JsonDocument? ReadObject(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(bytes, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            // Whoever made it must find out; what exactly is wrong with it helps only who tries.
            return null;
        }
    }

    /// <summary>A member that must be text if it is there.</summary>
    /// <returns>Whether it is absent or text.</returns>
    public static bool TryText(JsonElement owner, string name, out string? text)
    {
        text = null;
        return !owner.TryGetProperty(name, out var member) || TryText(member, out text);
    }

    public static bool TryText(JsonElement element, out string? text)
    {
        text = null;
        if (element.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = element.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: valid JSON, and no text.
            return false;
        }
    }

    /// <summary>A member that is a text or a list of texts; absent, it is an empty list.</summary>
    /// <returns>Null: it is something else.</returns>
    public static List<string>? Texts(JsonElement owner, string name)
    {
        var texts = new List<string>();
        if (!owner.TryGetProperty(name, out var member))
        {
            return texts;
        }

        var elements = member.ValueKind == JsonValueKind.Array ? member.EnumerateArray().ToArray() : [member];
        foreach (var element in elements)
        {
            if (!TryText(element, out var text))
            {
                return null;
            }

            texts.Add(text!);
        }

        return texts;
    }
}
