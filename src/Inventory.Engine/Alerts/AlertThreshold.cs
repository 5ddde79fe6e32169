using Inventory.Engine.Database;

namespace Inventory.Engine.Alerts;

/// <summary>When an alert about levels is raised and resolved, in base units.</summary>
public sealed class AlertThreshold
{
    /// <summary>Its key.</summary>
    public long ThresholdId { get; init; }

    /// <summary>Of levels only.</summary>
    public AlertKind Kind { get; init; }

    /// <summary>Of this item; empty: of all that have none of their own.</summary>
    public string Sku { get; init; } = "";

    /// <summary>At this warehouse, by code; empty: at all that have none of their own.</summary>
    public string Warehouse { get; init; } = "";

    /// <summary>Raised at this or beyond it.</summary>
    public long RaiseAt { get; init; }

    /// <summary>Resolved at this or beyond it.</summary>
    public long ResolveAt { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public DateTime UpdatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public string UpdatedBy { get; init; } = "";
}

/// <summary>Asks to set a threshold, or to take it away. It has been validated.</summary>
/// <param name="Caller">Who; part of the request's identity.</param>
/// <param name="RequestId">1 to 64 printable characters; the other part of the identity.</param>
/// <param name="Kind">One of levels: low, out of or too much stock.</param>
/// <param name="Sku">SKU or item id; none: of all items.</param>
/// <param name="Warehouse">Code or id; none: at all warehouses.</param>
/// <param name="RaiseAt">None takes it away.</param>
/// <param name="ResolveAt">
/// Above <paramref name="RaiseAt"/>, of overstock below it; none: <see cref="DefaultResolveAt"/>.
/// </param>
public sealed record ThresholdEdit(
    Actor Caller,
    string RequestId,
    AlertKind Kind,
    string? Sku,
    string? Warehouse,
    long? RaiseAt,
    long? ResolveAt
)
{
    /// <summary>A tenth apart, and one piece at least that comes and goes without news.</summary>
    public static long DefaultResolveAt(AlertKind kind, long raiseAt)
    {
        var gap = 1 + Math.Max(1, raiseAt / 10);
        return kind == AlertKind.Overstock ? Math.Max(0, raiseAt - gap) : raiseAt + gap;
    }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.SetThreshold);
        content.Number((long)Kind);
        content.Text(Sku ?? "");
        content.Text(Warehouse ?? "");
        content.Number(RaiseAt);
        content.Number(ResolveAt);
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of it. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum SetThresholdOutcome
{
    /// <summary>It is as asked.</summary>
    Set = 1,

    /// <summary>The same request has set it; it may be another by now.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>The SKU is not known.</summary>
    SkuUnknown = 4,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 5,

    /// <summary>The item is a kit, which has no stock of its own.</summary>
    ItemIsKit = 6,
}
