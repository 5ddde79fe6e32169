using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.V1;
using NUnit.Framework;
using StepCase = Inventory.V1.VerifyInventoryResponse.StepOneofCase;

namespace Inventory.Server.Tests.Journal;

/// <summary>One after the other: a verification is of the whole database.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class VerifyTests : ServerFixture
{
    [Test]
    public async Task Books_that_agree_are_said_to_agree()
    {
        await Hold(await Given.Stock(onHand: 5));

        var steps = await VerifyAsync();

        Assert.That(steps.Where(s => s.StepCase == StepCase.Violation), Is.Empty);
        var result = steps[^1].Result;
        Assert.That((result.Consistent, result.Violations), Is.EqualTo((true, 0L)));
        Assert.That(result.StockRows, Is.Positive);
        Assert.That(result.AsOf, Is.Not.Null);
        Assert.That(steps.Count(s => s.StepCase == StepCase.Progress), Is.Positive);
    }

    [Test]
    public async Task A_row_that_somebody_changed_behind_the_engines_back_is_named()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku, quantity: 2);
        await ForgeAsync(sku, 1);
        try
        {
            var steps = await VerifyAsync();

            var violations = steps.Where(s => s.StepCase == StepCase.Violation).Select(s => s.Violation).ToArray();
            Assert.That(
                violations.Select(v => (v.Sku, v.Warehouse)),
                Is.All.EqualTo((sku, Testing.Given.MainWarehouse))
            );
            var held = violations.Single(v => v.Invariant == StockInvariant.ReservedIsHeld);
            Assert.That((held.Expected, held.Actual), Is.EqualTo((2L, 3L)));
            Assert.That(held.InventoryId, Does.StartWith("stock_"));
            Assert.That(steps[^1].Result.Consistent, Is.False);
            Assert.That(steps[^1].Result.Violations, Is.EqualTo(violations.Length));
        }
        finally
        {
            await ForgeAsync(sku, -1);
        }
    }

    [Test]
    public void The_wire_numbers_each_invariant_as_the_engine_does()
    {
        var wire = Enum.GetValues<StockInvariant>().Where(i => i != StockInvariant.Unspecified);

        Assert.That(
            wire.Select(i => ((int)i, i.ToString())),
            Is.EqualTo(Enum.GetValues<Engine.Journal.StockInvariant>().Select(i => ((int)i, i.ToString())))
        );
    }

    private async Task<List<VerifyInventoryResponse>> VerifyAsync()
    {
        using var call = new JournalService.JournalServiceClient(Server.Channel).VerifyInventory(new());
        var steps = new List<VerifyInventoryResponse>();
        await foreach (var step in call.ResponseStream.ReadAllAsync())
        {
            steps.Add(step);
        }

        return steps;
    }

    private async Task ForgeAsync(string sku, long reserved)
    {
        await using var command = Database.Tables.CreateCommand(
            "UPDATE stock SET reserved = reserved + $2 WHERE item_id = (SELECT item_id FROM item WHERE sku = $1)"
        );
        command.Parameters.Add(new() { Value = sku });
        command.Parameters.Add(new() { Value = reserved });
        await command.ExecuteNonQueryAsync();
    }
}
