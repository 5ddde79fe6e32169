using Inventory.Engine.Availability;
using Inventory.Engine.Reservations;
using Inventory.Testing;

namespace Inventory.Engine.Tests.Watching;

/// <summary>Opens watches that a test takes for granted.</summary>
internal static class OpenedWatches
{
    public static async Task<Watcher<ItemAvailability>> WatchAsync(
        this WatchingNode node,
        IReadOnlyList<string> skus,
        IReadOnlyList<string>? warehouses = null,
        string? token = null
    )
    {
        var (watch, refusal) = await node.Availability.OpenAsync(skus, warehouses ?? [], token, CancellationToken.None);
        return watch is null
            ? throw new InvalidOperationException($"{refusal!.Outcome}.")
            : new Watcher<ItemAvailability>(watch.NextAsync, watch);
    }

    public static Watcher<ReservationChange> Watch(
        this WatchingNode node,
        IReadOnlyList<Guid> ids,
        IReadOnlyList<string> orderIds,
        string? token = null
    )
    {
        var (watch, refusal) = node.Reservations.Open(ids, orderIds, token);
        return watch is null
            ? throw new InvalidOperationException($"{refusal!.Outcome}.")
            : new Watcher<ReservationChange>(watch.NextAsync, watch);
    }
}
