namespace Inventory.Engine.Alerts;

/// <summary>Something that needs attention, or did.</summary>
public sealed class Alert
{
    /// <summary>Its key: greater was raised later.</summary>
    public long AlertId { get; init; }

    /// <summary>What it is about.</summary>
    public AlertKind Kind { get; init; }

    /// <summary>What exactly: of a kind and subject one at most is open.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The item; empty if it is about none.</summary>
    public string Sku { get; init; } = "";

    /// <summary>The warehouse's code; empty if it is about none.</summary>
    public string Warehouse { get; init; } = "";

    /// <summary>What was measured when it was raised.</summary>
    public long? Amount { get; init; }

    /// <summary>What it was measured against.</summary>
    public long? Threshold { get; init; }

    /// <summary>For people; may be empty.</summary>
    public string Message { get; init; } = "";

    /// <summary>By the database's clock, UTC.</summary>
    public DateTime RaisedAt { get; init; }

    /// <summary>When somebody took note of it, if somebody did.</summary>
    public DateTime? AcknowledgedAt { get; init; }

    /// <summary>Who took note of it.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>What people said of it.</summary>
    public string Note { get; init; } = "";

    /// <summary>When it was over; none: it is open.</summary>
    public DateTime? ResolvedAt { get; init; }

    /// <summary>Who resolved it; none: by itself.</summary>
    public string? ResolvedBy { get; init; }

    /// <summary>Begins at 1 and rises with each change.</summary>
    public int Revision { get; init; }
}

/// <summary>Why an alert is raised by those who measure something else than stock.</summary>
/// <param name="Subject">1 to 200 characters; of a kind and subject one alert at most is open.</param>
/// <param name="Message">For people.</param>
/// <param name="Amount">What was measured.</param>
/// <param name="Threshold">What it was measured against.</param>
/// <param name="Sku">The item, if it is about one.</param>
/// <param name="Warehouse">The warehouse's code, if it is about one.</param>
public sealed record AlertCause(
    string Subject,
    string Message,
    long? Amount = null,
    long? Threshold = null,
    string Sku = "",
    string Warehouse = ""
);
