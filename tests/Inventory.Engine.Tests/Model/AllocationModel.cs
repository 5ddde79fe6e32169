using Inventory.Engine.Reservations;

namespace Inventory.Engine.Tests.Model;

/// <summary>How much of each line, and from where, by trying all there is to try: right because it is slow.</summary>
internal sealed class AllocationModel(IEnumerable<ModelRow> rows, Func<ModelRow, long> available)
{
    private static readonly int[][] Sets =
    [
        [],
        [1],
        [2],
        [1, 2],
    ];

    private readonly Dictionary<ModelRow, long> left = rows.Where(r => r.IsOpen)
        .ToDictionary(r => r, r => Math.Max(0, available(r)));

    /// <summary>Without so much of a line there is no reservation.</summary>
    public static long Least(StepLine line, ReserveFill fill) =>
        fill == ReserveFill.AllOrNothing ? line.Quantity : line.Least;

    public bool Fits(IReadOnlyDictionary<StepLine, long> amounts) =>
        amounts.All(a =>
            Sum(amounts, l => l.Sku == a.Key.Sku) <= left.Where(r => r.Key.Sku == a.Key.Sku).Sum(r => r.Value)
        )
        && amounts
            .Where(a => a.Key.Warehouse is not null)
            .All(a =>
                Sum(amounts, l => (l.Sku, l.Warehouse) == (a.Key.Sku, a.Key.Warehouse))
                <= left.Where(r => (r.Key.Sku, r.Key.Warehouse) == (a.Key.Sku, a.Key.Warehouse)).Sum(r => r.Value)
            );

    /// <summary>Line by line, those that name a warehouse first: the most that leaves the others their least.</summary>
    public Dictionary<StepLine, long>? Amounts(List<StepLine> demands, ReserveFill fill)
    {
        var amounts = demands.ToDictionary(d => d, d => Least(d, fill));
        if (!Fits(amounts))
        {
            return null;
        }

        foreach (var line in demands.OrderBy(d => d.Warehouse is null))
        {
            var least = amounts[line];
            amounts[line] = line.Quantity;
            while (amounts[line] > least && !Fits(amounts))
            {
                amounts[line] = fill == ReserveFill.WholeLines ? least : amounts[line] - 1;
            }
        }

        return amounts.Values.Any(a => a > 0) ? amounts : null;
    }

    public List<(ModelRow Row, long Quantity)> Allocate(Dictionary<StepLine, long> amounts, ReserveSource source)
    {
        var taken = new Dictionary<ModelRow, long>();
        foreach (var (line, amount) in amounts.Where(a => a.Key.Warehouse is not null))
        {
            Take(taken, left.Keys.Where(r => (r.Sku, r.Warehouse) == (line.Sku, line.Warehouse)), amount);
        }

        var anywhere = amounts.Where(a => a.Key.Warehouse is null && a.Value > 0).ToList();
        var named = amounts.Where(a => a.Key.Warehouse is not null && a.Value > 0).Select(a => a.Key.Warehouse!.Value);
        var order = Sets.First(set =>
            source != ReserveSource.FewestSplits
                ? set.Length == 2
                : anywhere.All(a => HasEnough(taken, a.Key.Sku, [.. set, .. named], a.Value))
        );
        foreach (var (line, amount) in anywhere)
        {
            int[] all = [.. order, .. source == ReserveSource.FewestSplits ? named : []];
            var within = Sets.First(set =>
                source == ReserveSource.FewestSplits
                    ? set.All(all.Contains) && HasEnough(taken, line.Sku, set, amount)
                    : set.Length == 2
            );
            var from = left
                .Keys.Where(r => r.Sku == line.Sku && within.Contains(r.Warehouse))
                .OrderBy(r => r.Warehouse);
            Take(
                taken,
                source == ReserveSource.HighestStock ? from.OrderByDescending(r => Left(taken, r)) : from,
                amount
            );
        }

        return [.. taken.Select(t => (t.Key, t.Value))];
    }

    private bool HasEnough(Dictionary<ModelRow, long> taken, char sku, int[] warehouses, long amount) =>
        left.Keys.Where(r => r.Sku == sku && warehouses.Contains(r.Warehouse)).Sum(r => Left(taken, r)) >= amount;

    private long Left(Dictionary<ModelRow, long> taken, ModelRow row) => left[row] - taken.GetValueOrDefault(row);

    private void Take(Dictionary<ModelRow, long> taken, IEnumerable<ModelRow> from, long amount)
    {
        foreach (var row in from.ToList())
        {
            var part = Math.Min(amount, Left(taken, row));
            amount -= part;
            if (part > 0)
            {
                taken[row] = taken.GetValueOrDefault(row) + part;
            }
        }
    }

    private static long Sum(IReadOnlyDictionary<StepLine, long> amounts, Func<StepLine, bool> of) =>
        amounts.Where(a => of(a.Key)).Sum(a => a.Value);
}
