using Inventory.Engine.Database;

namespace Inventory.Engine.Warehouses;

/// <summary>Asks to take a warehouse away. It has been validated.</summary>
/// <param name="Caller">The principal; part of the request's identity, and the journal's actor.</param>
/// <param name="RequestId">1 to 64 printable characters; the other part of the identity.</param>
/// <param name="Warehouse">Which one: code or id.</param>
/// <param name="ExpectedRevision">If given, the revision that the caller has seen.</param>
public sealed record WarehouseDeletion(Actor Caller, string RequestId, string Warehouse, long? ExpectedRevision = null)
{
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.DeleteWarehouse);
        content.Text(Warehouse);
        content.Number(ExpectedRevision);
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to delete a warehouse. Declared in the order they are checked. Append only; a number is
/// never used again.
/// </summary>
public enum DeleteWarehouseOutcome
{
    /// <summary>It is gone.</summary>
    Deleted = 1,

    /// <summary>The same request took it away before.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such warehouse.</summary>
    WarehouseUnknown = 4,

    /// <summary>Its revision is not the one that the caller has seen.</summary>
    VersionConflict = 5,

    /// <summary>Something is there, held, or on its way there.</summary>
    StockRemains = 6,
}

/// <summary>The answer. The amounts are sums over the stock rows that are in the way.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Revision">Of the warehouse, if there is one.</param>
/// <param name="Rows">How many stock rows are in the way.</param>
/// <param name="OnHand">In base units.</param>
/// <param name="Reserved">In base units: open holds.</param>
/// <param name="InTransit">In base units: on its way there, and from there.</param>
public sealed record DeleteWarehouseAnswer(
    DeleteWarehouseOutcome Outcome,
    long Revision,
    long Rows,
    long OnHand,
    long Reserved,
    long InTransit
);
