using System.Diagnostics.CodeAnalysis;

namespace Inventory.Engine.Catalog;

/// <summary>
/// A GTIN in its one form: fourteen digits, shorter ones (GTIN-8, -12, -13) with zeros in front, the last the check
/// digit of the GS1 General Specifications, section 7.9.
/// </summary>
public readonly record struct Gtin
{
    private const int Digits = 14;

    private readonly string? text;

    private Gtin(string text) => this.text = text;

    /// <summary>Reads a GTIN of 8, 12, 13 or 14 digits.</summary>
    /// <returns>Whether it has such a length, digits only, and the right check digit.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Gtin gtin)
    {
        gtin = default;
        if (text is not { Length: 8 or 12 or 13 or 14 } || !text.All(char.IsAsciiDigit) || !IsChecked(text))
        {
            return false;
        }

        gtin = new Gtin(text.PadLeft(Digits, '0'));
        return true;
    }

    /// <summary>The fourteen digits.</summary>
    public override string ToString() => text ?? new string('0', Digits);

    // Digits count three and one in turn, from the right; the check digit itself counts one and makes the sum a
    // multiple of ten.
    private static bool IsChecked(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 1 : 3);
        }

        return sum % 10 == 0;
    }
}
