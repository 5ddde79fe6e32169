using System.Diagnostics;
using Dapper;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>
/// The one place where SKUs and warehouse codes become keys, and keys codes again. What it knows is a bounded copy
/// that may lack rows which were added since; it never knows an id wrongly, because ids and codes never change.
/// Whoever refuses for want of a row asks the tables first.
/// </summary>
public sealed class StockDirectory(Cell cell, int itemsMax = StockDirectory.DefaultItemsMax)
{
    /// <summary>How many items are remembered, unless said otherwise.</summary>
    public const int DefaultItemsMax = 400_000;

    private const string ItemsSql = """
        -- database.find_items
        SELECT i.item_id, i.sku, coalesce(array_agg(s.stock_id) FILTER (WHERE s.stock_id IS NOT NULL), '{}') AS stock_ids,
            coalesce(array_agg(s.warehouse_id) FILTER (WHERE s.stock_id IS NOT NULL), '{}') AS warehouse_ids
        FROM item i LEFT JOIN stock s ON s.item_id = i.item_id
        WHERE i.sku = ANY (@Skus) OR i.item_id = ANY (@ItemIds)
        GROUP BY i.item_id
        """;

    private const string OwnersSql = """
        -- database.find_owners
        SELECT s.stock_id, s.warehouse_id, i.sku FROM stock s JOIN item i ON i.item_id = s.item_id WHERE s.stock_id = ANY (@StockIds)
        """;

    private const string WarehousesSql = """
        -- database.list_warehouses
        SELECT warehouse_id, code, priority, active FROM warehouse
        """;

    private static readonly TimeSpan WarehousesLifetime = TimeSpan.FromSeconds(1);

    private readonly TwoGenerations<string, ItemRows> items = new(itemsMax, StringComparer.Ordinal);
    private readonly TwoGenerations<long, StockOwner> owners = new(itemsMax, EqualityComparer<long>.Default);
    private volatile WarehouseList warehouses = new([]);
    private long warehousesReadAt;
    private int warehousesReading;

