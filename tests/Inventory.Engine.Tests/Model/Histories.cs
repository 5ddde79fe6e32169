using FsCheck;
using FsCheck.Fluent;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;

namespace Inventory.Engine.Tests.Model;

/// <summary>Generates what callers do: few SKUs, small stocks and few request ids, so that they meet.</summary>
internal static class Histories
{
    private const int StepsMax = 50;
    private const int OrderCount = 12;
    private const int EditCount = 5;

    // Z is no SKU and 9 no warehouse. D is discontinued, E has its stock where nothing is served from, F has none.
    private static readonly Gen<char> Skus = Gen.Frequency(
        (8, Gen.Elements('A', 'B', 'C')),
        (1, Gen.Elements('D', 'E', 'F', 'Z'))
    );

    private static readonly Gen<int> Warehouses = Gen.Frequency((8, Gen.Elements(1, 2)), (1, Gen.Elements(3, 9)));

    private static readonly Gen<int?> AnyWarehouse = Gen.Frequency(
        (2, Gen.Constant<int?>(null)),
        (1, Warehouses.Select(w => (int?)w))
    );

    private static readonly Gen<int> Orders = Gen.Choose(1, OrderCount);

    private static readonly Gen<StepLine> Lines =
        from sku in Skus
        from warehouse in AnyWarehouse
        from quantity in Gen.Choose(1, 6)
        select new StepLine(sku, warehouse, quantity);

    private static readonly Gen<ReserveFill> Fills = Gen.Frequency(
        (4, Gen.Constant(ReserveFill.AllOrNothing)),
        (1, Gen.Constant(ReserveFill.WholeLines)),
        (2, Gen.Constant(ReserveFill.BestEffort))
    );

    private static readonly Gen<ReserveSource> Sources = Gen.Frequency(
        (4, Gen.Constant(ReserveSource.Priority)),
        (1, Gen.Constant(ReserveSource.FewestSplits)),
        (1, Gen.Constant(ReserveSource.HighestStock))
    );

    // A node may choose among the rows of B without the one that another node has begun.
    private static readonly Gen<CallerStep> Reserves =
        from order in Orders
        from hold in Gen.Frequency((5, Gen.Constant(900_000)), (1, Gen.Constant(600_000)))
        from fill in Fills
        from source in Sources
        from count in Gen.Frequency((5, Gen.Constant(1)), (3, Gen.Choose(2, 4)))
        from lines in Lines.ArrayOf(count)
        from least in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 3))).ArrayOf(count)
        let asked = fill == ReserveFill.BestEffort
            ? lines.Select((l, i) => l with { Least = Math.Min(least[i], l.Quantity) })
            : lines
        select (CallerStep)
            new ReserveStep(
                order,
                hold,
                Array.Exists(lines, l => l.Sku == 'B') ? ReserveSource.Priority : source,
                fill,
                [.. asked]
            );

    private static readonly Gen<CallerStep> Ends =
        from order in Orders
        from target in Gen.Elements(ReservationState.Confirmed, ReservationState.Cancelled, ReservationState.Failed)
        select (CallerStep)new EndStep(order, target);

    private static readonly Gen<CallerStep> Extensions =
        from order in Orders
        from minutes in Gen.Elements(-5, 1, 30, 25 * 60)
        select (CallerStep)new ExtendStep(order, minutes);

    // The stock of B at 2, D at 2, E at 2 and F at 1 is begun by an edit, if at all. A node may not know of a row that
    // another has begun, so these come behind the item's other rows: nobody would draw on them first.
    private static readonly Gen<(char Sku, int Warehouse)> Places = Gen.Elements(
        ('A', 1),
        ('A', 2),
        ('B', 1),
        ('B', 2),
        ('C', 2),
        ('C', 3),
        ('D', 1),
        ('D', 2),
        ('E', 2),
        ('E', 3),
        ('F', 1),
        ('A', 9),
        ('Z', 1)
    );

    private static readonly Gen<CallerStep> Edits =
        from edit in Gen.Choose(1, EditCount)
        from kind in Gen.Elements(EditKind.Add, EditKind.Remove, EditKind.Adjust, EditKind.Set, EditKind.Move)
        from place in Places
        from quantity in Gen.Choose(1, 8)
        from sign in Gen.Elements(1, -1)
        let amount = kind is EditKind.Adjust or EditKind.Move ? quantity * sign : quantity
        select (CallerStep)new EditStep(edit, kind, place.Sku, place.Warehouse, amount);

    private static readonly Gen<CallerStep> Steps = Gen.Frequency(
        (10, Reserves),
        (2, Orders.Select(order => (CallerStep)new RepeatStep(order))),
        (5, Ends),
        (2, Extensions),
        (2, Orders.Select(order => (CallerStep)new GetStep(order))),
        (3, Orders.Select(order => (CallerStep)new LapseStep(order))),
        (1, Gen.Constant<CallerStep>(new SweepStep())),
        (4, Edits)
    );

    /// <summary>Any history; one that fails is cut down to the steps that it takes.</summary>
    public static Arbitrary<CallerStep[]> Any => Arb.From(Steps.ArrayOf(StepsMax), Shorter);

    private static IEnumerable<CallerStep[]> Shorter(CallerStep[] history)
    {
        for (var size = history.Length / 2; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= history.Length; start += size)
            {
                yield return [.. history[..start], .. history[(start + size)..]];
            }
        }
    }
}
