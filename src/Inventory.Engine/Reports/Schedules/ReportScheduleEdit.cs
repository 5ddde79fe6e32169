using Inventory.Engine.Database;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>Asks to edit a schedule. It has been validated. What is not given stays as it is.</summary>
public sealed record ReportScheduleEdit
{
    /// <summary>Who edits; part of the request's identity.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which.</summary>
    public required long ScheduleId { get; init; }

    /// <summary>If given, the revision from which the edit was made.</summary>
    public long? ExpectedRevision { get; init; }

    /// <summary>For people; 1 to 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Which report.</summary>
    public ReportKind? Report { get; init; }

    /// <summary>Codes or ids; none: all.</summary>
    public IReadOnlyList<string>? Warehouses { get; init; }

    /// <summary>Only items of this category; empty: of any.</summary>
    public string? Category { get; init; }

    /// <summary>The most rows; 0: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Which time it is of.</summary>
    public ReportPeriod? Period { get; init; }

    /// <summary>When it is due.</summary>
    public string? Cron { get; init; }

    /// <summary>Of cron and period, by IANA's name.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Where it goes.</summary>
    public ReportDestination? Destination { get; init; }

    /// <summary>
    /// With <see cref="Destination"/>: by which POSTs are signed from then on; empty without a webhook.
    /// </summary>
    public string Secret { get; init; } = "";

    /// <summary>It is not sent at its times.</summary>
    public bool? Paused { get; init; }

    internal ReportPlan Apply(ReportPlan plan) =>
        new()
        {
            Name = Name ?? plan.Name,
            Report = Report ?? plan.Report,
            Warehouses = Warehouses ?? plan.Warehouses,
            Category =
                Category is null ? plan.Category
                : Category.Length > 0 ? Category
                : null,
            Limit =
                Limit is null ? plan.Limit
                : Limit > 0 ? Limit
                : null,
            Period = Period ?? plan.Period,
            Cron = Cron ?? plan.Cron,
            TimeZone = TimeZone ?? plan.TimeZone,
            Destination = Destination ?? plan.Destination,
            Paused = Paused ?? plan.Paused,
        };

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.UpdateReportSchedule);
        content.Number(ScheduleId);
        content.Number(ExpectedRevision);
        NewReportSchedule.Write(Name, ref content);
        content.Number((long?)Report);
        NewReportSchedule.Write(Warehouses, ref content);
        NewReportSchedule.Write(Category, ref content);
        content.Number((long?)Limit);
        content.Number((long?)Period?.Span);
        content.Number((long?)Period?.Days);
        NewReportSchedule.Write(Cron, ref content);
        NewReportSchedule.Write(TimeZone, ref content);
        content.Flag(Destination is not null);
        NewReportSchedule.Write(Destination?.WebhookUrl, ref content);
        NewReportSchedule.Write(Destination?.MailTo, ref content);
        content.Flag(Paused);
        return content.ToFingerprint();
    }
}
