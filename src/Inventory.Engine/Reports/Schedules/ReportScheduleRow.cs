namespace Inventory.Engine.Reports.Schedules;

/// <summary>A schedule as the statements read it, with an outcome where there is one.</summary>
internal sealed class ReportScheduleRow
{
    public int Outcome { get; init; }

    public long? ScheduleId { get; init; }

    public string Name { get; init; } = "";

    public int Report { get; init; }

    public string[] Warehouses { get; init; } = [];

    public string? Category { get; init; }

    public int? RowLimit { get; init; }

    public int Span { get; init; }

    public int? Days { get; init; }

    public string Cron { get; init; } = "";

    public string TimeZone { get; init; } = "";

    public string? WebhookUrl { get; init; }

    public string[]? MailTo { get; init; }

    public string Secret { get; init; } = "";

    public bool Paused { get; init; }

    public DateTime? NextAt { get; init; }

    public long Revision { get; init; }

    public DateTime CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTime UpdatedAt { get; init; }

    public string UpdatedBy { get; init; } = "";

    internal ReportSchedule ToSchedule() =>
        new()
        {
            ScheduleId = ScheduleId!.Value,
            Plan = new()
            {
                Name = Name,
                Report = (ReportKind)Report,
                Warehouses = Warehouses,
                Category = Category,
                Limit = RowLimit,
                Period = new((ReportSpan)Span, Days),
                Cron = Cron,
                TimeZone = TimeZone,
                Destination = new(WebhookUrl, MailTo),
                Paused = Paused,
            },
            Secret = Secret,
            NextAt = NextAt,
            Revision = Revision,
            CreatedAt = CreatedAt,
            CreatedBy = CreatedBy,
            UpdatedAt = UpdatedAt,
            UpdatedBy = UpdatedBy,
        };
}
