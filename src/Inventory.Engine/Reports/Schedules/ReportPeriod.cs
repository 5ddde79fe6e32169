namespace Inventory.Engine.Reports.Schedules;

/// <summary>Which time a scheduled report is of.</summary>
/// <param name="Span">What it is.</param>
/// <param name="Days">Of <see cref="ReportSpan.LastDays"/>, 1 to <see cref="DaysMax"/>; of the others none.</param>
public sealed record ReportPeriod(ReportSpan Span, int? Days)
{
    /// <summary>The longest.</summary>
    public const int DaysMax = 366;

    /// <summary>The time that a report is of which is due at some time.</summary>
    /// <param name="due">UTC.</param>
    /// <param name="zone">Where days begin at midnight.</param>
    /// <returns>From the first on, and before the second, UTC.</returns>
    public (DateTime From, DateTime Before) At(DateTime due, TimeZoneInfo zone)
    {
        if (Span == ReportSpan.LastDays)
        {
            return (due.AddDays(-Days!.Value), due);
        }

        var today = TimeZoneInfo.ConvertTimeFromUtc(due, zone).Date;
        var (from, before) = Span switch
        {
            ReportSpan.PreviousDay => (today.AddDays(-1), today),
            ReportSpan.PreviousWeek => (Monday(today).AddDays(-7), Monday(today)),
            ReportSpan.PreviousMonth => (First(today).AddMonths(-1), First(today)),
            ReportSpan.LastDays => throw new InvalidOperationException("The last days do not begin at midnight."),
        };
        return (ToUtc(from, zone), ToUtc(before, zone));
    }

    private static DateTime Monday(DateTime day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static DateTime First(DateTime day) => day.AddDays(1 - day.Day);

    /// <summary>
    /// Where the clocks are put forward at midnight there is none: the day begins with its first minute. Where they are
    /// put back over midnight there are two: it begins with the first.
    /// </summary>
    private static DateTime ToUtc(DateTime midnight, TimeZoneInfo zone)
    {
        var first = midnight;
        while (zone.IsInvalidTime(first))
        {
            first = first.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(first) ? zone.GetAmbiguousTimeOffsets(first).Max() : zone.GetUtcOffset(first);
        return DateTime.SpecifyKind(first - offset, DateTimeKind.Utc);
    }
}
