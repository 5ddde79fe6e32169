using FsCheck;
using FsCheck.Fluent;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;

namespace Inventory.Engine.Tests.Model;

/// <summary>
/// Generates what several callers do at once, a list of steps each. The model has one answer for each order in which
/// they may have happened, so there is nothing here whose answer depends on more than that order: lines name their
/// warehouse and are all granted or none (what a part is depends on who is in the same batch), and time and edits
/// don't meet (an edit tells of due holds as reserved until a sweep has met them).
/// </summary>
internal static class ConcurrentHistories
{
    private const int CallerCount = 4;
    private const int StepsPerCaller = 6;
    private const int OrderCount = 8;
    private const int EditCount = 4;

    private static readonly (char Sku, int Warehouse)[] Rows =
    [
        ('A', 1),
        ('A', 2),
        ('B', 1),
        ('C', 2),
        ('C', 3),
        ('D', 1),
        ('E', 3),
    ];

    private static readonly Gen<(char Sku, int Warehouse)> Places = Gen.Frequency(
        (8, Gen.Elements(Rows[..4])),
        (2, Gen.Elements(Rows[4..])),
        (1, Gen.Elements(('A', 9), ('Z', 1)))
    );

    private static readonly Gen<int> Orders = Gen.Choose(1, OrderCount);

    private static readonly Gen<StepLine> Lines =
        from place in Places
        from quantity in Gen.Choose(1, 6)
        select new StepLine(place.Sku, place.Warehouse, quantity);

    private static readonly Gen<CallerStep> Reserves =
        from order in Orders
        from hold in Gen.Frequency((8, Gen.Constant(900_000)), (1, Gen.Constant(600_000)))
        from count in Gen.Frequency((5, Gen.Constant(1)), (3, Gen.Choose(2, 4)))
        from lines in Lines.ArrayOf(count)
        select (CallerStep)new ReserveStep(order, hold, ReserveSource.Priority, ReserveFill.AllOrNothing, lines);

    private static readonly Gen<CallerStep> Ends =
        from order in Orders
        from target in Gen.Elements(ReservationState.Confirmed, ReservationState.Cancelled, ReservationState.Failed)
        select (CallerStep)new EndStep(order, target);

    private static readonly Gen<CallerStep> Edits =
        from edit in Gen.Choose(1, EditCount)
        from kind in Gen.Elements(EditKind.Add, EditKind.Remove, EditKind.Adjust, EditKind.Set)
        from place in Gen.Elements(Rows)
        from quantity in Gen.Choose(1, 8)
        from sign in Gen.Elements(1, -1)
        let amount = kind == EditKind.Adjust ? quantity * sign : quantity
        select (CallerStep)new EditStep(edit, kind, place.Sku, place.Warehouse, amount);

    private static readonly Gen<CallerStep> Lapses = Orders.Select(order => (CallerStep)new LapseStep(order));

    private static readonly Gen<CallerStep> Gets = Orders.Select(order => (CallerStep)new GetStep(order));

    private static readonly Gen<CallerStep> Repeats = Orders.Select(order => (CallerStep)new RepeatStep(order));

    private static readonly Gen<CallerStep[][]> WithEdits = Callers(Edits);

    private static readonly Gen<CallerStep[][]> WithTime = Callers(Lapses);

    /// <summary>Not cut down when one fails: what happened once need not happen again.</summary>
    public static Arbitrary<CallerStep[][]> Any => Gen.OneOf(WithEdits, WithTime).ToArbitrary();

    private static Gen<CallerStep[][]> Callers(Gen<CallerStep> others) =>
        Gen.Frequency((10, Reserves), (3, Repeats), (5, Ends), (2, Gets), (4, others))
            .ArrayOf(StepsPerCaller)
            .ArrayOf(CallerCount)
            .Select(Resolved);

    /// <summary>What an order asked last, in the order of the callers, stands where it is asked again.</summary>
    private static CallerStep[][] Resolved(CallerStep[][] callers)
    {
        var last = new Dictionary<int, ReserveStep>();
        return [.. callers.Select(steps => steps.Select(step => Resolved(step, last)).OfType<CallerStep>().ToArray())];
    }

    private static CallerStep? Resolved(CallerStep step, Dictionary<int, ReserveStep> last)
    {
        if (step is ReserveStep reserve)
        {
            last[reserve.Order] = reserve;
        }

        return step is RepeatStep repeat ? last.GetValueOrDefault(repeat.Order) : step;
    }
}
