using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>Promises 4 to 7 for reservations: OK is there, an error is not, and an id has one effect.</summary>
internal static class ReserveChecks
{
    public static IEnumerable<Violation> Judge(IReadOnlyList<Entry> history, Tables tables)
    {
        var rows = tables.Reservations.ToLookup(r => (r.Caller, r.RequestId));
        var stock = tables.Stock.ToDictionary(s => s.StockId);
        var asked = history
            .Where(e => e.Ask is ReserveAsk)
            .Select(e => new Attempt(e, (ReserveAsk)e.Ask))
            .ToLookup(a => (a.Ask.Caller, a.Ask.RequestId));
        return asked
            .SelectMany(id => OfOne([.. id], [.. rows[id.Key]], stock))
            .Concat(
                rows.Where(id => !asked.Contains(id.Key))
                    .Select(id => new Violation(6, $"{id.First()} was never asked for"))
            );
    }

    private sealed record Attempt(Entry Entry, ReserveAsk Ask)
    {
        public Granted? Granted => Entry.Reply as Granted;
    }

    private static IEnumerable<Violation> OfOne(
        Attempt[] attempts,
        ReservationRow[] rows,
        Dictionary<long, StockRow> stock
    )
    {
        if (rows is not [var row])
        {
            return rows.Length > 1
                ? [new(7, $"{rows[0]} is there {rows.Length} times")]
                : attempts.Where(a => a.Granted is not null).Select(a => new Violation(5, $"not there: {a.Entry}"));
        }

        var violations = attempts.Where(a => a.Granted is not null).SelectMany(a => OfGrant(a, row, stock)).ToList();
        if (!attempts.Any(a => a.Entry.MayHaveHadEffect && HasContent(row, a.Ask, stock)))
        {
            violations.Add(new(6, $"{row} is what nobody was told who asked: {attempts[0].Entry}"));
        }

        if (attempts.Count(a => a.Granted is { Replayed: false }) > 1)
        {
            violations.Add(new(7, $"{row} was granted anew more than once"));
        }

        var wronglyReused = attempts.Where(a =>
            a.Entry.Reply is Refused { Reason: RefusalReason.RequestIdReused }
            && attempts.All(other => !other.Entry.MayHaveHadEffect || other.Ask.IsSameAs(a.Ask))
        );
        violations.AddRange(
            wronglyReused.Select(a => new Violation(7, $"the same content was taken for other: {a.Entry}"))
        );
        return violations;
    }

    private static IEnumerable<Violation> OfGrant(Attempt attempt, ReservationRow row, Dictionary<long, StockRow> stock)
    {
        if (attempt.Granted!.ReservationId != row.ReservationId)
        {
            yield return new(7, $"{row} answers another id: {attempt.Entry}");
        }

        if (!HasContent(row, attempt.Ask, stock))
        {
            yield return new(4, $"{row} holds other than all that was asked: {attempt.Entry}");
        }
    }

    /// <summary>Every line whole, from the warehouse that it names, and nothing beside them.</summary>
    private static bool HasContent(ReservationRow row, ReserveAsk ask, Dictionary<long, StockRow> stock)
    {
        var held = row.Lines.GroupBy(l => stock[l.StockId].Sku).ToDictionary(s => s.Key, s => s.Sum(l => l.Quantity));
        var wanted = ask.Lines.GroupBy(l => l.Sku).ToDictionary(s => s.Key, s => s.Sum(l => l.Quantity));
        var named = ask.Lines.Where(l => l.Warehouse is not null).GroupBy(l => (l.Sku, l.Warehouse));
        return held.Count == wanted.Count
            && wanted.All(w => held.GetValueOrDefault(w.Key) == w.Value)
            && named.All(n => HeldAt(row, n.Key.Sku, n.Key.Warehouse!, stock) >= n.Sum(l => l.Quantity));
    }

    private static long HeldAt(ReservationRow row, string sku, string warehouse, Dictionary<long, StockRow> stock) =>
        row
            .Lines.Where(l => stock[l.StockId].Sku == sku && stock[l.StockId].Warehouse == warehouse)
            .Sum(l => l.Quantity);
}
