using Inventory.Engine.Reports.Schedules;
using Quartz;

namespace Inventory.Server.Reports;

/// <summary>What cron expressions mean, as Quartz reads them.</summary>
internal static class QuartzCron
{
    /// <summary>No shorter time lies between two times.</summary>
    public static readonly TimeSpan ApartMin = TimeSpan.FromHours(1);

    public static readonly CronTimes Times = new(NextAfter, LastUntil);

    // Seconds and minutes are the same in every hour that is named, so the first hours show what there is. In UTC: an
    // hour that the clocks skip is nobody's mistake.
    private const int LookedAt = 30;
    private static readonly DateTimeOffset Beginning = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static bool IsValid(string cron) => CronExpression.TryParse(cron, out _);

    /// <param name="cron">Valid.</param>
    public static bool IsTooOften(string cron)
    {
        var expression = new CronExpression(cron, TimeZoneInfo.Utc);
        var last = Beginning;
        for (var i = 0; i < LookedAt && expression.GetNextValidTimeAfter(last) is { } next; i++)
        {
            if (i > 0 && next - last < ApartMin)
            {
                return true;
            }

            last = next;
        }

        return false;
    }

    /// <returns>As many as there are, the first of them itself, UTC.</returns>
    public static IEnumerable<DateTime> From(DateTime first, string cron, string timeZone, int count)
    {
        DateTime? next = first;
        for (var i = 0; i < count && next is { } time; i++)
        {
            yield return time;
            next = NextAfter(cron, timeZone, time);
        }
    }

    private static DateTime? NextAfter(string cron, string timeZone, DateTime time) =>
        Of(cron, timeZone).GetNextValidTimeAfter(Utc(time))?.UtcDateTime;

    private static DateTime? LastUntil(string cron, string timeZone, DateTime time) =>
        Of(cron, timeZone).GetPreviousValidTimeBefore(Utc(time).AddTicks(1))?.UtcDateTime;

    private static CronExpression Of(string cron, string timeZone) =>
        new(cron, TimeZoneInfo.FindSystemTimeZoneById(timeZone));

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
