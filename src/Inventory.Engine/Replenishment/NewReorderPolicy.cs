using Inventory.Engine.Database;

namespace Inventory.Engine.Replenishment;

/// <summary>Asks to make a policy, or to put another in its place. It has been validated.</summary>
public sealed record NewReorderPolicy
{
    /// <summary>The principal; part of the request's identity.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>The item's SKU or id.</summary>
    public required string Sku { get; init; }

    /// <summary>The warehouse's code or id.</summary>
    public required string Warehouse { get; init; }

    /// <summary>None: the item's own, as they are at the time.</summary>
    public ReorderAmounts? Amounts { get; init; }

    /// <summary>0 to 365.</summary>
    public required int LeadTimeDays { get; init; }

    /// <summary>0.5 to below 1.</summary>
    public required double ServiceLevel { get; init; }

    /// <summary>Suggestions are approved by themselves.</summary>
    public required bool Automatic { get; init; }

    /// <summary>From whom it is bought; may be empty.</summary>
    public required string Source { get; init; }

    /// <summary>If given, the version from which the edit is made; 0 where there was none.</summary>
    public long? ExpectedVersion { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.SetReorderPolicy);
        content.Text(Sku);
        content.Text(Warehouse);
        content.Number(Amounts?.ReorderPoint);
        content.Number(Amounts?.Lot);
        content.Number(Amounts?.OrderUpTo);
        content.Number(LeadTimeDays);
        content.Number(BitConverter.DoubleToInt64Bits(ServiceLevel));
        content.Flag(Automatic);
        content.Text(Source);
        content.Number(ExpectedVersion);
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to set or to delete a policy. Declared in the order they are checked. Append only; a number
/// is never used again.
/// </summary>
public enum PolicyOutcome
{
    /// <summary>It is as asked.</summary>
    Done = 1,

    /// <summary>The same request did it before.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such item.</summary>
    SkuUnknown = 4,

    /// <summary>There is no such warehouse.</summary>
    WarehouseUnknown = 5,

    /// <summary>A kit has no stock of its own; its parts are reordered.</summary>
    ItemIsKit = 6,

    /// <summary>There is none to delete.</summary>
    PolicyUnknown = 7,

    /// <summary>Its version is not the one that the caller has seen.</summary>
    VersionConflict = 8,

    /// <summary>No numbers were given, and the item has none of its own.</summary>
    AmountsMissing = 9,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Policy">As it was right after the request, or right before it was deleted.</param>
/// <param name="Version">With <see cref="PolicyOutcome.VersionConflict"/> its version; 0 where there is none.</param>
public sealed record PolicyAnswer(PolicyOutcome Outcome, ReorderPolicy? Policy, long Version = 0);
