using Inventory.Engine.Database;

namespace Inventory.Engine.Alerts;

/// <summary>Which alerts to list: those that match all that is given.</summary>
public sealed record AlertFilter
{
    /// <summary>Of one of these kinds; none: of any.</summary>
    public IReadOnlyList<AlertKind> Kinds { get; init; } = [];

    /// <summary>Only those that are not resolved.</summary>
    public bool OpenOnly { get; init; }

    /// <summary>About this SKU.</summary>
    public string? Sku { get; init; }

    /// <summary>About this warehouse, by code.</summary>
    public string? Warehouse { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("alerts");
        content.Flag(OpenOnly);
        content.Text(Sku ?? "");
        content.Text(Warehouse ?? "");
        foreach (var kind in Kinds.Distinct().Order())
        {
            content.Number((long)kind);
        }

        return content.ToFingerprint();
    }
}
