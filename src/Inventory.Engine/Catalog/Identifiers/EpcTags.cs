using System.Globalization;

namespace Inventory.Engine.Catalog.Identifiers;

/// <summary>
/// Electronic Product Codes of 96 bits (EPC Tag Data Standard 1.13, sections 6, 12 and 14): SGTIN-96 and GRAI-96, by
/// their bits in hexadecimal, and as URIs.
/// </summary>
internal static class EpcTags
{
    private const int HexLength = 24;
    private const int SerialBits = 38;
    private const int SerialDigitsMax = 12;
    private const int SgtinHeader = 0x30;
    private const int GraiHeader = 0x33;

    // By partition: how many bits and digits the company prefix has, and how many the rest (tables 14-2 and 14-16).
    private static readonly (int Bits, int Digits, int RestBits)[] Partitions =
    [
        (40, 12, 4),
        (37, 11, 7),
        (34, 10, 10),
        (30, 9, 14),
        (27, 8, 17),
        (24, 7, 20),
        (20, 6, 24),
    ];

    internal static bool LooksLikeOne(string text) =>
        text.StartsWith("urn:epc:", StringComparison.OrdinalIgnoreCase)
        || (text.Length == HexLength && text.All(char.IsAsciiHexDigit) && text.Any(char.IsAsciiLetter))
        || (text.Length == HexLength && text[..2] is "30" or "33" && text.All(char.IsAsciiHexDigit));

    internal static ScannedIdentifier? Parse(string text, out string problem) =>
        text.Contains(':', StringComparison.Ordinal) ? ParseUri(text, out problem) : ParseBits(text, out problem);

    private static ScannedIdentifier? ParseBits(string text, out string problem)
    {
        var bits = UInt128.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var header = (int)(bits >> 88);
        var partition = (int)(bits >> 82) & 7;
        if (header is not (SgtinHeader or GraiHeader))
        {
            problem = "its header is neither that of an SGTIN-96 nor that of a GRAI-96";
            return null;
        }

        if (partition >= Partitions.Length)
        {
            problem = "its partition is none";
            return null;
        }

        var (prefixBits, digits, restBits) = Partitions[partition];
        var serial = (long)(bits & ((UInt128.One << SerialBits) - 1));
        var rest = (long)((bits >> SerialBits) & ((UInt128.One << restBits) - 1));
        var prefix = (long)((bits >> (SerialBits + restBits)) & ((UInt128.One << prefixBits) - 1));
        var restDigits = (header == SgtinHeader ? 13 : 12) - digits;
        var (company, reference) = (Padded(prefix, digits), Padded(rest, restDigits));
        if (company.Length > digits || reference.Length > restDigits)
        {
            problem = "its company prefix or its reference has more digits than its partition allows";
            return null;
        }

        return Make(header == SgtinHeader, company, reference, $"{serial}", out problem);
    }

    private static ScannedIdentifier? ParseUri(string text, out string problem)
    {
        var parts = text.Split(':');
        var isTag = parts.Length == 5 && parts[2] == "tag";
        var scheme = parts.Length == 5 && parts[2] is "id" or "tag" ? parts[3] : "";
        var isSgtin = scheme is "sgtin" or "sgtin-96";
        if (!(isSgtin || scheme is "grai" or "grai-96") || isTag != scheme.EndsWith("-96", StringComparison.Ordinal))
        {
            problem = "it is no URI of an SGTIN or a GRAI";
            return null;
        }

        // Of a tag its filter value comes first, which says how it is packed.
        var fields = parts[4].Split('.');
        if (isTag)
        {
            fields = fields is [{ Length: 1 }, .. var behind] && fields[0][0] is >= '0' and <= '7' ? behind : [];
        }

        if (
            fields is not [var company, var reference, var serial]
            || company.Length is < 6 or > 12
            || company.Length + reference.Length != (isSgtin ? 13 : 12)
            || !company.All(char.IsAsciiDigit)
            || !reference.All(char.IsAsciiDigit)
        )
        {
            problem = "its company prefix and its reference have too few or too many digits";
            return null;
        }

        if (isTag && !IsOfTag(serial))
        {
            problem = $"its serial number is not what {SerialBits} bits hold, in digits with no zero in front";
            return null;
        }

        return Make(isSgtin, company, reference, Uri.UnescapeDataString(serial), out problem);
    }

    private static ScannedIdentifier? Make(
        bool isSgtin,
        string company,
        string reference,
        string serial,
        out string problem
    )
    {
        // As an element string says it, it must be sound: then it is also what a database can hold.
        var asset = company + reference;
        asset += CheckDigit.Of(asset);
        var flaw = isSgtin
            ? ApplicationIdentifier.Find("21")!.Flaw(serial)
            : ApplicationIdentifier.Find("8003")!.Flaw($"0{asset}{serial}");
        if (serial.Length == 0 || flaw is not null)
        {
            problem = $"its serial number is none: {flaw ?? "it has no character"}";
            return null;
        }

        problem = "";
        if (!isSgtin)
        {
            return new()
            {
                Form = IdentifierForm.Grai,
                AssetType = asset,
                Serial = serial,
                Elements = new Dictionary<string, string> { ["8003"] = $"0{asset}{serial}" },
            };
        }

        // The indicator goes in front, and the check digit, which tags do without, behind (7.1).
        var digits = reference[0] + company + reference[1..];
        var text = digits + CheckDigit.Of(digits);
        return new()
        {
            Form = IdentifierForm.Sgtin,
            Gtin = Gtin.TryParse(text, out var gtin) ? gtin : null,
            Serial = serial,
            Elements = new Dictionary<string, string> { ["01"] = text, ["21"] = serial },
        };
    }

    /// <summary>A tag of 96 bits has a number, which is written in one way.</summary>
    private static bool IsOfTag(string serial) =>
        serial.Length is > 0 and <= SerialDigitsMax
        && serial.All(char.IsAsciiDigit)
        && (serial.Length == 1 || serial[0] != '0')
        && long.Parse(serial, CultureInfo.InvariantCulture) < 1L << SerialBits;

    private static string Padded(long number, int digits) =>
        digits == 0 && number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
