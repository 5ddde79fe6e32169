using Inventory.Engine.Journal.Daily;
using Inventory.Engine.Journal.Followers;
using Inventory.Engine.Telemetry;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

public sealed class DailyStockTests : HistoryFixture
{
    private const string SpreadSql = """
        -- tests.spread
        UPDATE journal j SET at = j.at - (6 - 6 * (j.version - 1) / 60) * interval '1 day'
        FROM stock s JOIN item i ON i.item_id = s.item_id
        WHERE j.stock_id = s.stock_id AND i.sku = ANY (@Skus) AND j.version <= 60
        """;

    // As a node's death: its connection, lease and transaction are gone.
    private const string EndBackendsSql = """
        -- tests.end_backends
        SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private const string WrongSql = """
        -- tests.wrong_days
        WITH told AS (
            SELECT stock_id, (at AT TIME ZONE 'UTC')::date AS day, count(*) AS changes, coalesce(sum(greatest(on_hand, 0)), 0) AS received,
                coalesce(sum(greatest(-on_hand, 0)), 0) AS removed, coalesce(sum(greatest(reserved, 0)), 0) AS held,
                coalesce(-sum(on_hand) FILTER (WHERE kind IN (2, 42)), 0) AS confirmed,
                coalesce(-sum(reserved) FILTER (WHERE kind IN (4, 5, 40)), 0) AS released,
                coalesce(-sum(reserved) FILTER (WHERE kind = 6), 0) AS expired, coalesce(sum(reserved), 0) AS reserved
            FROM journal WHERE stock_id IS NOT NULL GROUP BY 1, 2),
        ends AS (
            SELECT t.stock_id, t.day, t.changes, t.received, t.removed, t.held, t.confirmed, t.released, t.expired,
                sum(t.received - t.removed) OVER up AS on_hand, sum(t.reserved) OVER up AS reserved
            FROM told t WINDOW up AS (PARTITION BY t.stock_id ORDER BY t.day))
        (TABLE ends EXCEPT SELECT stock_id, day, changes, received, removed, held, confirmed, released, expired, on_hand, reserved FROM stock_daily)
        UNION ALL
        (SELECT stock_id, day, changes, received, removed, held, confirmed, released, expired, on_hand, reserved FROM stock_daily EXCEPT TABLE ends)
        """;

    [Test]
    public async Task After_random_load_over_days_they_are_what_the_journal_adds_up_to()
    {
        var random = new Random(TestContext.CurrentContext.Random.Next());
        var skus = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            skus.Add(await Given.Stock(onHand: 50));
        }

        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(skus.Select(sku => LoadAsync(sku, random.Next())));
            if (round == 0)
            {
                await ExecuteAsync(SpreadSql, new { Skus = skus });
            }

            await FollowAsync(pageSize: random.Next(3, 60));
            Assert.That(await QueryAsync<object>(WrongSql), Is.Empty);
        }
    }

    [Test]
    public async Task They_add_up_though_the_node_that_adds_is_killed_again_and_again_and_another_takes_over()
    {
        var skus = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            skus.Add(await Given.Stock(onHand: 50));
        }

        await Task.WhenAll(skus.Select((sku, i) => LoadAsync(sku, i)));
        using var metrics = new FollowerMetrics();
        await using var first = Run(metrics, pageSize: 7);
        await using var second = Run(metrics, pageSize: 7);
        for (var n = 0; n < 60; n++)
        {
            var steps = Task.WhenAll(StepAsync(first), StepAsync(second));
            if (n % 2 == 0)
            {
                await ExecuteAsync(EndBackendsSql);
            }

            await steps;
        }

        await first.DisposeAsync();
        await second.DisposeAsync();
        await FollowAsync();
        Assert.That(await QueryAsync<object>(WrongSql), Is.Empty);

        static async Task StepAsync(RunFollower run)
        {
            try
            {
                await run.StepAsync(default);
            }
            catch (NpgsqlException)
            {
                // Its connection was ended.
            }
        }
    }

    [Test]
    public async Task A_change_that_comes_late_moves_the_days_that_followed()
    {
        var sku = await Given.Stock(onHand: 0);
        var day = Now.Date.AddDays(-3);
        await LiveAsync(sku, 5, day.AddHours(1));
        await LiveAsync(sku, 5, day.AddDays(1).AddHours(1));
        await FollowAsync();
        await LiveAsync(sku, 2, day.AddHours(2));
        await FollowAsync();

        var days = await ListAsync(sku, day.AddDays(-2), day.AddDays(2));

        Assert.That(days.Select(d => d.Day), Is.EqualTo(Enumerable.Range(0, 3).Select(i => Text(day.AddDays(i)))));
        Assert.That(
            days.Select(d => (d.Opening, d.Received, d.Closing)),
            Is.EqualTo([(0, 7, 7), (7, 5, 12), (12, 0, 12)])
        );
    }

    [Test]
    public async Task A_day_ends_at_midnight_UTC()
    {
        var sku = await Given.Stock(onHand: 0);
        var midnight = Now.Date.AddDays(-1);
        await LiveAsync(sku, 10, midnight.AddMilliseconds(-6));
        await FollowAsync();

        var days = await ListAsync(sku, midnight.AddDays(-1), midnight);

        Assert.That(days.Select(d => d.Received), Is.EqualTo([5, 5]));
    }

    [Test]
    public async Task They_are_listed_by_day_and_warehouse_page_by_page_and_not_beyond_today()
    {
        var (site, sku) = (await Given.Warehouse(), await Given.Stock(onHand: 0));
        await Given.Stock(onHand: 0, sku: sku, warehouse: site);
        var day = Now.Date.AddDays(-2);
        await LiveAsync(sku, 3, day.AddHours(1));
        await FollowAsync();
        var filter = new DailyStockFilter(sku, null, DateOnly.FromDateTime(day), DateOnly.FromDateTime(day).AddDays(9));

        var all = new List<DailyStock>();
        string? token = null;
        do
        {
            var page = await Node.Days.ExecuteAsync(filter, 4, token, default);
            all.AddRange(page.Days);
            token = page.NextPageToken;
        } while (token is not null);
        var one = await Node.Days.ExecuteAsync(filter with { Warehouse = site }, 10, null, default);

        Assert.That(all.Select(d => (d.Day, d.StockId)), Is.Unique.And.Ordered);
        Assert.That(all, Has.Count.EqualTo(6));
        Assert.That(one.Days, Is.EqualTo(all.Where(d => d.Warehouse == site)));
    }

    private async Task LoadAsync(string sku, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 25; i++)
        {
            await Edit(random.Next(2) == 0 ? Some.Add(sku, random.Next(1, 9)) : Some.Remove(sku, 1));
            if ((await Reserve(Some.Reserve(sku, random.Next(1, 4)))).Reservation is not { } held)
            {
                continue;
            }

            switch (random.Next(4))
            {
                case 0:
                    await Confirm(held.ReservationId);
                    break;
                case 1:
                    await Cancel(held.ReservationId);
                    break;
                case 2:
                    await Given.Lapsed(held.ReservationId);
                    await Node.Expire.SweepAsync(default);
                    break;
            }
        }
    }

    private async Task<IReadOnlyList<DailyStock>> ListAsync(string sku, DateTime from, DateTime to) =>
        (
            await Node.Days.ExecuteAsync(
                new(sku, null, DateOnly.FromDateTime(from), DateOnly.FromDateTime(to)),
                1_000,
                null,
                default
            )
        ).Days;

    private static string Text(DateTime day) => DayText.Of(DateOnly.FromDateTime(day));
}
