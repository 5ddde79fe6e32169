using Inventory.Engine.Reservations;

namespace Inventory.Engine.Tests.Model;

/// <summary>
/// What the engine must answer, in plain dictionaries and one thread. Warehouse 1 is drawn on before 2, and 3 serves no
/// holds.
/// </summary>
internal sealed class InventoryModel
{
    private readonly Dictionary<int, ModelHold> holds = [];
    private readonly EditModel edits;

    public InventoryModel() => edits = new EditModel(Rows);

    public List<ModelRow> Rows { get; } =
    [
        new('A', 1, 6),
        new('A', 2, 9, safetyStock: 2),
        new('B', 1, 10),
        new('C', 2, 8),
        new('C', 3, 8),
        new('D', 1, 8),
        new('E', 3, 8),
    ];

    public string Answer(CallerStep step) =>
        step switch
        {
            ReserveStep reserve => Reserve(reserve),
            EndStep end => End(end),
            ExtendStep extend => Extend(extend),
            GetStep get => holds.TryGetValue(get.Order, out var hold) ? $"{hold}" : "none",
            LapseStep lapse => Lapse(lapse),
            SweepStep => $"{Expire(_ => true)}",
            EditStep edit => edits.Answer(edit),
            _ => throw new InvalidOperationException($"The model knows nothing of {step}."),
        };

    /// <summary>Its whole state: what it answers from now on follows from it.</summary>
    public override string ToString() =>
        string.Join(", ", Rows.Select(r => $"{r.Sku}@{r.Warehouse} {r.OnHand} {r.Reserved} {r.Damaged}"))
        + string.Join(
            ", ",
            holds.OrderBy(h => h.Key).Select(h => $"{h.Key} {h.Value.Content} {h.Value.State} {h.Value}")
        )
        + edits;

    private string Reserve(ReserveStep ask)
    {
        var demands = Demands(ask);
        var content = $"{ask.HoldMs}: {string.Join(", ", demands)} {ask.Source} {ask.Fill}";
        if (holds.TryGetValue(ask.Order, out var there))
        {
            return there.Content == content ? $"Replayed {there}" : "RequestIdReused";
        }

        if (!demands.TrueForAll(IsKnown))
        {
            return Refuse(ask, demands);
        }

        // Less than was asked only where due holds don't help; and they are left alone where they are not needed.
        var now = new AllocationModel(Rows, row => row.Available);
        var then = new AllocationModel(Rows, row => row.Available + Due(row));
        var amounts = demands.ToDictionary(d => d, d => d.Quantity);
        if (!now.Fits(amounts))
        {
            if (then.Amounts(demands, ask.Fill) is not { } fitting)
            {
                return Refuse(ask, demands);
            }

            amounts = fitting;
        }

        var isFree = now.Fits(amounts);
        var taken = (isFree ? now : then).Allocate(amounts, ask.Source);
        if (!isFree)
        {
            Expire(hold => hold.Taken.Any(t => taken.Exists(x => x.Row == t.Row)));
        }

        foreach (var (row, quantity) in taken)
        {
            row.Reserved += quantity;
        }

        var missing = amounts
            .GroupBy(a => a.Key.Sku, a => a.Key.Quantity - a.Value)
            .Select(g => (g.Key, g.Sum()))
            .Where(m => m.Item2 > 0);
        var granted = holds[ask.Order] = new ModelHold(content, taken, [.. missing]);
        return $"Held {granted}";
    }

    /// <summary>Lines of one SKU and warehouse summed, in the order of their names.</summary>
    private static List<StepLine> Demands(ReserveStep ask) =>
        [
            .. ask
                .Lines.GroupBy(l => (l.Sku, l.Warehouse))
                .OrderBy(g => g.Key.Sku)
                .ThenBy(g => g.Key.Warehouse ?? 0)
                .Select(g => new StepLine(g.Key.Sku, g.Key.Warehouse, g.Sum(l => l.Quantity), g.Sum(l => l.Least))),
        ];

    private static bool IsKnown(StepLine line) => line is { Sku: not 'Z', Warehouse: not 9 };

    private IEnumerable<ModelRow> Candidates(StepLine line) =>
        Rows.Where(r => r.Sku == line.Sku && (line.Warehouse ?? r.Warehouse) == r.Warehouse).OrderBy(r => r.Warehouse);

