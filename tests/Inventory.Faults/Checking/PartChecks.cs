using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>
/// Promise 3 for reservations that moved in parts, or were taken again after they lapsed: each piece was granted once,
/// and then sold or given back once, as the reservation tells; and none came back that was not sold. Promises 5 to 7
/// for who asked for a part.
/// </summary>
internal static class PartChecks
{
    public static IEnumerable<Violation> Judge(IReadOnlyList<Entry> history, Tables tables)
    {
        var rows = tables.Reservations.DistinctBy(r => r.ReservationId).ToDictionary(r => r.ReservationId);
        var confirmed = history
            .Where(e => e is { MayHaveHadEffect: true, Ask: EndAsk { End: ReservationEnd.Confirmed } })
            .Select(e => ((EndAsk)e.Ask).ReservationId)
            .ToHashSet();
        var twice = history
            .Where(e => e is { Ask: PartAsk, Reply: Done { Replayed: false } })
            .GroupBy(e => ((PartAsk)e.Ask).RequestId)
            .Where(id => id.Count() > 1)
            .Select(id => new Violation(7, $"a part was made anew more than once: {id.First()}"));
        return history
            .Where(e => e.Ask is PartAsk)
            .GroupBy(e => ((PartAsk)e.Ask).ReservationId)
            .SelectMany(parts => OfOne([.. parts], rows.GetValueOrDefault(parts.Key), confirmed.Contains(parts.Key)))
            .Concat(twice);
    }

    private static IEnumerable<Violation> OfOne(Entry[] parts, ReservationRow? row, bool mayBeWhole)
    {
        var done = parts.Where(e => e.Reply is Done).ToArray();
        if (row is null)
        {
            return done.Select(e => new Violation(5, $"its reservation is not there: {e}"));
        }

        var sold = Enumerable.Range(0, row.StockIds.Count).Sum(row.Sold);
        var gone = row.Quantities.Sum() - row.Reserved.Sum(line => line.Quantity);
        var least = Sum(done, ReservationEnd.Confirmed);
        var most = mayBeWhole
            ? row.Quantities.Sum()
            : Sum(parts.Where(e => e.MayHaveHadEffect), ReservationEnd.Confirmed);
        List<Violation> violations = [];
        if (sold < least || gone < least + Sum(done, ReservationEnd.Cancelled))
        {
            violations.Add(new(5, $"{row} has sold {sold} of {gone}, and more was told: {done[0]}"));
        }

        if (sold > most)
        {
            violations.Add(new(6, $"{row} has sold {sold}, and at most {most} was asked for: {parts[0]}"));
        }

        return violations;
    }

    private static long Sum(IEnumerable<Entry> parts, ReservationEnd end) =>
        parts.Select(e => (PartAsk)e.Ask).Where(p => p.End == end).DistinctBy(p => p.RequestId).Sum(p => p.Quantity);

    public static IEnumerable<string> Course(ReservationRow reservation, int line, JournalRow[] moves)
    {
        var ordered = moves.OrderBy(m => m.Version).ToArray();
        var quantity = reservation.Quantities[line];
        if (ordered is not [{ OnHand: 0 } grant, ..] || grant.Reserved != quantity)
        {
            yield return $"does not begin with the grant of {quantity}";
            yield break;
        }

        var reserved = quantity;
        foreach (var move in ordered.Skip(1))
        {
            // What a lapsed hold has given back is sold from what is available: on hand moves, and reserved does not.
            if (move.Reserved > 0 || (move.Reserved < 0 && move.OnHand < move.Reserved))
            {
                yield return $"moved (reserved, on hand) ({move.Reserved}, {move.OnHand}) after its grant";
            }

            reserved += move.Reserved;
            if (reserved < 0)
            {
                yield return "gave back or sold more than it held";
            }
        }

        var held = reservation.Reserved.ElementAtOrDefault(line).Quantity;
        if (reserved != held)
        {
            yield return $"says that {held} is held, and {reserved} is by the journal";
        }

        var sold = -ordered.Sum(m => m.OnHand);
        if (sold != reservation.Sold(line) || sold > quantity)
        {
            yield return $"says that {reservation.Sold(line)} of {quantity} was sold, and {sold} was by the journal";
        }
    }

    public static IEnumerable<Violation> Returns(ReservationRow reservation, IEnumerable<JournalRow> moves)
    {
        var journaled = moves.Where(m => m.OnHand > 0).Sum(m => m.OnHand);
        var told = reservation.Returned?.Sum() ?? 0;
        if (journaled != told)
        {
            yield return new(3, $"{reservation} says that {told} came back, and {journaled} did by the journal");
        }

        for (var line = 0; line < (reservation.Returned?.Count ?? 0); line++)
        {
            if (reservation.Returned![line] < 0 || reservation.Returned[line] > reservation.Sold(line))
            {
                yield return new(3, $"{reservation} took more back than it sold in line {line}");
            }
        }
    }
}
