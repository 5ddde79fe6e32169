using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>Promises 5 to 7 for changes of what is on hand, found in the journal by their reason.</summary>
internal static class AdjustChecks
{
    public static IEnumerable<Violation> Judge(IReadOnlyList<Entry> history, Tables tables)
    {
        var stock = tables.Stock.ToDictionary(s => s.StockId);
        var effects = tables.Journal.Where(j => j.Reason is not null).ToLookup(j => j.Reason!);
        return history
            .Where(e => e.Ask is AdjustAsk)
            .GroupBy(e => ((AdjustAsk)e.Ask).RequestId)
            .SelectMany(id => OfOne([.. id], [.. effects[id.Key]], stock));
    }

    private static IEnumerable<Violation> OfOne(
        Entry[] attempts,
        JournalRow[] effects,
        Dictionary<long, StockRow> stock
    )
    {
        if (effects.Length > 1)
        {
            yield return new(7, $"it happened {effects.Length} times: {attempts[0]}");
        }

        if (effects.Length == 0 && attempts.FirstOrDefault(a => a.Reply is Done) is { } lost)
        {
            yield return new(5, $"it did not happen: {lost}");
        }

        if (effects.Length == 1 && attempts.All(a => !a.MayHaveHadEffect))
        {
            yield return new(6, $"it happened all the same: {attempts[0]}");
        }

        foreach (var effect in effects.Where(e => !IsOf(e, (AdjustAsk)attempts[0].Ask, stock)))
        {
            yield return new(6, $"{effect} changed something else: {attempts[0]}");
        }

        if (attempts.Count(a => a.Reply is Done { Replayed: false }) > 1)
        {
            yield return new(7, $"it was done anew more than once: {attempts[0]}");
        }
    }

    private static bool IsOf(JournalRow effect, AdjustAsk ask, Dictionary<long, StockRow> stock) =>
        effect.OnHand == ask.Difference
        && stock.TryGetValue(effect.StockId, out var row)
        && (row.Sku, row.Warehouse) == (ask.Sku, ask.Warehouse);
}
