using FsCheck;
using FsCheck.Fluent;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Model;

/// <summary>
/// Generated histories of four callers on two nodes at once, against the model of dictionaries: whatever they were
/// answered, there is an order of their steps in which the model answers the same. The seed is printed;
/// <c>INVENTORY_TEST_SEED</c> sets it, and sets what they do, not who comes first.
/// </summary>
[TestFixture]
public sealed class ConcurrentModelTests : EngineFixture
{
    private const int HistoryCount = 40;

    [Test]
    public async Task Every_answer_to_callers_at_once_is_that_of_the_model_in_some_order()
    {
        await using var second = new EngineNode(Database.Cell);
        string[] warehouses =
        [
            await Given.Warehouse(priority: 10),
            await Given.Warehouse(priority: 20),
            await Given.Warehouse(priority: 30, active: false),
        ];
        var seed = ModelSeed.Take();
        await TestContext.Out.WriteLineAsync($"seed {seed}");

        await Task.Run(() =>
            Prop.ForAll(ConcurrentHistories.Any, callers => RunAsync([Node, second], warehouses, callers))
                .Check(ModelSeed.Config(seed, HistoryCount))
        );
    }

    [Test]
    public void An_answer_that_no_order_gives_is_found()
    {
        var reserve = new ReserveStep(
            1,
            900_000,
            ReserveSource.Priority,
            ReserveFill.AllOrNothing,
            [new StepLine('B', 1, 10)]
        );
        var other = reserve with { Order = 2 };
        const string held = "Held Held v1 10 B@1";

        Assert.That(Judge(held, "StockShort 10 B@1 of 0"), Is.True, "one after the other");
        Assert.That(Judge(held, held), Is.False, "both have all that there is");
        Assert.That(Judge("StockShort 10 B@1 of 0", held), Is.True, "the second was before the first");
        Assert.That(Judge("StockShort 10 B@1 of 0", held, later: true), Is.False, "the first had been answered");

        bool Judge(string first, string second, bool later = false) =>
            new Linearization([
                [new(reserve, first, 0, 5)],
                [new(other, second, later ? 6 : 3, 9)],
            ]).Find()
                is not null;
    }

    [TestCase(5, true)]
    [TestCase(7, true)]
    [TestCase(6, false)]
    public void Of_orders_that_the_answers_allow_the_one_that_ends_in_the_tables_is_found(long onHand, bool isFound)
    {
        AnsweredStep five = new(
            new EditStep(1, EditKind.Set, 'D', 1, 5),
            "Edited D@1: 5 on hand, 0 reserved, 0 damaged, 5 available",
            2,
            9
        );
        AnsweredStep seven = new(
            new EditStep(2, EditKind.Set, 'D', 1, 7),
            "Edited D@1: 7 on hand, 0 reserved, 0 damaged, 7 available",
            6,
            15
        );

        var found = new Linearization(
            [
                [five],
                [seven],
            ],
            model => model.Rows.Single(r => r.Sku == 'D').OnHand == onHand
        ).Find();

        Assert.That(found is not null, Is.EqualTo(isFound));
    }

    private async Task<Property> RunAsync(EngineNode[] nodes, string[] warehouses, CallerStep[][] callers)
    {
        var engine = new EngineUnderTest(nodes, Given, Then, warehouses);
        await nodes[0].Expire.SweepAsync(default);
        await engine.OpenAsync(new InventoryModel().Rows);
        var clock = 0L;
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calling = callers.Select(steps => Task.Run(() => CallAsync(steps))).ToList();
        start.SetResult();
        var answered = await Task.WhenAll(calling);

        await nodes[0].Expire.SweepAsync(default);
        var tables = await TablesAsync(engine);
        var linearization = new Linearization(answered, model => Shelves(model) == tables);
        var violations = await Then.Violations();
        return (linearization.Find() is not null)
            .Label($"no order ends in {tables}\n{Tell(answered, linearization)}")
            .And((violations.Count == 0).Label(string.Join("; ", violations)));

        async Task<List<AnsweredStep>> CallAsync(CallerStep[] steps)
        {
            await start.Task;
            var done = new List<AnsweredStep>();
            foreach (var step in steps)
            {
                var began = Interlocked.Increment(ref clock);
                var answer = await engine.AnswerAsync(step);
                done.Add(new AnsweredStep(step, answer, began, Interlocked.Increment(ref clock)));
            }

            return done;
        }
    }

    private static async Task<string> TablesAsync(EngineUnderTest engine)
    {
        var shelves = new List<string>();
        foreach (var row in new InventoryModel().Rows)
        {
            shelves.Add($"{row.Sku}@{row.Warehouse} {await engine.AmountsAsync(row)}");
        }

        return string.Join(", ", shelves);
    }

    /// <summary>As the tables tell them, once a sweep has met what is due.</summary>
    private static string Shelves(InventoryModel model)
    {
        model.Answer(new SweepStep());
        return string.Join(", ", model.Rows.Select(row => $"{row.Sku}@{row.Warehouse} {(row.OnHand, row.Reserved)}"));
    }

    private static string Tell(List<AnsweredStep>[] answered, Linearization linearization) =>
        string.Join('\n', answered.Select((steps, caller) => $"caller {caller}:\n  {string.Join("\n  ", steps)}"))
        + $"\nthe model agreed to:\n  {string.Join("\n  ", linearization.Longest)}";
}
