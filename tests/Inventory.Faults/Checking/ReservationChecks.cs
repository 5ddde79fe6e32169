namespace Inventory.Faults.Checking;

/// <summary>Promises 3 and 4: a reservation ends once, stock moves with it, and all its lines do or none.</summary>
internal static class ReservationChecks
{
    public static IEnumerable<Violation> Judge(Tables tables)
    {
        var moves = tables.Journal.Where(j => j.Reserved != 0 || j.OnHand != 0).ToLookup(j => j.Document);
        var known = tables.Reservations.Select(r => (Guid?)r.ReservationId).ToHashSet();
        var strays = moves
            .Where(document => !known.Contains(document.Key))
            .SelectMany(document => document.Where(j => j.Reserved != 0).Take(1))
            .Select(stray => new Violation(3, $"{stray} moves what is reserved, for no reservation"));
        return tables
            .Reservations.SelectMany(r => OfOne(r, [.. moves[r.ReservationId].Where(m => m.OnHand <= 0)]))
            .Concat(tables.Reservations.SelectMany(r => PartChecks.Returns(r, moves[r.ReservationId])))
            .Concat(strays);
    }

    private static IEnumerable<Violation> OfOne(ReservationRow reservation, JournalRow[] moves)
    {
        var ofLines = reservation.Lines.Select(line => line.StockId).ToHashSet();
        foreach (var stray in moves.Where(m => !ofLines.Contains(m.StockId)))
        {
            yield return new(4, $"{stray} is of no line of {reservation}");
        }

        var lines = reservation
            .Lines.Select(line => (line.Quantity, Moves: moves.Where(m => m.StockId == line.StockId).ToArray()))
            .ToArray();
        var granted = lines.Count(line => line.Moves.Any(m => m.Reserved > 0));
        if (granted < lines.Length)
        {
            yield return new(4, $"{reservation} has {lines.Length} lines, and {granted} were granted");
        }

        var plain = reservation.HeldParts is null && !Array.Exists(moves, m => m.Reserved == 0);
        if (plain && lines.Select(line => line.Moves.Count(m => m.Reserved < 0)).Distinct().Count() > 1)
        {
            yield return new(4, $"{reservation} ended in some of its lines");
        }

        var problems = plain
            ? lines.SelectMany(line => Course(reservation, line.Quantity, line.Moves))
            : lines.SelectMany((line, i) => PartChecks.Course(reservation, i, line.Moves));
        foreach (var problem in problems)
        {
            yield return new(3, $"{reservation} {problem}");
        }

        if (reservation.EndedAt is null != (reservation.State == ReservationRow.Held))
        {
            yield return new(3, $"{reservation} has ended or not: {reservation.EndedAt?.ToString("O") ?? "no time"}");
        }
    }

    /// <summary>One line: taken once, and given back or sold once if the reservation has ended.</summary>
    private static IEnumerable<string> Course(ReservationRow reservation, long quantity, JournalRow[] moves)
    {
        var ordered = moves.OrderBy(m => m.Version).Select(m => (m.Reserved, m.OnHand)).ToArray();
        (long, long)[] expected = reservation.State switch
        {
            ReservationRow.Held => [(quantity, 0)],
            ReservationRow.Confirmed or ReservationRow.Fulfilled => [(quantity, 0), (-quantity, -quantity)],
            _ => [(quantity, 0), (-quantity, 0)],
        };
        if (!ordered.SequenceEqual(expected))
        {
            yield return $"moved (reserved, on hand) {string.Join(" ", ordered)}, not {string.Join(" ", expected)}";
        }
    }
}
