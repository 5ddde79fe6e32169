namespace Inventory.Engine.Reports.Schedules;

/// <summary>
/// What became of making or editing a schedule. Declared in the order they are checked. Append only; a number is never
/// used again.
/// </summary>
public enum ReportScheduleOutcome
{
    /// <summary>It is as asked.</summary>
    Done = 1,

    /// <summary>The same request was made before under this request id, and had its effect then.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such schedule.</summary>
    ScheduleUnknown = 4,

    /// <summary>Its revision is not the one from which the edit was made.</summary>
    VersionConflict = 5,

    /// <summary>Some warehouses are not known.</summary>
    WarehouseUnknown = 6,

    /// <summary>The cron expression has no time that is still to come.</summary>
    NeverDue = 7,

    /// <summary>There are as many as there may be.</summary>
    TooMany = 8,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Schedule">
/// With <see cref="ReportScheduleOutcome.Done"/> right after it, with <see cref="ReportScheduleOutcome.Replayed"/> as
/// it is now.
/// </param>
/// <param name="Revision">With <see cref="ReportScheduleOutcome.VersionConflict"/>: what it is now.</param>
/// <param name="Unknown">With <see cref="ReportScheduleOutcome.WarehouseUnknown"/>: as they were named.</param>
public sealed record ReportScheduleAnswer(
    ReportScheduleOutcome Outcome,
    ReportSchedule? Schedule,
    long Revision,
    IReadOnlyList<string> Unknown
);
