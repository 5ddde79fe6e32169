using Inventory.Engine.Database;

namespace Inventory.Engine.Warehouses;

/// <summary>Which warehouses to list, and how: those that match all that is given.</summary>
public sealed record WarehouseFilter
{
    /// <summary>Those that serve new holds, or those that don't.</summary>
    public bool? Active { get; init; }

    /// <summary>What they are for.</summary>
    public WarehouseType? Type { get; init; }

    /// <summary>By code; otherwise as they are drawn on, the lowest priority number first.</summary>
    public bool ByCode { get; init; }

    /// <summary>A page token is good for the filter and order that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("warehouses");
        content.Flag(Active);
        content.Number((long?)Type);
        content.Number(ByCode ? 1L : 0L);
        return content.ToFingerprint();
    }
}
