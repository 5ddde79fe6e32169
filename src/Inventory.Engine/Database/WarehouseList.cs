using System.Collections.Frozen;

namespace Inventory.Engine.Database;

/// <summary>All warehouses as read at one moment.</summary>
public sealed class WarehouseList
{
    private readonly FrozenDictionary<int, WarehouseRow> byId;
    private readonly FrozenDictionary<string, WarehouseRow> byCode;
    private readonly FrozenDictionary<int, int> ranks;

    internal WarehouseList(IReadOnlyCollection<WarehouseRow> rows)
    {
        byId = rows.ToFrozenDictionary(r => r.WarehouseId);
        byCode = rows.ToFrozenDictionary(r => r.Code, StringComparer.Ordinal);
        ranks = rows.OrderBy(r => r.Priority)
            .ThenBy(r => r.Code, StringComparer.Ordinal)
            .Select((r, rank) => (r.WarehouseId, rank))
            .ToFrozenDictionary(r => r.WarehouseId, r => r.rank);
    }

    /// <summary>By key.</summary>
    public WarehouseRow? Find(int warehouseId) => byId.GetValueOrDefault(warehouseId);

    /// <summary>By code, or by public id (<see cref="PublicId.Warehouse(int)"/>).</summary>
    public WarehouseRow? Find(string codeOrId) =>
        PublicId.TryParseWarehouse(codeOrId, out var id) ? Find(id) : byCode.GetValueOrDefault(codeOrId);

    /// <summary>Its place in the order of priority and code; one that is not known comes last.</summary>
    internal int Rank(int warehouseId) => ranks.TryGetValue(warehouseId, out var rank) ? rank : int.MaxValue;

    internal IEnumerable<WarehouseRow> All => byId.Values;

    internal bool IsSameAs(IReadOnlyCollection<WarehouseRow> rows) =>
        rows.Count == byId.Count && rows.All(r => byId.GetValueOrDefault(r.WarehouseId) == r);
}

/// <summary>What the engine needs of a warehouse.</summary>
/// <param name="WarehouseId">Its key.</param>
/// <param name="Code">The callers' key.</param>
/// <param name="Priority">Lower is filled from first.</param>
/// <param name="Active">An inactive one serves no new holds.</param>
public sealed record WarehouseRow(int WarehouseId, string Code, int Priority, bool Active);
