using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>The fields of a schedule that can be edited, as a mask names them.</summary>
internal static class ReportScheduleFields
{
    public const string Name = "name";
    public const string Report = "report";
    public const string Warehouses = "warehouses";
    public const string Category = "category";
    public const string Limit = "limit";
    public const string Period = "period";
    public const string Cron = "cron";
    public const string TimeZone = "time_zone";
    public const string Destination = "destination";
    public const string Paused = "paused";

    public static readonly string[] All =
    [
        Name,
        Report,
        Warehouses,
        Category,
        Limit,
        Period,
        Cron,
        TimeZone,
        Destination,
        Paused,
    ];

    /// <summary>Those that a request edits.</summary>
    public static HashSet<string> Of(UpdateReportScheduleRequest request) =>
        MaskRules.Fields(
            request.UpdateMask,
            All,
            field =>
                field switch
                {
                    Name => request.HasName,
                    Report => request.Report != ReportKind.Unspecified,
                    Warehouses => request.Warehouses.Count > 0,
                    Category => request.HasCategory,
                    Limit => request.HasLimit,
                    Period => request.Period is not null,
                    Cron => request.HasCron,
                    TimeZone => request.HasTimeZone,
                    Destination => request.Destination is not null,
                    _ => request.HasPaused,
                }
        );
}
