using Inventory.Engine.Database;

namespace Inventory.Engine.Integrity;

/// <summary>Asks to bring a stock row back to what is true of it. It has been validated.</summary>
public sealed record StockRepair
{
    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>The stock row; none if item and warehouse name it.</summary>
    public long? StockId { get; init; }

    /// <summary>SKU or item id; empty if the row is named by its id.</summary>
    public string Sku { get; init; } = "";

    /// <summary>Code or id; empty if the row is named by its id.</summary>
    public string Warehouse { get; init; } = "";

    /// <summary>Why; the journal keeps it.</summary>
    public required string Reason { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.RepairStock);
        content.Number(StockId);
        content.Text(Sku);
        content.Text(Warehouse);
        content.Text(Reason);
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to repair. Declared in the order they are checked. Append only; a number is never used
/// again.
/// </summary>
public enum RepairOutcome
{
    /// <summary>The row and its journal agree with what is true of them, and did not before.</summary>
    Repaired = 1,

    /// <summary>The same request did it before.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such stock row.</summary>
    StockUnknown = 4,

    /// <summary>Nothing is wrong that a repair could mend.</summary>
    Sound = 5,

    /// <summary>
    /// What is true of it can't be together: less is on hand by the journal than holds, damaged and quality control
    /// take.
    /// </summary>
    Impossible = 6,
}

/// <summary>The amounts of a stock row, in the item's base unit.</summary>
/// <param name="OnHand">What is there.</param>
/// <param name="Reserved">What of it is held.</param>
/// <param name="Damaged">What of it is damaged.</param>
/// <param name="QualityControl">What of it is in quality control.</param>
/// <param name="InTransit">What is on its way there.</param>
/// <param name="SafetyStock">What is kept back.</param>
/// <param name="Waiting">What is promised to reservations that wait.</param>
/// <param name="Version">The number of its changes.</param>
public sealed record RepairedLevels(
    long OnHand,
    long Reserved,
    long Damaged,
    long QualityControl,
    long InTransit,
    long SafetyStock,
    long Waiting,
    long Version
);

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="StockId">The row, if it is known.</param>
/// <param name="Found">What it had; none if it is not known.</param>
/// <param name="True">
/// What it has now; with <see cref="RepairOutcome.Impossible"/> what it should have, and can't.
/// </param>
/// <param name="Mended">
/// What did not agree, as the journal tells it after the reason; empty if nothing was done.
/// </param>
public sealed record RepairAnswer(
    RepairOutcome Outcome,
    long? StockId,
    RepairedLevels? Found,
    RepairedLevels? True,
    string Mended
);
