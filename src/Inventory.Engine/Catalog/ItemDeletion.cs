using Inventory.Engine.Database;

namespace Inventory.Engine.Catalog;

/// <summary>Asks to take an item away. It has been validated.</summary>
/// <param name="Caller">The principal; part of the request's identity, and the journal's actor.</param>
/// <param name="RequestId">1 to 64 printable characters; the other part of the identity.</param>
/// <param name="Item">Which one: SKU or id.</param>
/// <param name="ExpectedRevision">If given, the revision that the caller has seen.</param>
public sealed record ItemDeletion(Actor Caller, string RequestId, string Item, long? ExpectedRevision = null)
{
    /// <summary>
    /// <see cref="Item"/> is what the product service calls a product with one variant; where no product has the name,
    /// it is a SKU or id.
    /// </summary>
    public bool IsProduct { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.DeleteItem);
        content.Text(Item);
        content.Number(ExpectedRevision);
        if (IsProduct)
        {
            // Nothing is added otherwise: what was asked before products could be named is the same content still.
            content.Flag(IsProduct);
        }

        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to delete an item. Declared in the order they are checked. Append only; a number is never
/// used again.
/// </summary>
public enum DeleteItemOutcome
{
    /// <summary>It is gone.</summary>
    Deleted = 1,

    /// <summary>The same request took it away before.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such item.</summary>
    ItemUnknown = 4,

    /// <summary>Its revision is not the one that the caller has seen.</summary>
    VersionConflict = 5,

    /// <summary>Some warehouse has it, holds it, or awaits it.</summary>
    StockRemains = 6,

    /// <summary>It is a part of a kit.</summary>
    PartOfKit = 7,

    /// <summary>The product that is named has several variants: none of them is meant.</summary>
    SeveralVariants = 8,
}

/// <summary>The answer. The amounts are sums over the stock rows that are in the way.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Revision">Of the item, if there is one.</param>
/// <param name="Rows">How many stock rows are in the way.</param>
/// <param name="OnHand">In base units.</param>
/// <param name="Reserved">In base units: open holds.</param>
/// <param name="InTransit">In base units.</param>
public sealed record DeleteItemAnswer(
    DeleteItemOutcome Outcome,
    long Revision,
    long Rows,
    long OnHand,
    long Reserved,
    long InTransit
);
