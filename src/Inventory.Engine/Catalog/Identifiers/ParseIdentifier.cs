using System.Globalization;

namespace Inventory.Engine.Catalog.Identifiers;

/// <summary>Reads what scanners and tag readers send, whatever its form.</summary>
public static class ParseIdentifier
{
    /// <summary>The longest text that is read.</summary>
    public const int LengthMax = 2_048;

    /// <param name="text">As it was read.</param>
    /// <param name="today">By which the century of a date of two digits is told.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <returns>What it says; null: it says nothing that is known here.</returns>
    public static ScannedIdentifier? Execute(string text, DateOnly today, out string problem)
    {
        problem = text.Length is 0 or > LengthMax ? $"it has no character, or more than {LengthMax}" : "";
        if (problem.Length > 0)
        {
            return null;
        }

        if (EpcTags.LooksLikeOne(text))
        {
            return EpcTags.Parse(text, out problem);
        }

        if (DigitalLinks.LooksLikeOne(text))
        {
            return DigitalLinks.Parse(text, out problem) is { } linked
                ? Read(IdentifierForm.DigitalLink, linked, today, out problem)
                : null;
        }

        if (Gtin.TryParse(text, out var gtin))
        {
            return new()
            {
                Form = IdentifierForm.Gtin,
                Gtin = gtin,
                Elements = new Dictionary<string, string> { ["01"] = gtin.ToString() },
            };
        }

        if (!ElementStrings.LooksLikeOne(text) && text.Length <= 14 && text.All(char.IsAsciiDigit))
        {
            problem = "it is no GTIN: it has another length, or a wrong check digit";
            return null;
        }

        return ElementStrings.Parse(text, out problem) is { } elements
            ? Read(IdentifierForm.ElementString, elements, today, out problem)
            : null;
    }

    private static ScannedIdentifier? Read(
        IdentifierForm form,
        Dictionary<string, string> elements,
        DateOnly today,
        out string problem
    )
    {
        problem = "";
        DateOnly? expires = null;
        if (elements.TryGetValue("17", out var date) && (expires = Date(date, today)) is null)
        {
            problem = "(17) is no date";
            return null;
        }

        // A GRAI: a zero, thirteen digits with a check digit, and perhaps a serial number.
        string? asset = null;
        string? assetSerial = null;
        if (elements.TryGetValue("8003", out var grai))
        {
            (asset, assetSerial) = (grai[1..14], grai.Length > 14 ? grai[14..] : null);
            if (grai[0] != '0' || !CheckDigit.IsRight(asset))
            {
                problem = "(8003) has a wrong check digit, or does not begin with 0";
                return null;
            }
        }

        var gtin =
            elements.TryGetValue("01", out var trade) && Gtin.TryParse(trade, out var parsed) ? parsed : (Gtin?)null;
        return new()
        {
            Form = form,
            Gtin = gtin,
            AssetType = asset,
            Serial = elements.GetValueOrDefault("21") ?? assetSerial,
            Batch = elements.GetValueOrDefault("10"),
            ExpiresOn = expires,
            Elements = elements,
        };
    }

    /// <summary>
    /// Year, month and day by two digits each; of a day 00 the month's last. The century is the one that brings the
    /// year nearest to now (General Specifications, 7.12).
    /// </summary>
    private static DateOnly? Date(string text, DateOnly today)
    {
        var (year, month, day) = (Number(text[..2]), Number(text[2..4]), Number(text[4..]));
        var ahead = year - today.Year % 100;
        year +=
            today.Year / 100 * 100
            + (
                ahead >= 51 ? -100
                : ahead <= -50 ? 100
                : 0
            );
        if (month is < 1 or > 12 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }

        return new DateOnly(year, month, day == 0 ? DateTime.DaysInMonth(year, month) : day);

        static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
