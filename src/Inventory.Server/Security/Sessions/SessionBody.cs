using System.Text.Json;
using Inventory.Server.Rest;
using Inventory.Server.Validation;

namespace Inventory.Server.Security.Sessions;

/// <summary>Reads a small JSON object of texts. Nothing of it is ever told again: it holds passwords.</summary>
internal static class SessionBody
{
    public const int BytesMax = 4 * 1024;

    /// <param name="http">The request.</param>
    /// <param name="fields">Each required, with the most characters that it may have.</param>
    /// <returns>Their values, in the same order.</returns>
    /// <exception cref="RestRefusal">It is no such object.</exception>
    public static async Task<string[]> ReadAsync(HttpContext http, params (string Name, int LengthMax)[] fields)
    {
        using var document =
            await RestBody.ReadAsync(http, BytesMax)
            ?? throw new RestRefusal(RestErrors.Malformed("The body must be a JSON object."));
        var body = document.RootElement;
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new RestRefusal(RestErrors.Malformed("The body must be a JSON object."));
        }

        var violations = new Violations();
        if (body.EnumerateObject().Any(p => !fields.Any(f => f.Name == p.Name)))
        {
            violations.Add("body", new("UNKNOWN_FIELD", "has a field that this request does not"));
        }

        var values = new string[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            violations.Add(fields[i].Name, Read(body, fields[i].Name, fields[i].LengthMax, out values[i]));
        }

        return violations.Error is { } wrong ? throw new RestRefusal(wrong) : values;
    }

    private static Problem? Read(JsonElement body, string name, int lengthMax, out string value)
    {
        value = "";
        if (!body.TryGetProperty(name, out var property))
        {
            return Problem.Required;
        }

        if (property.ValueKind != JsonValueKind.String)
        {
            return Problem.Format("a text");
        }

        try
        {
            value = property.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Problem.NotUtf8;
        }

        return value.Length == 0 ? Problem.Required
            : value.Length > lengthMax ? Problem.TooLong(lengthMax)
            : null;
    }
}
