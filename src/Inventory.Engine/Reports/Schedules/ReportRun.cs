namespace Inventory.Engine.Reports.Schedules;

/// <summary>How far a run has come. Append only; a number is never used again.</summary>
public enum ReportRunState
{
    /// <summary>It is to be sent, or to be tried again.</summary>
    Pending = 1,

    /// <summary>It was taken.</summary>
    Sent = 2,

    /// <summary>It was given up.</summary>
    Dead = 3,

    /// <summary>Its schedule was deleted before it was sent.</summary>
    Cancelled = 4,
}

/// <summary>A report that is sent once. Times are UTC, by the database's clock.</summary>
public sealed record ReportRun
{
    /// <summary>Its number; the same at every attempt.</summary>
    public long RunId { get; init; }

    /// <summary>Whose.</summary>
    public long ScheduleId { get; init; }

    /// <summary>How far it has come.</summary>
    public ReportRunState State { get; init; }

    /// <summary>When it was due, or asked for.</summary>
    public DateTime DueAt { get; init; }

    /// <summary>Who asked for it; null: it was due.</summary>
    public string? AskedBy { get; init; }

    /// <summary>Which report, as it was tried last.</summary>
    public ReportKind Report { get; init; }

    /// <summary>The time that it is of begins here.</summary>
    public DateTime FromAt { get; init; }

    /// <summary>And ends before here.</summary>
    public DateTime BeforeAt { get; init; }

    /// <summary>Those that were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it is tried next, while it is pending.</summary>
    public DateTime TryAt { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTime? AttemptedAt { get; init; }

    /// <summary>The HTTP status of the last answer.</summary>
    public int? Status { get; init; }

    /// <summary>What was wrong at the last attempt.</summary>
    public string? Error { get; init; }

    /// <summary>Rows of the file that was sent.</summary>
    public long? RowCount { get; init; }

    /// <summary>Bytes of the file that was sent.</summary>
    public long? ByteCount { get; init; }
}
