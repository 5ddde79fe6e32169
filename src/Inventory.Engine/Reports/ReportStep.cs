namespace Inventory.Engine.Reports;

/// <summary>What a column holds. Append only; a number is never used again.</summary>
public enum ReportColumnType
{
    /// <summary>Text.</summary>
    Text = 1,

    /// <summary>A whole number.</summary>
    WholeNumber = 2,

    /// <summary>An exact decimal without exponent.</summary>
    DecimalNumber = 3,

    /// <summary>A time, ISO 8601 in UTC.</summary>
    Time = 4,

    /// <summary>true or false.</summary>
    Flag = 5,

    /// <summary>A day, ISO 8601.</summary>
    Day = 6,
}

/// <summary>A column of a report.</summary>
/// <param name="Name">In snake case; never changed.</param>
/// <param name="Type">What it holds.</param>
public sealed record ReportColumn(string Name, ReportColumnType Type);

/// <summary>What a report tells, one after the other.</summary>
public abstract record ReportStep;

/// <summary>Some warehouses are not known. The only step, then.</summary>
/// <param name="Warehouses">As they were named.</param>
public sealed record ReportRefused(IReadOnlyList<string> Warehouses) : ReportStep;

/// <summary>The head; the first step.</summary>
/// <param name="Columns">In the order of the cells.</param>
/// <param name="From">The time that the report is of begins here, UTC.</param>
/// <param name="Before">And ends before here.</param>
/// <param name="AsOf">When it was made, by the database's clock.</param>
public sealed record ReportHead(IReadOnlyList<ReportColumn> Columns, DateTime From, DateTime Before, DateTime AsOf)
    : ReportStep;

/// <summary>Some rows.</summary>
/// <param name="Rows">A cell each column, as text; empty where there is nothing to say.</param>
public sealed record ReportRows(IReadOnlyList<IReadOnlyList<string>> Rows) : ReportStep;
