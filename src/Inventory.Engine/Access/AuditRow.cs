namespace Inventory.Engine.Access;

/// <summary>
/// A row of a page's statement. It has what was found, and how far the page has come beside it, of which the first row
/// is enough; where nothing was found there is one row that says how far.
/// </summary>
internal abstract class AuditRow
{
    /// <summary>How many rows were looked at.</summary>
    public long Scanned { get; init; }

    /// <summary>Of the last that was looked at.</summary>
    public DateTime FloorAt { get; init; }

    /// <summary>Of the last that was looked at.</summary>
    public long FloorNumber { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; init; }

    /// <summary>What tells apart the rows of one moment.</summary>
    public long Number { get; init; }

    /// <summary>Whether there is anything but how far the page has come.</summary>
    internal abstract bool IsFound { get; }
}
