using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Telemetry;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// One watcher's view: of each item the last that is not told yet, so that one who is slow misses what came in between
/// and nothing grows. To be disposed when the watcher leaves.
/// </summary>
public sealed class AvailabilityWatch : IDisposable
{
    /// <summary>The most items of a step.</summary>
    public const int StepSizeMax = 50;

    // What a watcher of whole warehouses may have waiting; with more its warehouses are read to it anew.
    private const int WarehouseItemsMax = 1_000;

    private readonly Lock gate = new();
    private readonly JournalFeed feed;
    private readonly WatchMetrics metrics;
    private readonly StockDirectory directory;
    private readonly long fingerprint;
    private readonly Dictionary<long, WatchedLevels> waiting = [];
    private readonly Queue<long> order = new();
    private bool begun;

    internal AvailabilityWatch(
        JournalFeed feed,
        StockDirectory directory,
        WatchMetrics metrics,
        ItemRows[] items,
        WarehouseRow[] only,
        JournalCursor? resumes,
        long fingerprint
    )
    {
        this.feed = feed;
        this.directory = directory;
        this.metrics = metrics;
        this.fingerprint = fingerprint;
        Items = items;
        Only = only;
        Place = new(feed);
        Resumes = resumes;
        Walk = items.Length == 0 && resumes is null ? new() : null;
    }

    /// <summary>How long a step waits for a change before it tells only how far the watch is.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);

    internal FeedPlace Place { get; }

    /// <summary>None: all items of <see cref="Only"/>.</summary>
    internal ItemRows[] Items { get; }

    /// <summary>None: all warehouses of <see cref="Items"/>.</summary>
    internal WarehouseRow[] Only { get; }

    /// <summary>
    /// How far its warehouses have been read to it; none: to the end. The feed's loop alone moves it.
    /// </summary>
    internal AvailabilityWalk? Walk { get; private set; }

    /// <summary>Where it resumes; none: it begins with all that there is.</summary>
    internal JournalCursor? Resumes { get; }

    /// <summary>The warehouses all of whose items it watches.</summary>
    internal WarehouseRow[] Whole => Items.Length == 0 ? Only : [];

    /// <summary>Whether the next part of its warehouses is to be read, and there is room for it.</summary>
    internal bool TakesWalk
    {
        get
        {
            lock (gate)
            {
                return Walk is not null && waiting.Count < StepSizeMax;
            }
        }
    }

    /// <summary>Waits for what is new.</summary>
    /// <returns>A step without items says only how far the watch is.</returns>
    /// <exception cref="NpgsqlException">The database was away when the watch was to begin.</exception>
    public async ValueTask<WatchStep<ItemAvailability>> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (Place.Ended is { } end)
            {
                return new([], null, end);
            }

            // The order matters: first how far the feed is, then what is there of it.
            var through = Place.Through();
            var (taken, isEmpty) = Take();
            var token = isEmpty && through is not null ? ResumeToken.Write(through, fingerprint) : null;
            if (taken.Count > 0 || (token is not null && !begun))
            {
                return await StepAsync(taken, token, cancellation);
            }

            if (!await Place.WaitAsync(HeartbeatEvery, cancellation) && token is not null)
            {
                return await StepAsync([], token, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Place.Dispose();

    /// <summary>Whether it is of its warehouses.</summary>
    internal bool Wants(int warehouseId) => Only.Length == 0 || Array.Exists(Only, w => w.WarehouseId == warehouseId);

    /// <summary>Leaves what is newer than all that was offered before.</summary>
    internal void Offer(WatchedLevels levels)
    {
        var itemId = levels.Found.Levels.ItemId;
        lock (gate)
        {
            if (waiting.ContainsKey(itemId))
            {
                metrics.Coalesced();
            }
            else if (Items.Length == 0 && waiting.Count >= WarehouseItemsMax)
            {
                BeginWalkAgain();
                return;
            }
            else
            {
                order.Enqueue(itemId);
            }

            waiting[itemId] = levels;
        }

        Place.Wake();
    }

    /// <summary>A part of its warehouses has been read to it, unless they are read anew by now.</summary>
    internal void Advance(AvailabilityWalk from, AvailabilityWalk? to)
    {
        lock (gate)
        {
            if (ReferenceEquals(Walk, from))
            {
                Walk = to;
            }
        }

        Place.Wake();
    }

    /// <summary>Its warehouses are read to it from the beginning.</summary>
    internal void RestartWalk()
    {
        lock (gate)
        {
            BeginWalkAgain();
        }
    }

    private void BeginWalkAgain()
    {
        metrics.Overflowed();
        waiting.Clear();
        order.Clear();
        Walk = new();
    }

    private (List<WatchedLevels> Taken, bool IsEmpty) Take()
    {
        var taken = new List<WatchedLevels>();
        lock (gate)
        {
            while (taken.Count < StepSizeMax && order.TryDequeue(out var itemId))
            {
                waiting.Remove(itemId, out var levels);
                taken.Add(levels!);
            }

            if (Walk is not null && waiting.Count < StepSizeMax && taken.Count > 0)
            {
                feed.Ring();
            }

            return (taken, order.Count == 0 && Walk is null);
        }
    }

    private async ValueTask<WatchStep<ItemAvailability>> StepAsync(
        List<WatchedLevels> taken,
        string? token,
        CancellationToken cancellation
    )
    {
        begun |= token is not null;
        metrics.Told();
        var shown = new ItemAvailability[taken.Count];
        for (var i = 0; i < shown.Length; i++)
        {
            var item = new ItemRows(taken[i].Found.Levels.ItemId, taken[i].Sku, []);
            shown[i] = await Shelves.ShowAsync(item, taken[i].Found, Only, directory, cancellation);
        }

        return new(shown, token);
    }
}

/// <summary>How far the warehouses of a watch have been read.</summary>
/// <param name="Warehouse">Which of them, by its place.</param>
/// <param name="After">The last stock row.</param>
internal sealed record AvailabilityWalk(int Warehouse = 0, long After = 0);
