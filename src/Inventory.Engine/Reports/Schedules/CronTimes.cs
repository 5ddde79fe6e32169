namespace Inventory.Engine.Reports.Schedules;

/// <summary>A time that a cron expression names.</summary>
/// <param name="cron">Valid.</param>
/// <param name="timeZone">Of IANA; known.</param>
/// <param name="time">From which it is looked for, UTC.</param>
/// <returns>UTC; null: there is none.</returns>
public delegate DateTime? CronTime(string cron, string timeZone, DateTime time);

/// <summary>
/// What cron expressions name. The engine does not read them itself: whoever parses them for jobs parses them for
/// reports too.
/// </summary>
/// <param name="NextAfter">The first that is later.</param>
/// <param name="LastUntil">The last that is not later.</param>
public sealed record CronTimes(CronTime NextAfter, CronTime LastUntil);
