using Inventory.Engine.Reservations;

namespace Inventory.Engine.Tests.Model;

/// <summary>What the engine must answer over the lives of orders that end in parts, late, and come back.</summary>
internal sealed class LifeModel
{
    private readonly LifeOrder?[] orders = new LifeOrder?[4];
    private readonly Dictionary<int, string> requests = [];

    public long[] OnHand { get; } = [10, 10];

    public long[] Reserved { get; } = [0, 0];

    public string Answer(LifeStep step)
    {
        var order = orders[step.Order];
        return step.Act switch
        {
            LifeAct.Hold => order is null ? Hold(step) : "there",
            LifeAct.Sweep => $"{Expire(_ => true)}",
            LifeAct.Sell or LifeAct.Release or LifeAct.Return => Once(step, order),
            LifeAct.Get => order is null ? "none" : $"{order}",
            LifeAct.Lapse => Lapse(order),
            LifeAct.Confirm or LifeAct.Cancel or LifeAct.Fulfill => order is null ? "NotFound" : End(step, order),
        };
    }

    private string Hold(LifeStep step)
    {
        long[] wanted = [step.Sku == 0 ? step.Quantity : 1, step.Sku == 1 ? step.Quantity : 1];
        if (Short(wanted).Any())
        {
            if (Enumerable.Range(0, 2).Any(i => wanted[i] > Available(i) + Due(i)))
            {
                return "StockShort";
            }

            Expire(o => o.Touches([0, 1]));
        }

        Reserve(wanted, 1);
        var order = orders[step.Order] = new LifeOrder(wanted);
        return $"Held {order}";
    }

    /// <summary>Replay, then other content, then whatever else.</summary>
    private string Once(LifeStep step, LifeOrder? order)
    {
        var content = step.Act switch
        {
            LifeAct.Sell => $"{step with { Request = 0 }}",
            LifeAct.Release => $"{step with { Request = 0, Keeps = false }}",
            _ => $"{step with { Request = 0, Keeps = false, Late = false }}",
        };
        if (requests.TryGetValue(step.Request, out var before))
        {
            return before == content ? $"Replayed {order}" : "RequestIdReused";
        }

        if (order is null)
        {
            return step.Act == LifeAct.Return ? "ReservationUnknown" : "NotFound";
        }

        var answer =
            step.Act == LifeAct.Return ? Return(step, order)
            : step.Act == LifeAct.Release ? Release(step, order)
            : Sell(order, Of(step), step.Keeps, step.Late);
        if (answer is "Ended" or "Returned")
        {
            requests[step.Request] = content;
        }

        return $"{answer} {order}";
    }

    private string End(LifeStep step, LifeOrder order)
    {
        if (step.Act == LifeAct.Fulfill)
        {
            return $"{Fulfill(order)} {order}";
        }

        var target = step.Act == LifeAct.Confirm ? ReservationState.Confirmed : ReservationState.Cancelled;
        if (order.State == target)
        {
            return $"Replayed {order}";
        }

        var answer = step.Act == LifeAct.Confirm ? Sell(order, [.. order.Open], false, step.Late) : GiveBack(order);
        return $"{answer} {order}";

        string GiveBack(LifeOrder held) => held.IsLive ? Finish(held, [.. held.Open], [0, 0], target) : NotLive(held);
    }

    private string Sell(LifeOrder order, long[] taken, bool keeps, bool late)
    {
        if (!order.IsLive && !(late && order.Seen == ReservationState.Expired))
        {
            return NotLive(order);
        }

        if (taken.Zip(order.Open).Any(t => t.First > t.Second))
        {
            return "MoreThanHeld";
        }

        if (!order.IsLive)
        {
            return Retake(order, taken);
        }

        long[] gone = keeps ? taken : [.. order.Open];
        return Finish(order, gone, taken, ReservationState.Confirmed);
    }

