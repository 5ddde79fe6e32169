namespace Inventory.Server.Security.Certificates;

/// <summary>
/// The file of names that may call by certificate. A line each: the name as it stands in the certificate (<c>dns:</c>
/// or <c>uri:</c> before it), scopes and roles with commas between, and, if its changes are limited to some warehouses,
/// those. Blanks part the three; lines that begin with # say nothing.
/// </summary>
/// <example><code>
/// dns:orders.shop.internal   order_service
/// uri:spiffe://shop/pos/12   warehouse_manager   BER,HAM
/// </code></example>
internal static class AllowedNames
{
    private const string Dns = "dns:";
    private const string Uri = "uri:";
    private const int NameLengthMax = 200;

    /// <exception cref="FormatException">A line is none, names what there is not, or a name comes twice.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Load(string path)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
            {
                continue;
            }

            if (Flaw(parts) is { } flaw)
            {
                throw new FormatException($"line {number} {flaw}");
            }

            // DNS names are the same in capitals.
            var name = parts[0].StartsWith(Dns, StringComparison.Ordinal) ? parts[0].ToLowerInvariant() : parts[0];
            if (!names.TryAdd(name, string.Join(' ', parts[1..])))
            {
                throw new FormatException($"line {number} names {name} again");
            }
        }

        return names;
    }

    /// <summary>What a line allows.</summary>
    public static Grant ToGrant(string allowed)
    {
        var parts = allowed.Split(' ');
        var words = parts[0].Split(',');
        return Grant.Of(
            words.Where(w => ScopeNames.OfScope(w) != Scopes.None && ScopeNames.OfRole(w) == Scopes.None),
            [.. words.Where(w => ScopeNames.OfRole(w) != Scopes.None)],
            parts.Length > 1 ? parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries) : null
        );
    }

    private static string? Flaw(string[] parts)
    {
        if (parts.Length is < 2 or > 3)
        {
            return "has not a name, what it may do, and at most its warehouses";
        }

        var name = parts[0];
        if (
            !(name.StartsWith(Dns, StringComparison.Ordinal) || name.StartsWith(Uri, StringComparison.Ordinal))
            || name.Length is <= 4 or > NameLengthMax
            || !name.All(char.IsAscii)
            || name.Contains('*', StringComparison.Ordinal)
        )
        {
            return $"names '{name}': a name begins with dns: or uri:, has no *, and at most {NameLengthMax} characters";
        }

        var unknown = parts[1].Split(',').FirstOrDefault(w => (ScopeNames.OfScope(w) | ScopeNames.OfRole(w)) == 0);
        return unknown is null ? null : $"allows '{unknown}', and there is no such scope or role";
    }
}
