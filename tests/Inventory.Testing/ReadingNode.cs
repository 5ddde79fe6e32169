using Inventory.Engine.Availability;
using Inventory.Engine.Database;
using Inventory.Engine.Telemetry;

namespace Inventory.Testing;

/// <summary>
/// The reading side as one server runs it. Nothing follows by itself: a test says when, with <see cref="FollowAsync"/>.
/// </summary>
public sealed class ReadingNode : IAsyncDisposable
{
    private readonly AvailabilityCache cache;
    private readonly PublishLevels publish;
    private readonly RepairAvailability repair;
    private readonly ReadLevels read;
    private readonly ReadStrongLevels readStrong;

    /// <param name="cell">The tables.</param>
    /// <param name="directory">A node's.</param>
    /// <param name="committed">Whose commits reach the cache; those of others are lost on the way.</param>
    /// <param name="cache">Goes with this.</param>
    /// <param name="pageSize">Of the follower.</param>
    /// <param name="pagesMax">Of the follower.</param>
    public ReadingNode(
        Cell cell,
        StockDirectory directory,
        CommittedLevels committed,
        AvailabilityCache cache,
        int pageSize = RepairAvailability.DefaultPageSize,
        int pagesMax = 20
    )
    {
        this.cache = cache;
        publish = new PublishLevels(cache, committed, Metrics);
        repair = new RepairAvailability(cell, cache, publish, Metrics) { PageSize = pageSize, PagesMax = pagesMax };
        read = new ReadLevels(cell, cache);
        readStrong = new ReadStrongLevels(cell);
        var levels = new CachedLevels(cache, repair, read, readStrong, Metrics);
        Get = new GetAvailability(directory, levels);
        BatchGet = new BatchGetAvailability(directory, levels);
        Check = new CheckAvailability(directory, levels);
    }

    public AvailabilityMetrics Metrics { get; } = new();

    public GetAvailability Get { get; }

    public BatchGetAvailability BatchGet { get; }

    public CheckAvailability Check { get; }

    /// <summary>One pass, as soon as the cache can be reached.</summary>
    public Task FollowAsync() => Eventually.TrueAsync(() => repair.ExecuteAsync(CancellationToken.None));

    /// <summary>One pass, if the cache can be reached.</summary>
    public Task<bool> TryFollowAsync() => repair.ExecuteAsync(CancellationToken.None);

    /// <summary>An item that there is.</summary>
    public async Task<ItemAvailability> GetAsync(string sku, Consistency consistency = Consistency.Eventual)
    {
        var answer = await Get.ExecuteAsync(sku, [], consistency, CancellationToken.None);
        return answer.Item ?? throw new InvalidOperationException($"{sku}: {answer.Outcome}.");
    }

    /// <summary>The item, as soon as the cache has it.</summary>
    public async Task<ItemAvailability> GetCopyAsync(string sku)
    {
        ItemAvailability? item = null;
        await Eventually.TrueAsync(async () =>
            (item = await GetAsync(sku)).Freshness.Source == AvailabilitySource.Cache
        );
        return item!;
    }

    public async ValueTask DisposeAsync()
    {
        await read.DisposeAsync();
        await readStrong.DisposeAsync();
        await publish.DisposeAsync();
        await cache.DisposeAsync();
        Metrics.Dispose();
    }
}
