using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>
/// Promise 8: who was refused for want of stock could not have been served at some moment of the call. What could have
/// been in force at a moment is taken as widely as the journal allows, so what remains is false for certain.
/// </summary>
internal static class RefusalChecks
{
    public static IEnumerable<Violation> Judge(IReadOnlyList<Entry> history, Tables tables)
    {
        var expiry = tables
            .Reservations.DistinctBy(r => r.ReservationId)
            .ToDictionary(r => r.ReservationId, r => r.ExpiresAt);
        var journal = tables.Journal.ToLookup(j => j.StockId);
        var timelines = tables.Stock.ToDictionary(
            row => (row.Sku, row.Warehouse),
            row => new StockTimeline([.. journal[row.StockId].OrderBy(j => j.Version)], expiry)
        );
        var rows = tables.Reservations.ToLookup(r => (r.Caller, r.RequestId));
        var grants = history.Where(e => e.Reply is Granted).ToLookup(e => ((ReserveAsk)e.Ask).RequestId);
        foreach (var entry in history)
        {
            if (entry is not { Ask: ReserveAsk ask, Reply: Refused { Reason: RefusalReason.StockShort } })
            {
                continue;
            }

            if (DidFit(ask, entry, timelines))
            {
                yield return new(8, $"it fitted all the time: {entry}");
            }

            var told = grants[ask.RequestId]
                .Any(g => g.CompletedAt < entry.InvokedAt && ask.IsSameAs((ReserveAsk)g.Ask));
            var there = rows[(ask.Caller, ask.RequestId)]
                .Any(r => timelines.Values.Any(t => t.WasGrantedBefore(r.ReservationId, entry.InvokedAt.UtcDateTime)));
            if (told || there)
            {
                yield return new(8, $"it had been granted already: {entry}");
            }
        }
    }

    private static bool DidFit(ReserveAsk ask, Entry entry, Dictionary<(string, string), StockTimeline> timelines)
    {
        var named = ask.Lines.Where(l => l.Warehouse is not null).GroupBy(l => (l.Sku, l.Warehouse));
        return named.All(n => At(n.Key.Sku, n.Key.Warehouse!) >= n.Sum(l => l.Quantity))
            && ask.Lines.GroupBy(l => l.Sku).All(s => InAll(s.Key) >= s.Sum(l => l.Quantity));

        long At(string sku, string warehouse) =>
            timelines.TryGetValue((sku, warehouse), out var timeline) ? Least(timeline, entry) : 0;

        long InAll(string sku) => timelines.Where(t => t.Key.Item1 == sku).Sum(t => Math.Max(0, Least(t.Value, entry)));
    }

    private static long Least(StockTimeline timeline, Entry entry) =>
        timeline.LeastAvailable(entry.InvokedAt.UtcDateTime, entry.CompletedAt.UtcDateTime);
}