    private long Due(ModelRow row) =>
        holds.Values.Where(h => h.IsDue).SelectMany(h => h.Taken).Where(t => t.Row == row).Sum(t => t.Quantity);

    private string Refuse(ReserveStep ask, List<StepLine> demands)
    {
        var least = demands.ToDictionary(d => d, d => AllocationModel.Least(d, ask.Fill));
        var lines = Refusals(least);
        if (lines.Count == 0)
        {
            lines = Refusals(demands.ToDictionary(d => d, d => ask.Fill == ReserveFill.BestEffort ? 1 : d.Quantity));
        }

        var first = lines.Min(r => r.Outcome);
        var named = lines
            .Where(r => r.Outcome == first)
            .Select(r => $"{r.Line with { Least = 0 }} of {r.Available}")
            .Order(StringComparer.Ordinal);
        return $"{first} {string.Join(", ", named)}";

        List<(StepLine Line, ReserveOutcome Outcome, long Available)> Refusals(Dictionary<StepLine, long> needed) =>
            [
                .. demands
                    .Where(d => !IsKnown(d) || needed[d] > 0)
                    .Select(d => (d, Refusal(d, needed, ask.Fill)))
                    .Where(r => r.Item2 is not null)
                    .Select(r => (r.d, r.Item2!.Value.Outcome, r.Item2.Value.Available)),
            ];
    }

    private (ReserveOutcome Outcome, long Available)? Refusal(
        StepLine line,
        Dictionary<StepLine, long> needed,
        ReserveFill fill
    )
    {
        if (!IsKnown(line))
        {
            return (line.Sku == 'Z' ? ReserveOutcome.SkuUnknown : ReserveOutcome.WarehouseUnknown, 0);
        }

        var rows = Candidates(line).ToList();
        if (rows.Exists(r => r.IsDiscontinued))
        {
            return (ReserveOutcome.ItemDiscontinued, 0);
        }

        if (rows.Count > 0 && !rows.Exists(r => r.IsOpen))
        {
            return (ReserveOutcome.WarehouseInactive, 0);
        }

        var available = rows.Where(r => r.IsOpen).Sum(r => Math.Max(0, r.Available + Due(r)));
        var asked = needed
            .Where(n => n.Key.Sku == line.Sku && (line.Warehouse is null || line.Warehouse == n.Key.Warehouse))
            .Where(n => fill != ReserveFill.WholeLines || n.Key == line)
            .Sum(n => n.Value);
        return available < asked ? (ReserveOutcome.StockShort, available) : null;
    }

    private string End(EndStep ask)
    {
        if (!holds.TryGetValue(ask.Order, out var hold))
        {
            return "NotFound";
        }

        if (!hold.IsLive)
        {
            return hold.Seen == $"{ask.Target}" ? $"Replayed {hold}"
                : hold.Seen == "Expired" ? $"Expired {hold}"
                : $"OtherState {hold}";
        }

        End(hold, $"{ask.Target}");
        return $"Ended {hold}";
    }

    private static void End(ModelHold hold, string state)
    {
        hold.State = state;
        hold.Version++;
        foreach (var (row, quantity) in hold.Taken)
        {
            row.Reserved -= quantity;
            row.OnHand -= state == nameof(ReservationState.Confirmed) ? quantity : 0;
        }
    }

    private string Extend(ExtendStep ask)
    {
        if (!holds.TryGetValue(ask.Order, out var hold))
        {
            return "NotFound";
        }

        if (!hold.IsLive)
        {
            return hold.Seen == "Expired" ? $"Expired {hold}" : $"OtherState {hold}";
        }

        if (ask.Minutes > 24 * 60)
        {
            return $"TooLate {hold}";
        }

        hold.Version += ask.Minutes > 0 ? 1 : 0;
        return $"{(ask.Minutes > 0 ? "Extended" : "Replayed")} {hold}";
    }

    private string Lapse(LapseStep ask)
    {
        if (!holds.TryGetValue(ask.Order, out var hold))
        {
            return "none";
        }

        hold.IsLapsed = true;
        return "lapsed";
    }

    private int Expire(Func<ModelHold, bool> which)
    {
        var due = holds.Values.Where(h => h.IsDue && which(h)).ToList();
        due.ForEach(h => End(h, nameof(ReservationState.Expired)));
        return due.Count;
    }
}
