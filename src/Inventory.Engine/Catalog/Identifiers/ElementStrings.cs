namespace Inventory.Engine.Catalog.Identifiers;

/// <summary>
/// GS1 element strings: as scanners send them, with FNC1 as the character 29 and perhaps a symbology identifier in
/// front, and as people write them, with brackets around the application identifiers.
/// </summary>
internal static class ElementStrings
{
    private const char Separator = '\x1d';
    private const int ElementsMax = 32;

    // Of the symbologies that carry element strings: GS1-128, DataBar and composites, Data Matrix, QR Code, DotCode.
    private static readonly string[] Symbologies = ["]C1", "]e0", "]d2", "]Q3", "]J1"];

    internal static bool LooksLikeOne(string text) =>
        text.StartsWith('(')
        || text.Contains(Separator, StringComparison.Ordinal)
        || Symbologies.Any(s => text.StartsWith(s, StringComparison.Ordinal));

    /// <returns>The values by application identifier; null: it is none, and the problem says why.</returns>
    internal static Dictionary<string, string>? Parse(string text, out string problem)
    {
        var elements = new Dictionary<string, string>(StringComparer.Ordinal);
        if (text.StartsWith('('))
        {
            return ParseBracketed(text, elements, out problem) ? elements : null;
        }

        var symbology = Symbologies.FirstOrDefault(s => text.StartsWith(s, StringComparison.Ordinal));
        return ParseScanned(text.AsSpan(symbology?.Length ?? 0), elements, out problem) ? elements : null;
    }

    /// <summary>Adds an element. One that is there twice must say the same (General Specifications, 4.14).</summary>
    internal static bool TryAdd(
        Dictionary<string, string> elements,
        ApplicationIdentifier identifier,
        string value,
        out string problem
    )
    {
        problem = identifier.Flaw(value) ?? "";
        if (problem.Length == 0 && !elements.TryAdd(identifier.Code, value) && elements[identifier.Code] != value)
        {
            problem = $"({identifier.Code}) is there twice, and says two things";
        }

        if (elements.Count > ElementsMax)
        {
            problem = "it has too many elements";
        }

        return problem.Length == 0;
    }

    private static bool ParseScanned(ReadOnlySpan<char> rest, Dictionary<string, string> elements, out string problem)
    {
        rest = rest.TrimStart(Separator);
        problem = rest.IsEmpty ? "it is empty" : "";
        while (problem.Length == 0 && !rest.IsEmpty)
        {
            if (ApplicationIdentifier.Begins(rest) is not { } identifier)
            {
                problem = "an application identifier is not known";
                return false;
            }

            rest = rest[identifier.Code.Length..];
            var separator = rest.IndexOf(Separator);
            var end =
                identifier.IsPredefined ? Math.Min(identifier.Digits, rest.Length)
                : separator < 0 ? rest.Length
                : separator;
            TryAdd(elements, identifier, rest[..end].ToString(), out problem);
            rest = rest[end..];
            // One that needs no separator may have one all the same.
            rest = rest.StartsWith([Separator]) ? rest[1..] : rest;
        }

        return problem.Length == 0;
    }

    // A bracket may stand in a value: it begins an element only with a known identifier in it.
    private static bool ParseBracketed(string text, Dictionary<string, string> elements, out string problem)
    {
        problem = "";
        for (var at = 0; at < text.Length && problem.Length == 0; )
        {
            if (BracketAt(text, at) is not { } identifier)
            {
                problem = "an application identifier is not known";
                return false;
            }

            var from = at + identifier.Code.Length + 2;
            var end = from;
            while (end < text.Length && BracketAt(text, end) is null)
            {
                end++;
            }

            TryAdd(elements, identifier, text[from..end], out problem);
            at = end;
        }

        return problem.Length == 0;
    }

    private static ApplicationIdentifier? BracketAt(string text, int at)
    {
        if (text[at] != '(')
        {
            return null;
        }

        var close = text.IndexOf(')', at);
        return close > at + 2 && close <= at + 5
            ? ApplicationIdentifier.Find(text.AsSpan(at + 1, close - at - 1))
            : null;
    }
}
