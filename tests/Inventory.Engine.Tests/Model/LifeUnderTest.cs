using Inventory.Engine.Reservations;
using Inventory.Engine.Returns;
using Inventory.Testing;

namespace Inventory.Engine.Tests.Model;

/// <summary>Takes the steps of orders' lives to the engine, on two nodes in turn, and tells what it answers.</summary>
internal sealed class LifeUnderTest(EngineNode[] nodes, Given given, string[] skus)
{
    private readonly string history = $"{Guid.NewGuid():n}";
    private readonly Guid[] ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
    private readonly HashSet<int> held = [];
    private int steps;

    private EngineNode Node => nodes[steps % nodes.Length];

    public async Task<string> AnswerAsync(LifeStep step)
    {
        steps++;
        return step.Act switch
        {
            LifeAct.Hold => held.Contains(step.Order) ? "there" : await HoldAsync(step),
            LifeAct.Sell => Tell(await Node.Part.ExecuteAsync(Part(step, ReservationState.Confirmed), default)),
            LifeAct.Release => Tell(await Node.Part.ExecuteAsync(Part(step, step.ReleaseTo), default)),
            LifeAct.Confirm => await ConfirmAsync(step),
            LifeAct.Cancel => Tell(await EndAsync(step, ReservationState.Cancelled)),
            LifeAct.Fulfill => await FulfillAsync(step),
            LifeAct.Return => await ReturnAsync(step),
            LifeAct.Lapse => await LapseAsync(step),
            LifeAct.Sweep => $"{await Node.Expire.SweepAsync(default)}",
            LifeAct.Get => (await Node.Get.ExecuteAsync(ids[step.Order], default)).Reservation is { } found
                ? Tell(found)
                : "none",
        };
    }

    private async Task<string> HoldAsync(LifeStep step)
    {
        var request = Some.Reserve((skus[step.Sku], step.Quantity), (skus[1 - step.Sku], 1));
        var answer = await Node.Reserve.ExecuteAsync(request, default);
        if (answer.Reservation is not { } reservation)
        {
            return $"{answer.Outcome}";
        }

        held.Add(step.Order);
        ids[step.Order] = reservation.ReservationId;
        return $"{answer.Outcome} {Tell(reservation)}";
    }

    /// <summary>As the server does it: the hot way first.</summary>
    private async Task<string> ConfirmAsync(LifeStep step)
    {
        var answer = await EndAsync(step, ReservationState.Confirmed);
        if (answer.Outcome == EndOutcome.Expired && step.Late)
        {
            var late = Part(step, ReservationState.Confirmed) with { Lines = [], KeepsRemainder = false };
            answer = await Node.Part.ExecuteAsync(late, default);
        }

        return Tell(answer);
    }

    private async Task<EndAnswer> EndAsync(LifeStep step, ReservationState target) =>
        await Node.End.ExecuteAsync(new(ids[step.Order], target, Some.Caller), default);

    private async Task<string> FulfillAsync(LifeStep step)
    {
        var answer = await Node.Fulfill.ExecuteAsync(new(ids[step.Order], null, null, Some.Caller), default);
        return answer.Reservation is { } reservation ? $"{answer.Outcome} {Tell(reservation)}" : $"{answer.Outcome}";
    }

    private async Task<string> ReturnAsync(LifeStep step)
    {
        var request = new ReturnRequest
        {
            Caller = Some.Caller,
            RequestId = $"{history}-{step.Request}",
            ReservationId = ids[step.Order],
            Lines = [new ReturnLine(skus[step.Sku], null, step.Quantity, ReturnCondition.Available)],
        };
        var answer = await Node.Return.ExecuteAsync(request, default);
        return answer.Reservation is { } reservation ? $"{answer.Outcome} {Tell(reservation)}" : $"{answer.Outcome}";
    }

    private async Task<string> LapseAsync(LifeStep step)
    {
        // What has ended does not lapse: its time is when it ended by.
        var found = await Node.Get.ExecuteAsync(ids[step.Order], default);
        if (found.Reservation is { State: ReservationState.Held })
        {
            await given.Lapsed(ids[step.Order]);
        }

        return "";
    }

    private EndPartRequest Part(LifeStep step, ReservationState target) =>
        new()
        {
            ReservationId = ids[step.Order],
            Target = target,
            Caller = Some.Caller,
            RequestId = $"{history}-{step.Request}",
            Lines = [new ReserveLine(skus[step.Sku], null, step.Quantity)],
            KeepsRemainder = target == ReservationState.Confirmed && step.Keeps,
            Reacquires = target == ReservationState.Confirmed && step.Late,
        };

    private string Tell(EndAnswer answer) =>
        answer.Reservation is { } reservation ? $"{answer.Outcome} {Tell(reservation)}" : $"{answer.Outcome}";

    private string Tell(Reservation reservation)
    {
        var items = reservation.Allocations.OrderBy(a => Array.IndexOf(skus, a.Sku)).Select(Tell);
        return $"{reservation.State} v{reservation.Version} {string.Join(", ", items)}";
    }

    private string Tell(Allocation a)
    {
        var letter = "AB"[Array.IndexOf(skus, a.Sku)];
        return $"{letter} {a.Quantity} sold {a.Confirmed} back {a.Released} returned {a.Returned}";
    }
}
