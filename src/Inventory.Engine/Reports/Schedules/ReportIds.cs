using System.Globalization;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>The ids of schedules and runs that callers see.</summary>
public static class ReportIds
{
    private const string SchedulePrefix = "rps_";
    private const string RunPrefix = "rpr_";

    /// <summary>A schedule's public id.</summary>
    public static string Schedule(long id) => Write(SchedulePrefix, id);

    /// <summary>A run's public id, which its receiver sees.</summary>
    public static string Run(long id) => Write(RunPrefix, id);

    /// <summary>Reads a schedule's public id.</summary>
    public static bool TryParseSchedule(string text, out long id)
    {
        id = 0;
        return text.StartsWith(SchedulePrefix, StringComparison.Ordinal)
            && long.TryParse(
                text.AsSpan(SchedulePrefix.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out id
            );
    }

    private static string Write(string prefix, long id) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{id}");
}
