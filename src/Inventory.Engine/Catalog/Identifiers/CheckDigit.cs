namespace Inventory.Engine.Catalog.Identifiers;

/// <summary>The check digit of GS1 keys (General Specifications, 7.9.1), for any number of digits before it.</summary>
internal static class CheckDigit
{
    /// <summary>The digit that goes behind these.</summary>
    internal static char Of(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 3 : 1);
        }

        return (char)('0' + (10 - sum % 10) % 10);
    }

    /// <summary>Whether digits end with the digit that they should.</summary>
    internal static bool IsRight(ReadOnlySpan<char> digits) =>
        digits.Length > 1 && !digits.ContainsAnyExceptInRange('0', '9') && Of(digits[..^1]) == digits[^1];
}
