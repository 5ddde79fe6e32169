using Inventory.Engine.Database;
using Inventory.Engine.Reports;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reports;

public sealed class StockReportTests : ReportFixture
{
    [Test]
    public async Task Stock_levels_have_their_exact_value_in_the_currency_of_their_cost()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 7, damaged: 1, qualityControl: 1, warehouse: place, sku: $"A-{place}");
        var other = await Given.Stock(onHand: 3, warehouse: place, sku: $"B-{place}");
        var free = await Given.Stock(onHand: 2, warehouse: place, sku: $"C-{place}");
        await Priced(sku, "0.3333", "1", "USD");
        await Priced(other, "900000000000000.9999", "1");
        await Hold(sku, quantity: 2);

        var rows = await Run(
            Query(ReportKind.StockLevels, place),
            "sku on_hand reserved available unit_cost value currency"
        );
        var category = Query(ReportKind.StockLevels, place) with { Category = "tools", Limit = 1 };

        Assert.That(
            rows,
            Is.EqualTo(
                new[]
                {
                    $"{sku} 7 2 3 0.3333 2.3331 USD",
                    $"{other} 3 0 3 900000000000000.9999 2700000000000002.9997 EUR",
                    $"{free} 2 0 2 - - -",
                }
            )
        );
        Assert.That(await Run(category, "sku"), Is.EqualTo(new[] { sku }));
    }

    [Test]
    public async Task Movements_tell_by_why_the_stock_went_from_opening_to_closing()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Item();
        await History(
            sku,
            place,
            new(30, JournalKind.Opened, 100),
            new(20, JournalKind.Confirmed, -10),
            new(9, JournalKind.Added, 40),
            new(8, JournalKind.Confirmed, -15),
            new(7, JournalKind.Reacquired, -5),
            new(6, JournalKind.Returned, 3),
            new(5, JournalKind.Removed, -2),
            new(4, JournalKind.TransferShipped, -20),
            new(3, JournalKind.TransferReceived, 6),
            new(2, JournalKind.Counted, -1),
            new(1.5, JournalKind.Set, 4),
            new(1.2, JournalKind.Adjusted, -3),
            new(0.5, JournalKind.Confirmed, -50)
        );

        var query = Query(ReportKind.Movements, place) with { Before = Now.AddDays(-1) };
        var rows = await Run(
            query,
            "sku opening received sold returned removed transferred_in transferred_out counted adjusted closing"
        );

        Assert.That(rows, Is.EqualTo(new[] { $"{sku} 90 40 20 3 2 6 20 -1 1 97" }));
    }

    [Test]
    public async Task Turnover_is_what_was_sold_by_the_mean_stock_and_supply_lasts_as_it_sells()
    {
        var (place, second) = (await Given.Warehouse(), await Given.Warehouse());
        var (sells, still) = (await Given.Item($"A-{place}"), await Given.Item($"B-{place}"));
        await Priced(sells, "2.5", "5");
        // 60 and 40 before, 40 and 20 now: 100 opening, 60 closing, 80 in the mean; 44 sold and 4 back in ten days.
        await History(
            sells,
            place,
            new(20, JournalKind.Added, 60),
            new(5, JournalKind.Confirmed, -24),
            new(2, JournalKind.Returned, 4)
        );
        await History(sells, second, new(20, JournalKind.Added, 40), new(5, JournalKind.Confirmed, -20));
        await History(still, place, new Change(20, JournalKind.Added, 8));

        var rows = await Run(
            Query(ReportKind.Turnover, place, second),
            "sku opening closing sold returned average turnover days_of_supply cost_of_sales currency"
        );

        Assert.That(
            rows,
            Is.EqualTo(new[] { $"{sells} 100 60 44 4 80 0.5000 15.0 100 EUR", $"{still} 8 8 0 0 8 0.0000 - - -" })
        );
    }

    [Test]
    public async Task What_is_there_is_as_old_as_what_came_last_and_dead_if_it_did_not_sell()
    {
        var place = await Given.Warehouse();
        var (sells, dead) = (await Given.Item($"A-{place}"), await Given.Item($"B-{place}"));
        await Priced(sells, "10", "20");
        // 180 came and 90 are there: all 20 and 30 and 35 of the last, and 5 of the 40 of a hundred days ago.
        await History(
            sells,
            place,
            new(400, JournalKind.Opened, 55),
            new(100, JournalKind.Added, 40),
            new(70, JournalKind.Added, 35),
            new(35, JournalKind.TransferReceived, 30),
            new(20, JournalKind.Confirmed, -90),
            new(5, JournalKind.Returned, 20)
        );
        await History(dead, place, new(400, JournalKind.Opened, 9), new(200, JournalKind.Confirmed, -4));

        var columns =
            "sku on_hand days_0_to_30 days_30_to_60 days_60_to_90 days_90_to_180"
            + " days_180_to_365 days_365_and_more dead value";
        var rows = await Run(Query(ReportKind.Ageing, place) with { From = Now.AddDays(-30) }, columns);

        Assert.That(rows, Is.EqualTo(new[] { $"{sells} 90 20 30 35 5 0 0 false 900", $"{dead} 5 0 0 0 0 0 5 true -" }));
    }

    [Test]
    public async Task Top_movers_are_ranked_by_what_was_sold_beside_the_time_before()
    {
        var place = await Given.Warehouse();
        string[] skus =
        [
            await Given.Item($"A-{place}"),
            await Given.Item($"B-{place}"),
            await Given.Item($"C-{place}"),
        ];
        await Priced(skus[1], "1", "9.99");
        await History(
            skus[0],
            place,
            new(50, JournalKind.Added, 100),
            new(15, JournalKind.Confirmed, -20),
            new(5, JournalKind.Confirmed, -15)
        );
        await History(
            skus[1],
            place,
            new(50, JournalKind.Added, 100),
            new(12, JournalKind.Confirmed, -8),
            new(5, JournalKind.Confirmed, -12),
            new(4, JournalKind.Returned, 2)
        );
        await History(
            skus[2],
            place,
            new(50, JournalKind.Added, 100),
            new(5, JournalKind.Confirmed, -10),
            new(4, JournalKind.Removed, -50)
        );

        var columns = "rank sku sold returned net net_before change sales currency";
        var rows = await Run(Query(ReportKind.TopMovers, place), columns);
        var best = await Run(Query(ReportKind.TopMovers, place) with { Limit = 1 }, "sku");

        Assert.That(
            rows,
            Is.EqualTo(
                new[]
                {
                    $"1 {skus[0]} 15 0 15 20 -0.2500 - -",
                    $"2 {skus[1]} 12 2 10 8 0.2500 99.9 EUR",
                    $"2 {skus[2]} 10 0 10 0 - - -",
                }
            )
        );
        Assert.That(best, Is.EqualTo(new[] { skus[0] }));
    }

    [Test]
    public async Task Warehouses_that_are_not_known_are_told_and_nothing_is_read()
    {
        var steps = new List<ReportStep>();
        await foreach (var step in Node.Report.ExecuteAsync(Query(ReportKind.StockLevels, "nowhere"), default))
        {
            steps.Add(step);
        }

        Assert.That(((ReportRefused)steps.Single()).Warehouses, Is.EqualTo(new[] { "nowhere" }));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task A_report_has_the_columns_that_it_names(ReportKind kind)
    {
        var (place, other) = (await Given.Warehouse(), await Given.Warehouse());
        var sku = await Given.Stock(onHand: 5, warehouse: place);
        await Confirm((await Hold(sku)).ReservationId);
        await Node.CreateTransfer.ExecuteAsync(Some.Transfer(sku, place, other), default);

        await foreach (var step in Node.Report.ExecuteAsync(new() { Kind = kind }, default))
        {
            Assert.That(step, Is.InstanceOf<ReportHead>().Or.InstanceOf<ReportRows>());
        }
    }

    private static ReportKind[] Kinds => Enum.GetValues<ReportKind>();
}
