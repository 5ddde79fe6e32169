using Inventory.Engine.Transfers;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Transfers;

/// <summary>
/// A long random history of one item at three warehouses, step by step against a model of three numbers a warehouse.
/// </summary>
public sealed class TransferModelTests : TransferFixture
{
    private const int StepCount = 250;
    private const long Total = 40;

    private readonly long[] onHand = [Total, 0, 0];
    private readonly long[] inTransit = [0, 0, 0];
    private readonly List<Plan> plans = [];
    private long lost;

    /// <summary>A transfer of the model.</summary>
    private sealed class Plan(Guid id, int from, int to, long quantity)
    {
        public Guid Id => id;

        public int From => from;

        public int To => to;

        public long Quantity => quantity;

        public TransferState State { get; set; } = TransferState.Pending;

        public long Way { get; set; }

        public long Version { get; set; } = 1;
    }

    [Test]
    public async Task Every_answer_is_that_of_the_model_and_nothing_is_lost_but_what_is_said_to_be()
    {
        string[] places = [await Given.Warehouse(), await Given.Warehouse(), await Given.Warehouse()];
        var sku = await Given.Stock(Total, warehouse: places[0]);
        var seed = Random.Shared.Next();
        var random = new Random(seed);

        for (var n = 0; n < StepCount; n++)
        {
            if (plans.Count == 0 || random.Next(2) == 0)
            {
                await CreateAsync(sku, places, random);
            }
            else
            {
                await AdvanceAsync(plans[^random.Next(1, Math.Min(plans.Count, 6) + 1)], random);
            }

            for (var place = 0; place < places.Length; place++)
            {
                var amounts = await At(sku, places[place]) ?? (0, 0);
                Assert.That(amounts, Is.EqualTo((onHand[place], inTransit[place])), $"seed {seed}, step {n}");
            }

            Assert.That(onHand.Sum() + inTransit.Sum() + lost, Is.EqualTo(Total), $"seed {seed}, step {n}");
        }

        await AddUp();
    }

    private async Task CreateAsync(string sku, string[] places, Random random)
    {
        var from = random.Next(3);
        var to = (from + random.Next(1, 3)) % 3;
        var (quantity, mode) = (random.Next(1, 12), (TransferMode)random.Next(1, 4));

        var answer = await Create(Some.Transfer(sku, places[from], places[to], quantity, mode));

        var fits = mode == TransferMode.Planned || quantity <= onHand[from];
        Assert.That(answer.Outcome, Is.EqualTo(fits ? TransferOutcome.Done : TransferOutcome.StockShort));
        if (!fits)
        {
            Assert.That(answer.Available, Is.EqualTo(onHand[from]));
            return;
        }

        var plan = new Plan(answer.Transfer!.TransferId, from, to, quantity);
        plans.Add(plan);
        if (mode != TransferMode.Planned)
        {
            Leave(plan);
        }

        if (mode == TransferMode.Immediate)
        {
            Arrive(plan, quantity);
        }

        Check(plan, answer.Transfer);
    }

    private async Task AdvanceAsync(Plan plan, Random random)
    {
        var kind = (TransferStepKind)random.Next(1, 4);
        var part = kind == TransferStepKind.Receive && random.Next(2) == 0 ? random.Next(1, 8) : (long?)null;
        var losesRest = kind == TransferStepKind.Receive && random.Next(5) == 0;

        var answer = await Advance(Some.Step(plan.Id, kind, part) with { LosesRest = losesRest });

        var expected = Expected(plan, kind, part);
        Assert.That(answer.Outcome, Is.EqualTo(expected), $"{kind} {part} of a transfer that is {plan.State}");
        if (expected == TransferOutcome.Done)
        {
            plan.Version++;
            Act(plan, kind, part, losesRest);
        }

        Check(plan, answer.Transfer!);
    }

    private TransferOutcome Expected(Plan plan, TransferStepKind kind, long? part) =>
        (kind, plan.State) switch
        {
            (TransferStepKind.Ship, TransferState.Pending) => plan.Quantity <= onHand[plan.From]
                ? TransferOutcome.Done
                : TransferOutcome.StockShort,
            (TransferStepKind.Ship, TransferState.InTransit or TransferState.Completed) => TransferOutcome.Replayed,
            (TransferStepKind.Receive, TransferState.InTransit) => part > plan.Way
                ? TransferOutcome.TransitShort
                : TransferOutcome.Done,
            (TransferStepKind.Receive, TransferState.Completed) when part is null => TransferOutcome.Replayed,
            (TransferStepKind.Cancel, TransferState.Pending or TransferState.InTransit) => TransferOutcome.Done,
            (TransferStepKind.Cancel, TransferState.Cancelled) => TransferOutcome.Replayed,
            (TransferStepKind.Ship or TransferStepKind.Receive or TransferStepKind.Cancel, _) =>
                TransferOutcome.OtherState,
        };

    private void Act(Plan plan, TransferStepKind kind, long? part, bool losesRest)
    {
        switch (kind)
        {
            case TransferStepKind.Ship:
                Leave(plan);
                break;
            case TransferStepKind.Receive:
                Arrive(plan, part ?? plan.Way);
                if (losesRest)
                {
                    lost += plan.Way;
                    inTransit[plan.To] -= plan.Way;
                    plan.Way = 0;
                    plan.State = TransferState.Completed;
                }

                break;
            case TransferStepKind.Cancel:
                onHand[plan.From] += plan.Way;
                inTransit[plan.To] -= plan.Way;
                plan.Way = 0;
                plan.State = TransferState.Cancelled;
                break;
        }
    }

    private void Leave(Plan plan)
    {
        onHand[plan.From] -= plan.Quantity;
        inTransit[plan.To] += plan.Quantity;
        plan.Way = plan.Quantity;
        plan.State = TransferState.InTransit;
    }

    private void Arrive(Plan plan, long quantity)
    {
        onHand[plan.To] += quantity;
        inTransit[plan.To] -= quantity;
        plan.Way -= quantity;
        plan.State = plan.Way == 0 ? TransferState.Completed : TransferState.InTransit;
    }

    private static void Check(Plan plan, Transfer transfer) =>
        Assert.That(
            (transfer.State, transfer.InTransit, transfer.Version),
            Is.EqualTo((plan.State, plan.Way, plan.Version))
        );
}
