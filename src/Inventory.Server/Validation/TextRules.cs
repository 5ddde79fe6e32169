namespace Inventory.Server.Validation;

/// <summary>Rules for strings. Each answers null when all is well.</summary>
internal static class TextRules
{
    public const int KeyLengthMax = 64;

    private const int ResumeTokenLengthMax = 32_768;

    /// <summary>What protobuf's C# runtime puts in the place of bytes that are not UTF-8.</summary>
    private const char Replacement = '\uFFFD';

    /// <summary>SKU, warehouse code, id: required, 1 to 64 characters.</summary>
    public static Problem? Key(string value) => value.Length == 0 ? Problem.Required : Optional(value, KeyLengthMax);

    /// <summary>A key that does not read as an id of the server's own making: one field takes either.</summary>
    public static Problem? NewKey(string value, string idPrefix) =>
        value.StartsWith(idPrefix, StringComparison.Ordinal)
            ? Problem.Format($"without {idPrefix} in front, which ids begin with")
            : Key(value);

    /// <summary>1 to 64 printable ASCII characters, so that it stands in logs and headers as it is.</summary>
    public static Problem? RequestId(string value) => value.Length == 0 ? Problem.Required : OptionalRequestId(value);

    public static Problem? OptionalRequestId(string value)
    {
        if (value.Length > KeyLengthMax)
        {
            return Problem.TooLong(KeyLengthMax);
        }

        return value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? Problem.NotPrintable : null;
    }

    /// <summary>What the server gave; it names what was under way then, and may be long.</summary>
    public static Problem? ResumeToken(string value) => Optional(value, ResumeTokenLengthMax);

    /// <summary>None, or a W3C trace id.</summary>
    public static Problem? TraceId(string text) =>
        text.Length == 0 || Guid.TryParseExact(text, "N", out _)
            ? null
            : Problem.Format("a W3C trace id, 32 hexadecimal digits");

    public static Problem? Required(string value, int max) =>
        value.Length == 0 ? Problem.Required : Optional(value, max);

    /// <summary>
    /// At most <paramref name="max"/> characters, none of them a control character: PostgreSQL takes no NUL, and logs
    /// no newline.
    /// </summary>
    public static Problem? Optional(string value, int max)
    {
        if (value.Length > max)
        {
            return Problem.TooLong(max);
        }

        foreach (var c in value)
        {
            if (c == Replacement)
            {
                return Problem.NotUtf8;
            }

            if (char.IsControl(c))
            {
                return Problem.Control;
            }
        }

        return null;
    }
}
