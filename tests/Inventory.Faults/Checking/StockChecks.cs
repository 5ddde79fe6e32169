namespace Inventory.Faults.Checking;

/// <summary>Promises 1, 2 and 11: no commit oversold; the journal tells every change, in order.</summary>
internal static class StockChecks
{
    private static readonly Dictionary<Guid, DateTime> NoExpiry = [];

    public static IEnumerable<Violation> Judge(Tables tables)
    {
        var journal = tables.Journal.ToLookup(row => row.StockId);
        var held = tables
            .Reservations.SelectMany(r => r.Reserved)
            .ToLookup(line => line.StockId, line => line.Quantity);
        var known = tables.Stock.Select(row => row.StockId).ToHashSet();
        var strays = tables.Journal.Where(row => !known.Contains(row.StockId));
        return tables
            .Stock.SelectMany(row =>
                Bounds(row)
                    .Concat(Sums(row, journal[row.StockId], held[row.StockId].Sum()))
                    .Concat(Order(row, [.. journal[row.StockId].OrderBy(j => j.Version)]))
            )
            .Concat(strays.Select(row => new Violation(11, $"{row} is of no stock row")));
    }

    private static IEnumerable<Violation> Bounds(StockRow row)
    {
        var blocked = row.Damaged + row.QualityControl;
        if (Math.Min(Math.Min(row.Reserved, row.Damaged), Math.Min(row.QualityControl, row.InTransit)) < 0)
        {
            yield return new(1, $"{row} has a negative amount");
        }

        if (row.Reserved + blocked > row.OnHand)
        {
            yield return new(1, $"{row} is oversold: reserved {row.Reserved}, blocked {blocked}, on hand {row.OnHand}");
        }

        var available = row.OnHand - row.Reserved - blocked - row.SafetyStock;
        if (row.Available != available)
        {
            yield return new(1, $"{row} says {row.Available} available, and has {available}");
        }
    }

    private static IEnumerable<Violation> Sums(StockRow row, IEnumerable<JournalRow> journal, long held)
    {
        if (row.Reserved != held)
        {
            yield return new(2, $"{row} has {row.Reserved} reserved, and {held} is held");
        }

        (string Name, long Has, long Sum)[] amounts =
        [
            ("on hand", row.OnHand, journal.Sum(j => j.OnHand)),
            ("reserved", row.Reserved, journal.Sum(j => j.Reserved)),
            ("damaged", row.Damaged, journal.Sum(j => j.Damaged)),
            ("quality control", row.QualityControl, journal.Sum(j => j.QualityControl)),
            ("in transit", row.InTransit, journal.Sum(j => j.InTransit)),
            ("safety stock", row.SafetyStock, journal.Sum(j => j.SafetyStock)),
        ];
        foreach (var (name, has, sum) in amounts.Where(amount => amount.Has != amount.Sum))
        {
            yield return new(2, $"{row} has {has} {name}, and its journal says {sum}");
        }
    }

    private static IEnumerable<Violation> Order(StockRow row, JournalRow[] journal)
    {
        if (!journal.Select(j => j.Version).SequenceEqual(Enumerable.Range(1, (int)row.Version).Select(v => (long)v)))
        {
            yield return new(
                11,
                $"{row} is at version {row.Version}, and its journal has {journal.Length} rows or a gap"
            );
        }

        foreach (var (earlier, later) in journal.Zip(journal.Skip(1)))
        {
            if (later.Position <= earlier.Position || later.At < earlier.At)
            {
                yield return new(11, $"{later} stands in the journal before {earlier}");
            }
        }

        foreach (var commit in new StockTimeline(journal, NoExpiry).Broken)
        {
            yield return new(1, $"{row} was oversold or negative at its commit of {commit.At:HH:mm:ss.ffffff}");
        }
    }
}
