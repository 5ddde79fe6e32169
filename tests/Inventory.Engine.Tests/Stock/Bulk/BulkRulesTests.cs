using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock.Bulk;

/// <summary>
/// The rules are written twice, in SQL for single edits and in C# for many: random edits are made both ways on twin
/// shelves, and must end alike, row by row.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class BulkRulesTests : BulkFixture
{
    private const int RowsCount = 300;

    private sealed record Twins(string[] Singles, string[] Bulk, string[] Warehouses);

    [Test]
    public async Task Many_edits_in_one_call_end_as_single_edits_do([Range(1, 4)] int _)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var twins = await MakeTwins(random);
        var asked = Enumerable.Range(0, RowsCount).Select(_ => Ask(random, twins)).ToArray();

        var singles = new List<EditAnswer>();
        foreach (var (item, warehouse, row) in asked)
        {
            singles.Add(await Edit(Single(row, twins.Singles[item], twins.Warehouses[warehouse])));
        }

        var rows = asked.Select(a =>
            a.Row with
            {
                Target = StockTarget.At(twins.Bulk[a.Item], twins.Warehouses[a.Warehouse]),
            }
        );
        var bulk = await Apply(Some.Bulk(BulkOnError.Continue), rows);

        Assert.That(Outcomes(bulk), Is.EqualTo(singles.Select(s => s.Outcome)), $"seed {seed}");
        Assert.That(
            bulk.Results.Select(r => Amounts(r.Stock)),
            Is.EqualTo(singles.Select(s => Amounts(s.Stock))),
            $"seed {seed}"
        );
        Assert.That(Outcomes(bulk).Distinct().Count(), Is.GreaterThan(5), $"seed {seed}: not all was tried");
        Assert.That(await Then.Violations(), Is.Empty, $"seed {seed}");
    }

    private async Task<Twins> MakeTwins(Random random)
    {
        string[] warehouses = [await Given.Warehouse(), await Given.Warehouse(), await Given.Warehouse(active: false)];
        var (singles, bulk) = (new List<string>(), new List<string>());
        foreach (var number in Enumerable.Range(0, 6))
        {
            var (discontinued, safety) = (number == 5, number % 2);
            singles.Add(await Given.Item(discontinued: discontinued, safetyStock: safety));
            bulk.Add(await Given.Item(discontinued: discontinued, safetyStock: safety));
            // At one warehouse of three nothing is there yet.
            foreach (var warehouse in warehouses.Where(w => w != warehouses[number % 3]))
            {
                var (onHand, damaged, quality) = (random.Next(4, 12), random.Next(2), random.Next(2));
                foreach (var sku in new[] { singles[^1], bulk[^1] })
                {
                    await Given.Stock(onHand, sku, warehouse, safety, damaged, quality, discontinued);
                }
            }
        }

        foreach (var (single, twin) in singles.Zip(bulk).Take(5))
        {
            await Hold(single);
            await Hold(twin);
        }

        return new([.. singles, Some.Sku()], [.. bulk, Some.Sku()], [.. warehouses, Some.WarehouseCode()]);
    }

    private static (int Item, int Warehouse, BulkRow Row) Ask(Random random, Twins twins)
    {
        var kind = random.GetItems([EditKind.Add, EditKind.Remove, EditKind.Adjust, EditKind.Set], 1)[0];
        var quantity = random.Next(20) == 0 ? StockEdit.QuantityMax : random.Next(1, 8);
        var row = Some.Row(kind, "", kind == EditKind.Adjust && random.Next(2) == 0 ? -quantity : quantity) with
        {
            ExpectedRevision = random.Next(4) == 0 ? random.Next(1, 4) : null,
        };
        // The unknown ones are the last, and rare.
        var item = random.Next(15) == 0 ? twins.Singles.Length - 1 : random.Next(twins.Singles.Length - 1);
        var warehouse = random.Next(15) == 0 ? twins.Warehouses.Length - 1 : random.Next(twins.Warehouses.Length - 1);
        return (item, warehouse, row);
    }

    private static StockEdit Single(BulkRow row, string sku, string warehouse) =>
        Some.Edit(row.Kind, sku, row.Quantity, warehouse) with
        {
            ExpectedRevision = row.ExpectedRevision,
        };

    private static object? Amounts(StockRecord? stock) => stock is null ? null : stock with { StockId = 0, Sku = "" };
}
