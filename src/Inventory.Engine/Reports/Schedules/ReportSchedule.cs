namespace Inventory.Engine.Reports.Schedules;

/// <summary>What a schedule is of, and what can be edited.</summary>
public sealed record ReportPlan
{
    /// <summary>For people; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Which report.</summary>
    public required ReportKind Report { get; init; }

    /// <summary>Codes or ids; none: all.</summary>
    public required IReadOnlyList<string> Warehouses { get; init; }

    /// <summary>Only items of this category; null: of any.</summary>
    public required string? Category { get; init; }

    /// <summary>The most rows; null: all.</summary>
    public required int? Limit { get; init; }

    /// <summary>Which time it is of.</summary>
    public required ReportPeriod Period { get; init; }

    /// <summary>When it is due.</summary>
    public required string Cron { get; init; }

    /// <summary>Of cron and period, by IANA's name.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Where it goes.</summary>
    public required ReportDestination Destination { get; init; }

    /// <summary>It is not sent at its times.</summary>
    public required bool Paused { get; init; }
}

/// <summary>A report that is sent again and again. Times are UTC, by the database's clock.</summary>
public sealed record ReportSchedule
{
    /// <summary>Its number.</summary>
    public required long ScheduleId { get; init; }

    /// <summary>What it is of.</summary>
    public required ReportPlan Plan { get; init; }

    /// <summary>By which POSTs are signed; empty without a webhook, and once it was deleted.</summary>
    public required string Secret { get; init; }

    /// <summary>When it is due next; null: it is paused, or never.</summary>
    public required DateTime? NextAt { get; init; }

    /// <summary>Rises with each edit.</summary>
    public required long Revision { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was edited last.</summary>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>Who edited it last.</summary>
    public required string UpdatedBy { get; init; }
}
