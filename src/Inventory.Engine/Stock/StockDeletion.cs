using Inventory.Engine.Database;

namespace Inventory.Engine.Stock;

/// <summary>Asks to take a stock row away. It has been validated.</summary>
/// <param name="Caller">The principal; part of the request's identity, and the journal's actor.</param>
/// <param name="RequestId">1 to 64 printable characters; the other part of the identity.</param>
/// <param name="Target">Which one.</param>
/// <param name="ExpectedRevision">If given, the revision that the caller has seen.</param>
public sealed record StockDeletion(Actor Caller, string RequestId, StockTarget Target, long? ExpectedRevision = null)
{
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.DeleteStock);
        content.Number(Target.StockId);
        content.Text(Target.Sku);
        content.Text(Target.Warehouse);
        content.Number(ExpectedRevision);
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to delete a stock row. Declared in the order they are checked. Append only; a number is
/// never used again.
/// </summary>
public enum DeleteStockOutcome
{
    /// <summary>It is gone.</summary>
    Deleted = 1,

    /// <summary>The same request took it away before.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>The SKU is not known.</summary>
    SkuUnknown = 4,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 5,

    /// <summary>There is no such stock row.</summary>
    StockUnknown = 6,

    /// <summary>Its revision is not the one that the caller has seen.</summary>
    VersionConflict = 7,

    /// <summary>Something is there, or on its way there or from there.</summary>
    StockRemains = 8,
}

/// <summary>The answer. The amounts are those of the row that stays.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Revision">Of the row, if there is one.</param>
/// <param name="OnHand">In base units.</param>
/// <param name="Reserved">In base units: open holds.</param>
/// <param name="InTransit">In base units: on its way there, and from there.</param>
public sealed record DeleteStockAnswer(
    DeleteStockOutcome Outcome,
    long Revision,
    long OnHand,
    long Reserved,
    long InTransit
);
