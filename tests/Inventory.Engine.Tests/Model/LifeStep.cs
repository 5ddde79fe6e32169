using FsCheck;
using FsCheck.Fluent;
using Inventory.Engine.Reservations;

namespace Inventory.Engine.Tests.Model;

/// <summary>What is done to an order's hold.</summary>
public enum LifeAct
{
    /// <summary>Holds some of the SKU and one of the other.</summary>
    Hold,

    /// <summary>Sells some of the SKU.</summary>
    Sell,

    /// <summary>Gives some of the SKU back.</summary>
    Release,

    /// <summary>Confirms all, late if it must be.</summary>
    Confirm,
    Cancel,
    Fulfill,
    Return,
    Lapse,
    Sweep,
    Get,
}

/// <summary>One step in the life of orders.</summary>
/// <param name="Act">What.</param>
/// <param name="Order">Which order, from 0.</param>
/// <param name="Sku">Which of two items.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Keeps">The rest stays held.</param>
/// <param name="Late">A lapsed hold is taken again.</param>
/// <param name="Request">The request id of parts and returns: few, so that they meet.</param>
public sealed record LifeStep(LifeAct Act, int Order, int Sku, long Quantity, bool Keeps, bool Late, int Request)
{
    private const int StepsMax = 40;

    private static readonly Gen<LifeAct> Acts = Gen.Frequency(
        (4, Gen.Constant(LifeAct.Hold)),
        (5, Gen.Constant(LifeAct.Sell)),
        (2, Gen.Constant(LifeAct.Release)),
        (2, Gen.Constant(LifeAct.Confirm)),
        (1, Gen.Constant(LifeAct.Cancel)),
        (2, Gen.Constant(LifeAct.Fulfill)),
        (4, Gen.Constant(LifeAct.Return)),
        (2, Gen.Constant(LifeAct.Lapse)),
        (1, Gen.Constant(LifeAct.Sweep)),
        (1, Gen.Constant(LifeAct.Get))
    );

    private static readonly Gen<LifeStep> Steps =
        from act in Acts
        from order in Gen.Choose(0, 3)
        from sku in Gen.Choose(0, 1)
        from quantity in Gen.Choose(1, act == LifeAct.Hold ? 6 : 3)
        from keeps in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from late in Gen.Elements(true, false)
        from request in Gen.Choose(1, 30)
        select new LifeStep(act, order, sku, quantity, keeps, late, request);

    /// <summary>Any lives; those that fail are cut down to the steps that it takes.</summary>
    public static Arbitrary<LifeStep[]> Any => Arb.From(Steps.ArrayOf(StepsMax), Shorter);

    /// <summary>The state that a release leads to when nothing is left.</summary>
    public ReservationState ReleaseTo => Late ? ReservationState.Failed : ReservationState.Cancelled;

    private static IEnumerable<LifeStep[]> Shorter(LifeStep[] steps)
    {
        for (var size = steps.Length / 2; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= steps.Length; start += size)
            {
                yield return [.. steps[..start], .. steps[(start + size)..]];
            }
        }
    }
}
