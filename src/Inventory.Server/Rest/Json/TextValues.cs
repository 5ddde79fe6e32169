using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Inventory.Server.Validation;

namespace Inventory.Server.Rest.Json;

/// <summary>Values as text, in a path, a query or a JSON string: proto's JSON forms.</summary>
internal static class TextValues
{
    /// <param name="field">A scalar or an enum.</param>
    /// <param name="text">Decoded.</param>
    /// <param name="value">As the field takes it; null when something is wrong.</param>
    /// <returns>What is wrong.</returns>
    public static Problem? Read(FieldDescriptor field, string text, out object? value)
    {
        Problem? problem;
        (value, problem) = field.FieldType switch
        {
            FieldType.String => (text, null),
            FieldType.Bool => text switch
            {
                "true" => (true, null),
                "false" => (false, null),
                _ => (null, Problem.Format("true or false")),
            },
            FieldType.Enum => Enumerated(field.EnumType, text),
            FieldType.Bytes => Bytes(text),
            FieldType.Double => Floating(text, double.MaxValue),
            FieldType.Float => Floating(text, float.MaxValue) is ({ } wide, null)
                ? ((float)(double)wide, null)
                : (null, Problem.Format("a number")),
            _ => Whole(field.FieldType, text),
        };
        return problem;
    }

    private static (object?, Problem?) Enumerated(EnumDescriptor type, string text)
    {
        if (type.FindValueByName(text) is { } known)
        {
            return (known.Number, null);
        }

        // A number that has no name is the service's to refuse, as it is over gRPC.
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (number, null)
            : (null, new Problem("UNKNOWN_VALUE", $"is none of {string.Join(", ", type.Values.Select(v => v.Name))}"));
    }

    private static (object?, Problem?) Bytes(string text)
    {
        // Either alphabet, padded or not.
        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var padded = standard.PadRight((standard.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var count)
            ? (ByteString.CopyFrom(bytes, 0, count), null)
            : (null, Problem.Format("base64"));
    }

    private static (object?, Problem?) Floating(string text, double max)
    {
        switch (text)
        {
            case "NaN":
                return (double.NaN, null);
            case "Infinity":
                return (double.PositiveInfinity, null);
            case "-Infinity":
                return (double.NegativeInfinity, null);
            default:
                const NumberStyles Style =
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
                return
                    double.TryParse(text, Style, CultureInfo.InvariantCulture, out var number)
                    && Math.Abs(number) <= max
                    ? (number, null)
                    : (null, Problem.Format("a number"));
        }
    }

    /// <summary>"1.0" and "1e3" are whole numbers too.</summary>
    private static (object?, Problem?) Whole(FieldType type, string text)
    {
        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var known = decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number);
        if (
            known
                ? number != decimal.Truncate(number)
                : !double.TryParse(text, Style, CultureInfo.InvariantCulture, out _)
        )
        {
            return (null, Problem.Format("a whole number"));
        }

        return (known, type) switch
        {
            (true, FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64)
                when number is >= long.MinValue and <= long.MaxValue => ((long)number, null),
            (true, FieldType.UInt64 or FieldType.Fixed64) when number is >= 0 and <= ulong.MaxValue => (
                (ulong)number,
                null
            ),
            (true, FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32)
                when number is >= int.MinValue and <= int.MaxValue => ((int)number, null),
            (true, FieldType.UInt32 or FieldType.Fixed32) when number is >= 0 and <= uint.MaxValue => (
                (uint)number,
                null
            ),
            _ => (null, Problem.OutOfRange($"in the range of {type.ToString().ToLowerInvariant()}")),
        };
    }
}
