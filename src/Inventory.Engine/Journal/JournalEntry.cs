using Inventory.Engine.Database;

namespace Inventory.Engine.Journal;

/// <summary>
/// One change of one stock row, or of a reservation without any. Amounts are differences in base units; 0 where nothing
/// changed.
/// </summary>
public sealed class JournalEntry
{
    /// <summary>Its place; each stock row's changes have it in their order.</summary>
    public long Position { get; init; }

    /// <summary>When, by the database's clock.</summary>
    public DateTime At { get; init; }

    /// <summary>The stock row; none if no stock moved.</summary>
    public long? StockId { get; init; }

    /// <summary>The stock row's version after the change; the first is 1. None if no stock moved.</summary>
    public long? Version { get; init; }

    /// <summary>The reservation, transfer or count that it belongs to.</summary>
    public Guid? Document { get; init; }

    /// <summary>Change of what is on hand.</summary>
    public long OnHand { get; init; }

    /// <summary>Change of what is reserved.</summary>
    public long Reserved { get; init; }

    /// <summary>Change of what is damaged.</summary>
    public long Damaged { get; init; }

    /// <summary>Change of what waits for quality control.</summary>
    public long QualityControl { get; init; }

    /// <summary>Change of what is on its way.</summary>
    public long InTransit { get; init; }

    /// <summary>Change of what is kept back.</summary>
    public long SafetyStock { get; init; }

    /// <summary>Change of what those who wait at the row are to get.</summary>
    public long Waiting { get; init; }

    /// <summary>Why.</summary>
    public JournalKind Kind { get; init; }

    /// <summary>Who.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The trace of the call; none: the server itself, or from before it was kept.</summary>
    public Guid? Trace { get; init; }

    /// <summary>What the actor gave as the reason.</summary>
    public string? Reason { get; init; }
}
