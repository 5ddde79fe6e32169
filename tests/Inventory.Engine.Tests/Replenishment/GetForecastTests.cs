using Inventory.Engine.Replenishment;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Replenishment;

/// <summary>What the journal tells of demand. The books of these rows don't add up: their sales are made up.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class GetForecastTests : EngineFixture
{
    // A journal of one row whose first entry lies so many days back.
    private const string SalesSql = """
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
        SELECT date_trunc('day', clock_timestamp(), 'UTC') + make_interval(days => $2, hours => 5), s.stock_id, $3, $4, $5, 'given'
        FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE i.sku = $1 AND w.code = $6
        """;

    private const string BeganSql = """
        UPDATE journal j SET at = j.at - make_interval(days => $2)
        FROM stock s JOIN item i ON i.item_id = s.item_id WHERE i.sku = $1 AND j.stock_id = s.stock_id AND j.version = 1
        """;

    [Test]
    public async Task Sales_less_what_came_back_are_summed_by_day_and_today_is_not_looked_at()
    {
        var sku = await Given.Stock(onHand: 30);
        await Began(sku, 3);
        await Journal(sku, day: -2, onHand: -4, kind: 2);
        await Journal(sku, day: -2, onHand: -3, kind: 42);
        await Journal(sku, day: -1, onHand: 2, kind: 41);
        await Journal(sku, day: -1, onHand: -5, kind: 8);
        await Journal(sku, day: 0, onHand: -9, kind: 2);

        var forecast = await Forecast(new() { Sku = sku });

        Assert.That(forecast.History, Is.EqualTo([0, 7, -2]));
        Assert.That((forecast.Available, forecast.LeadTimeDays, forecast.ServiceLevel), Is.EqualTo((30, 7, 0.95)));
        Assert.That(forecast.DaysOfCover, Is.EqualTo(18).Within(1e-9));
    }

    [Test]
    public async Task One_warehouse_is_forecast_by_its_own_sales_and_its_policy()
    {
        var other = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 30);
        await Given.Stock(onHand: 8, sku: sku, warehouse: other);
        await Began(sku, 2);
        await Journal(sku, day: -2, onHand: -4, kind: 2);
        await Journal(sku, day: -1, onHand: -4, kind: 2, warehouse: other);
        await Node.SetPolicy.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                RequestId = Some.RequestId(),
                Sku = sku,
                Warehouse = other,
                Amounts = new(5, 10, null),
                LeadTimeDays = 4,
                ServiceLevel = 0.9,
                Automatic = false,
                Source = "",
            },
            default
        );

        var there = await Forecast(new() { Sku = sku, Warehouse = other });
        var both = await Forecast(new() { Sku = sku });

        Assert.That((there.History, there.Available), Is.EqualTo(((long[])[0, 4], 8L)));
        Assert.That((there.LeadTimeDays, there.ServiceLevel, there.ReorderPoint), Is.EqualTo((4, 0.9, 8)));
        Assert.That((both.History, both.Available), Is.EqualTo(((long[])[4, 4], 38L)));
    }

    [Test]
    public async Task No_more_weeks_are_looked_at_than_asked_and_none_before_the_item_was_there()
    {
        var (old, young) = (await Given.Stock(onHand: 1), await Given.Stock(onHand: 1));
        await Began(old, 400);

        Assert.That((await Forecast(new() { Sku = old })).History, Has.Count.EqualTo(12 * 7));
        Assert.That((await Forecast(new() { Sku = old, Weeks = 2 })).History, Has.Count.EqualTo(14));
        Assert.That((await Forecast(new() { Sku = young })).History, Is.Empty);
        Assert.That((await Forecast(new() { Sku = await Given.Item() })).History, Is.Empty);
    }

    [Test]
    public async Task What_is_not_known_has_no_forecast()
    {
        var noItem = await Node.Forecast.ExecuteAsync(new() { Sku = Some.Sku() }, default);
        var noWarehouse = await Node.Forecast.ExecuteAsync(
            new() { Sku = await Given.Item(), Warehouse = Some.WarehouseCode() },
            default
        );

        Assert.That(
            (noItem.Outcome, noWarehouse.Outcome),
            Is.EqualTo((ForecastOutcome.SkuUnknown, ForecastOutcome.WarehouseUnknown))
        );
    }

    private async Task<ItemForecast> Forecast(ForecastRequest request) =>
        (await Node.Forecast.ExecuteAsync(request, default)).Forecast!;

    private Task Began(string sku, int daysAgo) => Execute(BeganSql, sku, daysAgo);

    private Task Journal(string sku, int day, long onHand, short kind, string? warehouse = null) =>
        Execute(
            SalesSql,
            sku,
            day,
            Random.Shared.NextInt64(1_000, long.MaxValue),
            onHand,
            kind,
            warehouse ?? Given.MainWarehouse
        );

    private async Task Execute(string sql, params object[] values)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
