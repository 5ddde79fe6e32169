namespace Inventory.Engine.Reports.Schedules;

/// <summary>
/// Which time a scheduled report is of, from the time at which it is due. Append only; a number is never used again.
/// </summary>
public enum ReportSpan
{
    /// <summary>So many times 24 hours up to when it is due.</summary>
    LastDays = 1,

    /// <summary>The day before, from midnight to midnight.</summary>
    PreviousDay = 2,

    /// <summary>The week before, Monday to Sunday.</summary>
    PreviousWeek = 3,

    /// <summary>The calendar month before.</summary>
    PreviousMonth = 4,
}