    /// <summary>
    /// All warehouses, at most about a second old while the directory is in use. Age is harmless: what counts is
    /// judged in the statement.
    /// </summary>
    public WarehouseList Warehouses
    {
        get
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref warehousesReadAt)) > WarehousesLifetime)
            {
                RefreshInBackground();
            }

            return warehouses;
        }
    }

    /// <summary>An item by SKU or public id, if it is remembered.</summary>
    public bool TryFind(string skuOrId, out ItemRows item) => items.TryGet(skuOrId, out item!);

    /// <summary>Items by SKU or public id: what is remembered, and what the tables say of the rest.</summary>
    /// <returns>Those that there are, by the text that was asked.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyDictionary<string, ItemRows>> FindAsync(
        IReadOnlyCollection<string> skusOrIds,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<string, ItemRows>(skusOrIds.Count, StringComparer.Ordinal);
        List<string>? missing = null;
        foreach (var text in skusOrIds)
        {
            if (items.TryGet(text, out var item))
            {
                found[text] = item;
            }
            else
            {
                (missing ??= []).Add(text);
            }
        }

        if (missing is not null)
        {
            await ReadAsync(missing, found, cancellation);
        }

        return found;
    }

    /// <summary>Reads items anew, whatever is remembered of them.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyDictionary<string, ItemRows>> ReadAsync(
        IReadOnlyCollection<string> skusOrIds,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<string, ItemRows>(skusOrIds.Count, StringComparer.Ordinal);
        await ReadAsync(skusOrIds, found, cancellation);
        return found;
    }

    /// <summary>
    /// A warehouse by code or public id; an unknown one is looked up anew before it is said to be unknown.
    /// </summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async ValueTask<WarehouseRow?> FindWarehouseAsync(string codeOrId, CancellationToken cancellation)
    {
        if (Warehouses.Find(codeOrId) is { } known)
        {
            return known;
        }

        await RefreshWarehousesAsync(cancellation);
        return warehouses.Find(codeOrId);
    }

    /// <summary>The SKU and warehouse code of a stock row, if they are remembered.</summary>
    public bool TryDescribe(long stockId, out StockOwner owner) => owners.TryGet(stockId, out owner!);

    /// <summary>The SKUs and warehouse codes of stock rows.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async ValueTask<IReadOnlyDictionary<long, StockOwner>> DescribeAsync(
        IReadOnlyCollection<long> stockIds,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<long, StockOwner>(stockIds.Count);
        List<long>? missing = null;
        foreach (var id in stockIds)
        {
            if (owners.TryGet(id, out var owner))
            {
                found[id] = owner;
            }
            else
            {
                (missing ??= []).Add(id);
            }
        }

        if (missing is not null)
        {
            await ReadOwnersAsync(missing, found, cancellation);
        }

        return found;
    }

    /// <summary>Reads all warehouses now.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task RefreshWarehousesAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<WarehouseRow>(
            new CommandDefinition(WarehousesSql, cancellationToken: cancellation)
        );
        var list = rows.AsList();
        Volatile.Write(ref warehousesReadAt, Stopwatch.GetTimestamp());
        if (!warehouses.IsSameAs(list))
        {
            warehouses = new WarehouseList(list);
        }
    }

    private void RefreshInBackground()
    {
        if (Interlocked.Exchange(ref warehousesReading, 1) == 0)
        {
            _ = Task.Run(async () =>
            {
                try
                {
                    await RefreshWarehousesAsync(CancellationToken.None);
                }
                catch (NpgsqlException)
                {
                    // The old list serves; the next look tries again.
                }
                finally
                {
                    Volatile.Write(ref warehousesReading, 0);
                }
            });
        }
    }

    private async Task ReadAsync(
        IReadOnlyCollection<string> texts,
        Dictionary<string, ItemRows> found,
        CancellationToken cancellation
    )
    {
        var ids = texts
            .Where(t => PublicId.TryParseItem(t, out _))
            .Select(t => PublicId.TryParseItem(t, out var id) ? id : 0)
            .ToArray();
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ItemRow>(
            new CommandDefinition(
                ItemsSql,
                new { Skus = texts.ToArray(), ItemIds = ids },
                cancellationToken: cancellation
            )
        );
        var asked = texts as IReadOnlySet<string> ?? texts.ToHashSet(StringComparer.Ordinal);
        var known = rows.AsList();
        if (known.Exists(r => Array.Exists(r.WarehouseIds, id => warehouses.Find(id) is null)))
        {
            // An item is never known before its warehouses are.
            await RefreshWarehousesAsync(cancellation);
        }

        foreach (var row in known)
        {
            var item = new ItemRows(
                row.ItemId,
                row.Sku,
                [.. row.StockIds.Zip(row.WarehouseIds, (s, w) => new StockRow(s, w))]
            );
            foreach (var text in new[] { row.Sku, PublicId.Item(row.ItemId) }.Where(asked.Contains))
            {
                found[text] = item;
                items.Set(text, item);
            }
        }
    }

    private async Task ReadOwnersAsync(
        List<long> stockIds,
        Dictionary<long, StockOwner> found,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<(long StockId, int WarehouseId, string Sku)>(
            new CommandDefinition(OwnersSql, new { StockIds = stockIds.ToArray() }, cancellationToken: cancellation)
        );
        foreach (var (stockId, warehouseId, sku) in rows)
        {
            var warehouse = await FindWarehouseAsync(PublicId.Warehouse(warehouseId), cancellation);
            var owner = new StockOwner(sku, warehouse?.Code ?? "");
            found[stockId] = owner;
            owners.Set(stockId, owner);
        }
    }

    // Properties, not a constructor: Npgsql reports every array as System.Array, which matches no parameter.
    private sealed class ItemRow
    {
        public long ItemId { get; init; }

        public required string Sku { get; init; }

        public long[] StockIds { get; init; } = [];

        public int[] WarehouseIds { get; init; } = [];
    }
}

/// <summary>The callers' keys of a stock row.</summary>
/// <param name="Sku">The item's SKU.</param>
/// <param name="Warehouse">The warehouse's code.</param>
public sealed record StockOwner(string Sku, string Warehouse);
