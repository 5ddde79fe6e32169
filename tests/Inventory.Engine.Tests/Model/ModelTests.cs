using FsCheck;
using FsCheck.Fluent;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Model;

/// <summary>
/// Generated histories, step by step, against a model of dictionaries. The seed is printed;
/// <c>INVENTORY_TEST_SEED</c> sets it.
/// </summary>
[TestFixture]
public sealed class ModelTests : EngineFixture
{
    private const int HistoryCount = 40;

    [Test]
    public async Task Every_answer_of_a_history_is_that_of_the_model()
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
            Prop.ForAll(Histories.Any, history => RunAsync([Node, second], warehouses, history))
                .Check(ModelSeed.Config(seed, HistoryCount))
        );
    }

    private async Task<Property> RunAsync(EngineNode[] nodes, string[] warehouses, CallerStep[] history)
    {
        var model = new InventoryModel();
        var engine = new EngineUnderTest(nodes, Given, Then, warehouses);
        await nodes[0].Expire.SweepAsync(default);
        await engine.OpenAsync(model.Rows);
        var difference = await AnswersAsync(model, engine, history) ?? await TablesAsync(model, engine);
        return (difference is null).Label(difference ?? "");
    }

    private static async Task<string?> AnswersAsync(InventoryModel model, EngineUnderTest engine, CallerStep[] history)
    {
        var last = new Dictionary<int, ReserveStep>();
        foreach (var (step, i) in history.Select((step, i) => (Real(step, last), i)))
        {
            if (step is null)
            {
                continue;
            }

            var expected = model.Answer(step);
            var answer = await engine.AnswerAsync(step);
            if (answer != expected)
            {
                return $"step {i}, {step}: {answer}, and the model says {expected}";
            }
        }

        return null;
    }

    private async Task<string?> TablesAsync(InventoryModel model, EngineUnderTest engine)
    {
        foreach (var row in model.Rows)
        {
            var amounts = await engine.AmountsAsync(row);
            if (amounts != (row.OnHand, row.Reserved))
            {
                return $"{row.Sku}@{row.Warehouse} has {amounts}, and in the model {(row.OnHand, row.Reserved)}";
            }
        }

        var violations = await Then.Violations();
        return violations.Count == 0 ? null : string.Join("; ", violations);
    }

    private static CallerStep? Real(CallerStep step, Dictionary<int, ReserveStep> last)
    {
        if (step is RepeatStep repeat)
        {
            return last.GetValueOrDefault(repeat.Order);
        }

        if (step is ReserveStep reserve)
        {
            last[reserve.Order] = reserve;
        }

        return step;
    }
}
