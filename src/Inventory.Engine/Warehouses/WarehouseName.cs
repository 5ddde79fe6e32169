using Inventory.Engine.Database;

namespace Inventory.Engine.Warehouses;

/// <summary>One of the names of a warehouse; the other is none.</summary>
internal readonly record struct WarehouseName(int? WarehouseId, string? Code)
{
    internal static WarehouseName Of(string codeOrId) =>
        PublicId.TryParseWarehouse(codeOrId, out var id) ? new(id, null) : new(null, codeOrId);
}
