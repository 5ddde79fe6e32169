using System.Buffers;
using System.Collections.Frozen;

namespace Inventory.Engine.Catalog.Identifiers;

/// <summary>
/// A GS1 application identifier, with what may stand behind it (General Specifications, section 3): so many digits
/// first, and then so many of other characters at most.
/// </summary>
/// <param name="Code">Two to four digits.</param>
/// <param name="Digits">Exactly so many come first.</param>
/// <param name="Rest">At most so many characters of the 82 follow; with 0 digits at least one.</param>
/// <param name="Check">How many of the first digits end with a check digit; 0: none do.</param>
/// <param name="NumericRest">The rest is digits too.</param>
internal sealed record ApplicationIdentifier(
    string Code,
    int Digits,
    int Rest = 0,
    int Check = 0,
    bool NumericRest = false
)
{
    // GS1's character set 82 (General Specifications, figure 7.11-1).
    private static readonly SearchValues<char> Characters = SearchValues.Create(
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    );

    // Element strings that begin so have a length that everybody knows, and need no separator behind them (General
    // Specifications, 7.8.5, figure 7.8.5-2).
    private static readonly FrozenSet<string> Predefined = new[]
    {
        "00",
        "01",
        "02",
        "03",
        "04",
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "20",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "41",
    }.ToFrozenSet();

    private static readonly FrozenDictionary<string, ApplicationIdentifier> All = Table()
        .Concat(Families())
        .ToFrozenDictionary(a => a.Code, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, ApplicationIdentifier>.AlternateLookup<ReadOnlySpan<char>> ByCode =
        All.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Needs no separator before what comes next.</summary>
    internal bool IsPredefined => Predefined.Contains(Code[..2]);

    /// <summary>The longest that may stand behind it.</summary>
    internal int LengthMax => Digits + Rest;

    internal static ApplicationIdentifier? Find(ReadOnlySpan<char> code) =>
        ByCode.TryGetValue(code, out var found) ? found : null;

    /// <summary>The one with which a text begins: no code begins with another.</summary>
    internal static ApplicationIdentifier? Begins(ReadOnlySpan<char> text)
    {
        for (var length = 2; length <= 4 && length <= text.Length; length++)
        {
            if (Find(text[..length]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <returns>What is wrong with a value; null: nothing.</returns>
    internal string? Flaw(ReadOnlySpan<char> value)
    {
        if (value.Length < Math.Max(1, Digits) || value.Length > LengthMax)
        {
            return $"({Code}) has {value.Length} characters, which it may not";
        }

        var digits = NumericRest ? value : value[..Digits];
        if (digits.ContainsAnyExceptInRange('0', '9'))
        {
            return $"({Code}) has a letter where it has digits only";
        }

        if (value.ContainsAnyExcept(Characters))
        {
            return $"({Code}) has a character that GS1 does not know";
        }

        return Check > 0 && !CheckDigit.IsRight(value[..Check]) ? $"({Code}) has a wrong check digit" : null;
    }

    private static IEnumerable<ApplicationIdentifier> Table()
    {
        yield return new("00", 18, Check: 18);
        yield return new("01", 14, Check: 14);
        yield return new("02", 14, Check: 14);
        yield return new("10", 0, 20);
        yield return new("20", 2);
        yield return new("21", 0, 20);
        yield return new("22", 0, 20);
        yield return new("235", 0, 28);
        yield return new("240", 0, 30);
        yield return new("241", 0, 30);
        yield return new("242", 0, 6, NumericRest: true);
        yield return new("243", 0, 20);
        yield return new("250", 0, 30);
        yield return new("251", 0, 30);
        yield return new("253", 13, 17, Check: 13);
        yield return new("254", 0, 20);
        yield return new("255", 13, 12, Check: 13, NumericRest: true);
        yield return new("30", 0, 8, NumericRest: true);
        yield return new("37", 0, 8, NumericRest: true);
        yield return new("400", 0, 30);
        yield return new("401", 0, 30);
        yield return new("402", 17, Check: 17);
        yield return new("403", 0, 30);
        yield return new("420", 0, 20);
        yield return new("421", 3, 9);
        yield return new("422", 3);
        yield return new("7003", 10);
        yield return new("8003", 14, 16);
        yield return new("8004", 0, 30);
        yield return new("8005", 6);
        yield return new("8006", 18, Check: 14);
        yield return new("8008", 8, 4, NumericRest: true);
        yield return new("8017", 18, Check: 18);
        yield return new("8018", 18, Check: 18);
        yield return new("8020", 0, 25);
        yield return new("8200", 0, 70);
        yield return new("90", 0, 30);
    }

    /// <summary>Those of which many are alike.</summary>
    private static IEnumerable<ApplicationIdentifier> Families()
    {
        foreach (var date in new[] { "11", "12", "13", "15", "16", "17" })
        {
            yield return new(date, 6);
        }

        // Measures: the fourth digit says where the decimal point is.
        foreach (var measure in Enumerable.Range(310, 7).Concat(Enumerable.Range(320, 50)))
        {
            for (var point = 0; point < 6; point++)
            {
                yield return new($"{measure}{point}", 6);
            }
        }

        for (var location = 410; location <= 417; location++)
        {
            yield return new($"{location}", 13, Check: 13);
        }

        for (var own = 91; own <= 99; own++)
        {
            yield return new($"{own}", 0, 90);
        }
    }
}
