namespace Inventory.Engine.Reports;

/// <summary>A report. Append only; a number is never used again.</summary>
public enum ReportKind
{
    /// <summary>What there is now, and what it cost.</summary>
    StockLevels = 1,

    /// <summary>What came and went in a time, and why.</summary>
    Movements = 2,

    /// <summary>How often stock was sold through in a time, and for how long what is there lasts.</summary>
    Turnover = 3,

    /// <summary>How long what is there now has been there, and what of it does not sell.</summary>
    Ageing = 4,

    /// <summary>How well warehouses fill orders, move goods and know what they have.</summary>
    WarehouseEfficiency = 5,

    /// <summary>What became of reservations, by the day on which they were made.</summary>
    Reservations = 6,

    /// <summary>What sold most in a time, and beside it in the time before.</summary>
    TopMovers = 7,
}

/// <summary>Asks for a report. It has been validated.</summary>
public sealed record ReportQuery
{
    /// <summary>The time that a report is of where none is given.</summary>
    public static readonly TimeSpan DefaultSpan = TimeSpan.FromDays(30);

    /// <summary>Rows of <see cref="ReportKind.TopMovers"/> where no limit is given.</summary>
    public const long TopMoversDefault = 50;

    /// <summary>The most warehouses that are named.</summary>
    public const int WarehousesMax = 100;

    /// <summary>Which report.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>From this time on, UTC; none: <see cref="DefaultSpan"/> before the end.</summary>
    public DateTime? From { get; init; }

    /// <summary>Before this time, UTC; none: now.</summary>
    public DateTime? Before { get; init; }

    /// <summary>Codes or ids; none: all.</summary>
    public IReadOnlyList<string> Warehouses { get; init; } = [];

    /// <summary>Only items of this category, exactly.</summary>
    public string? Category { get; init; }

    /// <summary>The most rows; none: all.</summary>
    public long? Limit { get; init; }
}
