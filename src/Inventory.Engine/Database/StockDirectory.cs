using System.Diagnostics;
using Inventory.Engine.Batching;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>
/// The one place where SKUs and warehouse codes become keys, and keys codes again. What it knows is a bounded copy that
/// may lack rows which were added since; it never knows an id wrongly, because ids and codes never change. An item that
/// is gone is forgotten with the next look at the warehouses. Whoever refuses for want of a row asks the tables first.
/// </summary>
public sealed class StockDirectory : IAsyncDisposable
{
    /// <summary>How many items are remembered, unless said otherwise.</summary>
    public const int DefaultItemsMax = 400_000;

    private static readonly TimeSpan WarehousesLifetime = TimeSpan.FromSeconds(1);

    private readonly TwoGenerations<string, ItemRows> items;
    private readonly TwoGenerations<long, StockOwner> owners;
    private readonly Coalescer<string, Found<ItemRows>> itemReads;
    private readonly Coalescer<long, Found<StockOwner>> ownerReads;
    private readonly Coalescer<bool, Found<WarehouseList>> warehouseReads;
    private volatile WarehouseList warehouses = new([]);
    private long warehousesReadAt;
    private int warehousesReading;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="cell">Where to look.</param>
    /// <param name="itemsMax">The most items, and the most stock rows, to remember.</param>
    public StockDirectory(Cell cell, int itemsMax = DefaultItemsMax)
    {
        items = new(itemsMax, StringComparer.Ordinal);
        owners = new(itemsMax, EqualityComparer<long>.Default);
        itemReads = new(cell, Options("directory.items"), new(null, IsShed: true), ReadItemsAsync);
        ownerReads = new(cell, Options("directory.owners"), new(null, IsShed: true), ReadOwnersAsync);
        warehouseReads = new(cell, Options("directory.warehouses"), new(null, IsShed: true), ReadWarehousesAsync);
    }

    private readonly record struct Found<T>(T? Value, bool IsShed = false)
    {
        internal T? OrThrow() => IsShed ? throw new TimeoutException("Too many look-ups wait.") : Value;
    }

    /// <summary>
    /// All warehouses, at most about a second old while the directory is in use. Age is harmless: what counts is judged
    /// in the statement.
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
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
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
            foreach (var (text, item) in await ReadAsync(missing, cancellation))
            {
                found[text] = item;
            }
        }

        return found;
    }

    /// <summary>Reads items anew, whatever is remembered of them.</summary>
    /// <returns>Those that there are, by the text that was asked.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    public async Task<IReadOnlyDictionary<string, ItemRows>> ReadAsync(
        IReadOnlyCollection<string> skusOrIds,
        CancellationToken cancellation
    )
    {
        var reads = skusOrIds
            .Distinct()
            .Select(t => (Text: t, Read: itemReads.SubmitAsync(t, cancellation).AsTask()))
            .ToList();
        var found = new Dictionary<string, ItemRows>(reads.Count, StringComparer.Ordinal);
        foreach (var (text, read) in reads)
        {
            if ((await read).OrThrow() is { } item)
            {
                found[text] = item;
            }
        }

        return found;
    }

    /// <summary>
    /// A warehouse by code or public id; an unknown one is looked up anew before it is said to be unknown.
    /// </summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    public async ValueTask<WarehouseRow?> FindWarehouseAsync(string codeOrId, CancellationToken cancellation) =>
        Warehouses.Find(codeOrId) ?? (await RefreshAsync(cancellation)).Find(codeOrId);

    /// <summary>The SKUs and warehouse codes of stock rows.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    public async ValueTask<IReadOnlyDictionary<long, StockOwner>> DescribeAsync(
        IReadOnlyCollection<long> stockIds,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<long, StockOwner>(stockIds.Count);
        List<(long Id, Task<Found<StockOwner>> Read)>? missing = null;
        foreach (var id in stockIds)
        {
            if (owners.TryGet(id, out var owner))
            {
                found[id] = owner;
            }
            else
            {
                (missing ??= []).Add((id, ownerReads.SubmitAsync(id, cancellation).AsTask()));
            }
        }

        foreach (var (id, read) in missing ?? [])
        {
            if ((await read).OrThrow() is { } owner)
            {
                found[id] = owner;
            }
        }

        return found;
    }

    /// <summary>Reads all warehouses now, and forgets the items that are gone.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    public async Task RefreshWarehousesAsync(CancellationToken cancellation) => await RefreshAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await itemReads.DisposeAsync();
        await ownerReads.DisposeAsync();
        await warehouseReads.DisposeAsync();
    }

    // A cold start meets whole carts at once: many more wait here than callers do.
    private static CoalescerOptions Options(string operation) =>
        new()
        {
            Operation = operation,
            Lanes = 1,
            BatchSizeMax = 2_000,
            QueueLengthMax = 200_000,
        };

    private async Task<WarehouseList> RefreshAsync(CancellationToken cancellation) =>
        (await warehouseReads.SubmitAsync(true, cancellation)).OrThrow()!;

    private void RefreshInBackground()
    {
        if (Interlocked.Exchange(ref warehousesReading, 1) == 0)
        {
            _ = Task.Run(async () =>
            {
                try
                {
                    await RefreshAsync(CancellationToken.None);
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException)
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

    private async Task ReadItemsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<string, Found<ItemRows>>> batch
    )
    {
        var texts = batch.Select(p => p.Request).Distinct().ToArray();
        var ids = texts.Select(t => PublicId.TryParseItem(t, out var id) ? id : 0).Where(id => id != 0).ToArray();
        var rows = await DirectoryReads.ItemsAsync(connection, texts, ids);
        if (rows.Exists(r => Array.Exists(r.WarehouseIds, id => warehouses.Find(id) is null)))
        {
            // An item is never known before its warehouses are.
            await RefreshAsync(CancellationToken.None);
        }

        var found = new Dictionary<string, ItemRows>(rows.Count * 2, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            found[row.Sku] = found[PublicId.Item(row.ItemId)] = row.ToItem();
        }

        foreach (var pending in batch)
        {
            if (found.TryGetValue(pending.Request, out var item))
            {
                items.Set(pending.Request, item);
            }
            else
            {
                items.Remove(pending.Request);
            }

            pending.Settle(new(item));
        }
    }

    private async Task ReadOwnersAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<long, Found<StockOwner>>> batch
    )
    {
        var rows = await DirectoryReads.OwnersAsync(connection, batch.Select(p => p.Request).Distinct().ToArray());
        var found = new Dictionary<long, StockOwner>();
        foreach (var (stockId, sku, warehouse) in rows)
        {
            found[stockId] = new StockOwner(sku, warehouse);
            owners.Set(stockId, found[stockId]);
        }

        foreach (var pending in batch)
        {
            pending.Settle(new(found.GetValueOrDefault(pending.Request)));
        }
    }

    private async Task ReadWarehousesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<bool, Found<WarehouseList>>> batch
    )
    {
        var (rows, gone) = await DirectoryReads.WarehousesAsync(connection);
        foreach (var (itemId, sku) in gone)
        {
            items.Remove(sku);
            items.Remove(PublicId.Item(itemId));
        }

        Volatile.Write(ref warehousesReadAt, Stopwatch.GetTimestamp());
        if (!warehouses.IsSameAs(rows))
        {
            warehouses = new WarehouseList(rows);
        }

        foreach (var pending in batch)
        {
            pending.Settle(new(warehouses));
        }
    }
}
