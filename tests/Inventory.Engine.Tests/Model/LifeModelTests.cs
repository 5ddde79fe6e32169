using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Inventory.Engine.Tests.Reservations;
using Inventory.Testing;
using Microsoft.FSharp.Core;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Model;

/// <summary>
/// Lives of orders that end in parts, late, and come back, step by step against a model. The seed is printed;
/// <c>INVENTORY_TEST_SEED</c> sets it.
/// </summary>
[TestFixture]
public sealed class LifeModelTests : PartFixture
{
    private const int HistoryCount = 60;

    [Test]
    public async Task Every_answer_of_a_life_is_that_of_the_model()
    {
        await using var second = new EngineNode(Database.Cell);
        var set = Environment.GetEnvironmentVariable("INVENTORY_TEST_SEED");
        var seed = ulong.TryParse(set, CultureInfo.InvariantCulture, out var known)
            ? known
            : (ulong)Random.Shared.NextInt64();
        await TestContext.Out.WriteLineAsync($"seed {seed}");

        var config = Config
            .QuickThrowOnFailure.WithMaxTest(HistoryCount)
            .WithReplay(new FSharpOption<Replay>(new Replay(new Rnd(seed), FSharpOption<int>.None)));
        await Task.Run(() => Prop.ForAll(LifeStep.Any, steps => RunAsync([Node, second], steps)).Check(config));
    }

    private async Task<Property> RunAsync(EngineNode[] nodes, LifeStep[] steps)
    {
        await nodes[0].Expire.SweepAsync(default);
        string[] skus = [await Given.Stock(onHand: 10), await Given.Stock(onHand: 10)];
        var model = new LifeModel();
        var engine = new LifeUnderTest(nodes, Given, skus);
        foreach (var (step, i) in steps.Select((s, i) => (s, i)))
        {
            var expected = model.Answer(step);
            var answer = await engine.AnswerAsync(step);
            if (answer != expected)
            {
                return false.Label($"step {i}, {step}: {answer}, and the model says {expected}");
            }
        }

        for (var i = 0; i < 2; i++)
        {
            var amounts = (await Then.OnHand(skus[i]), await Then.Reserved(skus[i]));
            if (amounts != (model.OnHand[i], model.Reserved[i]))
            {
                return false.Label($"{i} has {amounts}, and in the model {(model.OnHand[i], model.Reserved[i])}");
            }
        }

        var violations = await Then.Violations();
        return (violations.Count == 0).Label(string.Join("; ", violations));
    }
}
