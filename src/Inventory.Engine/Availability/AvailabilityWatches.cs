using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// All watches of availability, and whom a change concerns. Items are read once for all who watch them, by one reader
/// after another, so nobody is offered an older state after a newer one.
/// </summary>
internal sealed class AvailabilityWatches(Cell cell, StockDirectory directory, JournalFeed feed) : IFeedListener
{
    // What one look between two passes may take, so that passes go on while many come at once.
    private const int ItemsPerLook = 2_000;
    private const int WalksPerLook = 4;
    private const int WalkSize = 250;

    // All watches together: a few tens of bytes each.
    private const int NamedItemsMax = 2_000_000;
    private const int OwnersMax = 200_000;

    private readonly WatchRoll<AvailabilityWatch> roll = new(w => w.Place, w => w.Items.Length);
    private readonly WatchIndex<long, AvailabilityWatch> byItem = new();
    private readonly WatchIndex<int, AvailabilityWatch> byWarehouse = new();
    private readonly ServingWarehouses serving = new(directory);
    private readonly TwoGenerations<long, (long ItemId, int WarehouseId)> owners = new(
        OwnersMax,
        EqualityComparer<long>.Default
    );

    public bool IsWatched => roll.Count > 0;

    internal int Count => roll.Count;

    internal bool TryAdd(AvailabilityWatch watch, int watchesMax)
    {
        var added = roll.TryAdd(watch, watchesMax, NamedItemsMax);
        feed.Ring();
        return added;
    }

    public async Task TakeAsync(ChangePage page, CancellationToken cancellation)
    {
        if (byItem.IsEmpty && byWarehouse.IsEmpty)
        {
            return;
        }

        // What is told is the present state, so of a row's changes one is enough.
        var last = new Dictionary<long, JournalChange>();
        foreach (ref readonly var change in page.Changes.AsSpan())
        {
            if (change.StockId != 0)
            {
                last[change.StockId] = change;
            }
        }

        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        await ResolveAsync(connection, last.Keys, cancellation);
        var concerned = new Dictionary<long, HashSet<AvailabilityWatch>>();
        foreach (var change in last.Values)
        {
            if (owners.TryGet(change.StockId, out var owner))
            {
                Collect(concerned, owner, byItem.Find(owner.ItemId), page, change);
                Collect(concerned, owner, byWarehouse.Find(owner.WarehouseId), page, change);
            }
        }

        await TellAsync(connection, concerned, cancellation);
    }

    public async Task<bool> AdmitAsync(CancellationToken cancellation)
    {
        LetGo();
        serving.Look(byItem, byWarehouse);
        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        var more = await LetInAsync(connection, cancellation);
        more |= await WalkAsync(connection, cancellation);
        return more | await TellOfWarehousesAsync(connection, cancellation);
    }

    public void Fail(Exception cause)
    {
        LetGo();
        roll.Fail(cause);
    }

    public void EndAll()
    {
        foreach (var watch in roll.Present)
        {
            watch.Place.End(WatchEnd.Of(WatchOutcome.EraOver));
        }
    }

    private static void Collect(
        Dictionary<long, HashSet<AvailabilityWatch>> concerned,
        (long ItemId, int WarehouseId) owner,
        IReadOnlyList<AvailabilityWatch> watches,
        ChangePage page,
        in JournalChange change
    )
    {
        foreach (var watch in watches)
        {
            if (watch.Wants(owner.WarehouseId) && watch.Place.Takes(page, change))
            {
                Add(concerned, owner.ItemId, watch);
            }
        }
    }

    private static void Add(
        Dictionary<long, HashSet<AvailabilityWatch>> concerned,
        long itemId,
        AvailabilityWatch watch
    )
    {
        if (!concerned.TryGetValue(itemId, out var watches))
        {
            concerned.Add(itemId, watches = []);
        }

        watches.Add(watch);
    }

    private static async Task TellAsync(
        NpgsqlConnection connection,
        Dictionary<long, HashSet<AvailabilityWatch>> concerned,
        CancellationToken cancellation
    )
    {
        foreach (var itemIds in concerned.Keys.Chunk(ItemsPerLook))
        {
            foreach (var levels in await ReadWatchedLevels.LevelsAsync(connection, itemIds, cancellation))
            {
                foreach (var watch in concerned[levels.Found.Levels.ItemId])
                {
                    watch.Offer(levels);
                }
            }
        }
    }

    private async Task ResolveAsync(
        NpgsqlConnection connection,
        IEnumerable<long> stockIds,
        CancellationToken cancellation
    )
    {
        var missing = stockIds.Where(id => !owners.TryGet(id, out _)).ToArray();
        if (missing.Length > 0)
        {
            foreach (var row in await ReadWatchedLevels.OwnersAsync(connection, missing, cancellation))
            {
                owners.Set(row.StockId, (row.ItemId, row.WarehouseId));
            }
        }
    }

    private void LetGo()
    {
        foreach (var watch in roll.LetGo())
        {
            Array.ForEach(watch.Items, i => byItem.Remove(i.ItemId, watch));
            Array.ForEach(watch.Whole, w => byWarehouse.Remove(w.WarehouseId, watch));
        }
    }

    private async Task<bool> LetInAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var wanted = new Dictionary<long, HashSet<AvailabilityWatch>>();
        var fresh = new List<AvailabilityWatch>();
        while (wanted.Count < ItemsPerLook && roll.TryLetIn(out var watch))
        {
            Array.ForEach(watch.Items, i => byItem.Add(i.ItemId, watch));
            Array.ForEach(watch.Whole, w => byWarehouse.Add(w.WarehouseId, watch));
            if (watch.Resumes is { } from)
            {
                watch.Place.Return(from);
                continue;
            }

            fresh.Add(watch);
            Array.ForEach(watch.Items, i => Add(wanted, i.ItemId, watch));
        }

        await TellAsync(connection, wanted, cancellation);
        fresh.ForEach(w => w.Place.GoLive(from: null));
        return roll.AnyoneComes();
    }

    private async Task<bool> WalkAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var walks = 0;
        foreach (var watch in roll.Present.Where(w => w.TakesWalk && w.Place.State == FeedState.Live))
        {
            if (walks++ == WalksPerLook)
            {
                return true;
            }

            var walk = watch.Walk!;
            var warehouse = watch.Only[walk.Warehouse].WarehouseId;
            var rows = await ReadWatchedLevels.WalkAsync(connection, warehouse, walk.After, WalkSize, cancellation);
            var concerned = new Dictionary<long, HashSet<AvailabilityWatch>>(rows.Count);
            rows.ForEach(r => Add(concerned, r.ItemId, watch));
            await TellAsync(connection, concerned, cancellation);
            watch.Advance(
                walk,
                rows.Count == WalkSize ? walk with { After = rows[^1].StockId }
                    : walk.Warehouse + 1 < watch.Only.Length ? new AvailabilityWalk(walk.Warehouse + 1)
                    : null
            );
        }

        return false;
    }

    private async Task<bool> TellOfWarehousesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!serving.AnyLeft)
        {
            return false;
        }

        var itemIds = serving.Next(ItemsPerLook);
        foreach (var levels in await ReadWatchedLevels.LevelsAsync(connection, itemIds, cancellation))
        {
            var item = levels.Found.Levels;
            foreach (var watch in byItem.Find(item.ItemId).Where(w => serving.Concerns(w, item)))
            {
                watch.Offer(levels);
            }
        }

        if (!serving.AnyLeft)
        {
            serving.Done();
        }

        return serving.AnyLeft;
    }
}