    /// <summary>Judged like a new hold, with what it has itself still reserved counted as available.</summary>
    private string Retake(LifeOrder order, long[] taken)
    {
        while (true)
        {
            var own = order.IsHeld ? order.Open : [0, 0];
            var unfit = Enumerable.Range(0, 2).Where(i => taken[i] > 0 && taken[i] > Available(i) + own[i]).ToList();
            if (unfit.Count == 0)
            {
                long[] gone = [.. own];
                return Finish(order, gone, taken, ReservationState.Confirmed, ends: true);
            }

            if (!orders.Any(o => o is { IsDue: true } && o != order && o.Touches(unfit)))
            {
                return "StockShort";
            }

            Expire(o => o.Touches(unfit));
        }
    }

    private string Release(LifeStep step, LifeOrder order)
    {
        var taken = Of(step);
        return !order.IsLive ? NotLive(order)
            : taken.Zip(order.Open).Any(t => t.First > t.Second) ? "MoreThanHeld"
            : Finish(order, taken, [0, 0], step.ReleaseTo);
    }

    private string Finish(LifeOrder order, long[] gone, long[] sold, ReservationState state, bool ends = false)
    {
        Reserve(gone, -1);
        for (var i = 0; i < 2; i++)
        {
            OnHand[i] -= sold[i];
            order.Sold[i] += sold[i];
            order.Open[i] -= ends ? order.Open[i] : gone[i];
        }

        order.State = order.Open.Sum() == 0 ? state : order.State;
        order.Version++;
        return "Ended";
    }

    private string Fulfill(LifeOrder order)
    {
        if (order.IsDue && order.Sold.Sum() > 0)
        {
            Expire(o => o.Touches(Enumerable.Range(0, 2).Where(i => order.Granted[i] > 0)));
        }

        if (order.State == ReservationState.Fulfilled)
        {
            return "Replayed";
        }

        if (order.IsHeld || order.Sold.Sum() == 0)
        {
            return order.Seen == ReservationState.Expired ? "Expired" : "OtherState";
        }

        order.State = ReservationState.Fulfilled;
        order.Version++;
        return "Fulfilled";
    }

    private string Return(LifeStep step, LifeOrder order)
    {
        if (order.Sold.Sum() == 0)
        {
            return "NothingSold";
        }

        if (step.Quantity > order.Sold[step.Sku] - order.Returned[step.Sku])
        {
            return "MoreThanSold";
        }

        order.Returned[step.Sku] += step.Quantity;
        OnHand[step.Sku] += step.Quantity;
        order.Version++;
        return "Returned";
    }

    private static string Lapse(LifeOrder? order)
    {
        if (order is not null)
        {
            order.IsLapsed = true;
        }

        return "";
    }

    /// <summary>What was held at the end is remembered: it may be taken again.</summary>
    private int Expire(Func<LifeOrder, bool> which)
    {
        var due = orders.OfType<LifeOrder>().Where(o => o.IsDue && which(o)).ToList();
        foreach (var order in due)
        {
            Reserve(order.Open, -1);
            order.State = ReservationState.Expired;
            order.Version++;
        }

        return due.Count;
    }

    private static string NotLive(LifeOrder order) => order.Seen == ReservationState.Expired ? "Expired" : "OtherState";

    private static long[] Of(LifeStep step) => [step.Sku == 0 ? step.Quantity : 0, step.Sku == 1 ? step.Quantity : 0];

    private IEnumerable<int> Short(long[] wanted) => Enumerable.Range(0, 2).Where(i => wanted[i] > Available(i));

    private long Available(int sku) => OnHand[sku] - Reserved[sku];

    private long Due(int sku) => orders.OfType<LifeOrder>().Where(o => o.IsDue).Sum(o => o.Open[sku]);

    private void Reserve(long[] quantities, int sign)
    {
        for (var i = 0; i < 2; i++)
        {
            Reserved[i] += sign * quantities[i];
        }
    }
}
