using System.Runtime.CompilerServices;
using Inventory.Engine.Telemetry;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// Finds items' levels: in the cache while what it holds is covered, in the tables otherwise, and when a read must be
/// strong.
/// </summary>
public sealed class CachedLevels(
    AvailabilityCache cache,
    RepairAvailability repair,
    ReadLevels read,
    ReadStrongLevels readStrong,
    AvailabilityMetrics metrics
)
{
    private readonly GatheredFinds finds = new(cache);

    /// <summary>Finds one item.</summary>
    /// <returns>None if too many wait for the database.</returns>
    /// <exception cref="NpgsqlException">The cache does not have it, and the database is away.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<FoundLevels?> FindAsync(
        long itemId,
        Consistency consistency,
        CancellationToken cancellation
    )
    {
        if (consistency == Consistency.Strong)
        {
            return FoundLevels.Read(await readStrong.ExecuteAsync(itemId, cancellation));
        }

        // Taken before the cache is asked: what it covers then it covers in the answer, if it is the same cache still.
        var coverage = repair.Coverage;
        if (
            coverage is not null
            && await finds.FindAsync(itemId) is { } levels
            && cache.Incarnation == coverage.Incarnation
        )
        {
            metrics.Hit(1);
            return FoundLevels.Copied(levels, coverage);
        }

        metrics.Missed(1);
        return FoundLevels.Read(await read.ExecuteAsync(itemId, cancellation));
    }

    /// <summary>Finds many, in their order.</summary>
    /// <returns>None if too many wait for the database.</returns>
    /// <exception cref="NpgsqlException">The cache does not have one of them, and the database is away.</exception>
    internal async ValueTask<FoundLevels[]?> FindAsync(
        long[] itemIds,
        Consistency consistency,
        CancellationToken cancellation
    )
    {
        var found = new FoundLevels?[itemIds.Length];
        if (consistency == Consistency.Eventual && repair.Coverage is { } coverage)
        {
            var copies = await cache.FindAsync(itemIds);
            for (var i = 0; i < copies.Length; i++)
            {
                if (copies[i] is { } levels && cache.Incarnation == coverage.Incarnation)
                {
                    found[i] = FoundLevels.Copied(levels, coverage);
                }
            }
        }

        var missing = Enumerable.Range(0, itemIds.Length).Where(i => found[i] is null).ToArray();
        if (consistency == Consistency.Eventual)
        {
            metrics.Hit(itemIds.Length - missing.Length);
            metrics.Missed(missing.Length);
        }

        // Sent together, so that one statement takes them together.
        var readings = missing.Select(i =>
            consistency == Consistency.Strong
                ? readStrong.ExecuteAsync(itemIds[i], cancellation).AsTask()
                : read.ExecuteAsync(itemIds[i], cancellation).AsTask()
        );
        var answers = await Task.WhenAll(readings);
        for (var i = 0; i < missing.Length; i++)
        {
            found[missing[i]] = FoundLevels.Read(answers[i]);
        }

        return Array.TrueForAll(found, f => f is not null) ? Array.ConvertAll(found, f => f!.Value) : null;
    }
}
