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

    private string Reserve(ReserveStep ask)
    {
        var demands = Demands(ask);
        var content = $"{ask.HoldMs}: {string.Join(", ", demands)}";
        if (holds.TryGetValue(ask.Order, out var there))
        {
            return there.Content == content ? $"Replayed {there}" : "RequestIdReused";
        }

        if (!demands.TrueForAll(IsKnown))
        {
            return Refuse(demands);
        }

        var taken = Allocate(demands, row => row.Available);
        if (taken is null)
        {
            taken = Allocate(demands, row => row.Available + Due(row));
            if (taken is null)
            {
                return Refuse(demands);
            }

            Expire(hold => hold.Taken.Any(t => taken.Exists(x => x.Row == t.Row)));
        }

        foreach (var (row, quantity) in taken)
        {
            row.Reserved += quantity;
        }

        var granted = holds[ask.Order] = new ModelHold(content, taken);
        return $"Held {granted}";
    }

    /// <summary>Lines of one SKU and warehouse summed, in the order of their names.</summary>
    private static List<StepLine> Demands(ReserveStep ask) =>
        [
            .. ask
                .Lines.GroupBy(l => (l.Sku, l.Warehouse))
                .OrderBy(g => g.Key.Sku)
                .ThenBy(g => g.Key.Warehouse ?? 0)
                .Select(g => new StepLine(g.Key.Sku, g.Key.Warehouse, g.Sum(l => l.Quantity))),
        ];

    private static bool IsKnown(StepLine line) => line is { Sku: not 'Z', Warehouse: not 9 };

    /// <summary>Lines that name their warehouse first, then the others; each from the first that has some.</summary>
    private List<(ModelRow Row, long Quantity)>? Allocate(List<StepLine> demands, Func<ModelRow, long> available)
    {
        var taken = new Dictionary<ModelRow, long>();
        foreach (var demand in demands.OrderBy(d => d.Warehouse is null))
        {
            var missing = demand.Quantity;
            foreach (var row in Candidates(demand).Where(r => r.IsOpen))
            {
                var part = Math.Min(missing, available(row) - taken.GetValueOrDefault(row));
                if (part > 0)
                {
                    missing -= part;
                    taken[row] = taken.GetValueOrDefault(row) + part;
                }
            }

            if (missing > 0)
            {
                return null;
            }
        }

        return [.. taken.Select(t => (t.Key, t.Value))];
    }

    private IEnumerable<ModelRow> Candidates(StepLine line) =>
        Rows.Where(r => r.Sku == line.Sku && (line.Warehouse ?? r.Warehouse) == r.Warehouse).OrderBy(r => r.Warehouse);

    private long Due(ModelRow row) =>
        holds.Values.Where(h => h.IsDue).SelectMany(h => h.Taken).Where(t => t.Row == row).Sum(t => t.Quantity);

    private string Refuse(List<StepLine> demands)
    {
        var lines = demands
            .Select(d => (Line: d, Refusal: Refusal(d, demands)))
            .Where(r => r.Refusal is not null)
            .ToList();
        var first = lines.Min(r => r.Refusal!.Value.Outcome);
        var named = lines
            .Where(r => r.Refusal!.Value.Outcome == first)
            .Select(r => $"{r.Line} of {r.Refusal!.Value.Available}")
            .Order(StringComparer.Ordinal);
        return $"{first} {string.Join(", ", named)}";
    }

    private (ReserveOutcome Outcome, long Available)? Refusal(StepLine line, List<StepLine> demands)
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
        var asked = demands
            .Where(d => d.Sku == line.Sku && (line.Warehouse is null || line.Warehouse == d.Warehouse))
            .Sum(d => d.Quantity);
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
        if (holds.TryGetValue(ask.Order, out var hold))
        {
            hold.IsLapsed = true;
        }

        return "";
    }

    private int Expire(Func<ModelHold, bool> which)
    {
        var due = holds.Values.Where(h => h.IsDue && which(h)).ToList();
        due.ForEach(h => End(h, nameof(ReservationState.Expired)));
        return due.Count;
    }
}
