namespace Inventory.Engine.Catalog.Identifiers;

/// <summary>
/// GS1 Digital Links (GS1 Digital Link: URI Syntax 1.2): the key and its qualifiers in the path of any web address,
/// more in its query.
/// </summary>
internal static class DigitalLinks
{
    // The keys that name what we keep, and what may qualify each, in this order (URI Syntax, 4.4).
    private static readonly string[] Keys = ["01", "8003", "00", "8006"];
    private static readonly string[] Qualifiers = ["22", "10", "21"];

    internal static bool LooksLikeOne(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <returns>The values by application identifier; null: it is none, and the problem says why.</returns>
    internal static Dictionary<string, string>? Parse(string text, out string problem)
    {
        var elements = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var link))
        {
            problem = "it is no web address";
            return null;
        }

        string[] path = [.. link.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        var key = Array.FindLastIndex(path, s => Keys.Contains(s, StringComparer.Ordinal));
        if (key < 0 || (path.Length - key) % 2 != 0)
        {
            problem = "its path has no GS1 key that is known here";
            return null;
        }

        for (var at = key; at < path.Length; at += 2)
        {
            if (at > key && !Qualifiers.Contains(path[at], StringComparer.Ordinal))
            {
                problem = "its path has something else behind the key";
                return null;
            }

            if (!TryAdd(elements, path[at], path[at + 1], out problem))
            {
                return null;
            }
        }

        foreach (var pair in link.Query.TrimStart('?').Split('&', ';'))
        {
            // What is no application identifier is for whoever follows the link.
            var parts = pair.Split('=', 2);
            if (
                parts.Length == 2
                && ApplicationIdentifier.Find(parts[0]) is not null
                && !TryAdd(elements, parts[0], parts[1], out problem)
            )
            {
                return null;
            }
        }

        problem = "";
        return elements;
    }

    private static bool TryAdd(Dictionary<string, string> elements, string code, string escaped, out string problem)
    {
        var value = Uri.UnescapeDataString(escaped);
        // Shorter GTINs stand there as they are on the goods.
        value = code == "01" && value.Length is 8 or 12 or 13 ? value.PadLeft(14, '0') : value;
        return ElementStrings.TryAdd(elements, ApplicationIdentifier.Find(code)!, value, out problem);
    }
}
