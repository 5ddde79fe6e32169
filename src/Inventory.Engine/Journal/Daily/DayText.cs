using System.Globalization;

namespace Inventory.Engine.Journal.Daily;

/// <summary>Days as the database and callers write them: 2026-01-31.</summary>
public static class DayText
{
    private const string Format = "yyyy-MM-dd";

    /// <summary>A day as text.</summary>
    public static string Of(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads a day.</summary>
    public static bool TryParse(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
