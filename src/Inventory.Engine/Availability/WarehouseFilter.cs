using Inventory.Engine.Database;

namespace Inventory.Engine.Availability;

/// <summary>Resolves the warehouses that a read is limited to.</summary>
internal static class WarehouseFilter
{
    /// <returns>The warehouses, none if none are named; or the first name that is not known.</returns>
    internal static async ValueTask<(IReadOnlyList<WarehouseRow>? Only, string? Unknown)> ResolveAsync(
        StockDirectory directory,
        IReadOnlyList<string> codesOrIds,
        CancellationToken cancellation
    )
    {
        if (codesOrIds.Count == 0)
        {
            return (null, null);
        }

        var only = new List<WarehouseRow>(codesOrIds.Count);
        foreach (var text in codesOrIds)
        {
            if (await directory.FindWarehouseAsync(text, cancellation) is not { } warehouse)
            {
                return (null, text);
            }

            only.Add(warehouse);
        }

        return (only, null);
    }
}
