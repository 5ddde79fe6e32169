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

    private const string EndsSql = """
        -- tests.days
        WITH told AS (
            SELECT j.stock_id, (j.at AT TIME ZONE 'UTC')::date AS day, count(*) AS changes, coalesce(sum(greatest(j.on_hand, 0)), 0) AS received,
                coalesce(sum(greatest(-j.on_hand, 0)), 0) AS removed, coalesce(sum(greatest(j.reserved, 0)), 0) AS held,
                coalesce(-sum(j.on_hand) FILTER (WHERE j.kind IN (2, 42)), 0) AS confirmed,
                coalesce(-sum(j.reserved) FILTER (WHERE j.kind IN (4, 5, 40)), 0) AS released,
                coalesce(-sum(j.reserved) FILTER (WHERE j.kind = 6), 0) AS expired, coalesce(sum(j.reserved), 0) AS reserved
            FROM journal j JOIN stock s ON s.stock_id = j.stock_id JOIN item i ON i.item_id = s.item_id
            WHERE i.sku = ANY (@Skus) AND (NOT @Written OR j.version <= (SELECT max(d.version) FROM stock_daily d WHERE d.stock_id = j.stock_id))
            GROUP BY 1, 2)
        SELECT stock_id || ' ' || day || ' ' || concat_ws(' ', changes, received, removed, held, confirmed, released, expired,
            sum(received - removed) OVER up, sum(reserved) OVER up) FROM told
        WINDOW up AS (PARTITION BY stock_id ORDER BY day)
        """;

    private const string WrittenSql = """
        -- tests.written_days
        SELECT d.stock_id || ' ' || d.day || ' ' || concat_ws(' ', d.changes, d.received, d.removed, d.held, d.confirmed, d.released, d.expired,
            d.on_hand, d.reserved)
        FROM stock_daily d JOIN stock s ON s.stock_id = d.stock_id JOIN item i ON i.item_id = s.item_id WHERE i.sku = ANY (@Skus)
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
            await AssertTrueAsync([.. skus]);
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
        await AssertTrueAsync([.. skus]);

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

    [TestCase(5, 5, 2, Description = "all behind what is written")]
    [TestCase(60, 60, 60, Description = "written at the 48th, the 96th and the 144th")]
    [TestCase(30, 30, 4, Description = "late and not written, of a day that is")]
    public async Task A_change_that_comes_late_moves_the_days_that_followed(int first, int second, int late)
    {
        var sku = await GivenDueAt48Async();
        var day = Now.Date.AddDays(-3);
        await LiveAsync(sku, first, day.AddHours(1));
        await LiveAsync(sku, second, day.AddDays(1).AddHours(1));
        await FollowAsync();
        await LiveAsync(sku, late, day.AddHours(2));
        await FollowAsync();

        var days = await ListAsync(sku, day.AddDays(-2), day.AddDays(2));

        Assert.That(days.Select(d => d.Day), Is.EqualTo(Enumerable.Range(0, 3).Select(i => Text(day.AddDays(i)))));
        var (begun, all) = (first + late, first + late + second);
        Assert.That(
            days.Select(d => (d.Opening, d.Received, d.Closing)),
            Is.EqualTo([(0, begun, begun), (begun, second, all), (all, 0, all)])
        );
        await AssertTrueAsync([sku]);
    }

    [Test]
    public async Task They_are_told_up_to_now_and_written_once_for_many_changes()
    {
        var sku = await GivenDueAt48Async();
        await LiveAsync(sku, 40, Now.Date.AddDays(-1));
        await FollowAsync();
        var written = await QueryAsync<string>(WrittenSql, new { Skus = new[] { sku } });
        await LiveAsync(sku, 20, Now.Date);

        Assert.That(written, Is.Empty);
        Assert.That((await ListAsync(sku, Now.Date.AddDays(-1), Now)).Select(d => d.Changes), Is.EqualTo([40, 20]));
        await FollowAsync();
        Assert.That(await QueryAsync<string>(WrittenSql, new { Skus = new[] { sku } }), Has.Count.EqualTo(2));
        await AssertTrueAsync([sku]);
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

    /// <summary>What is told of them is what the journal adds up to, and what is written a true part of it.</summary>
    private async Task AssertTrueAsync(string[] skus)
    {
        var told = new List<string>();
        foreach (var sku in skus)
        {
            var days = await ListAsync(sku, Now.AddDays(-9), Now);
            told.AddRange(
                from d in days
                where d.Changes > 0
                select $"{d.StockId} {d.Day} {d.Changes} {d.Received} {d.Removed} {d.Held} {d.Confirmed} "
                    + $"{d.Released} {d.Expired} {d.Closing} {d.ClosingReserved}"
            );
        }

        Assert.That(told, Is.EquivalentTo(await QueryAsync<string>(EndsSql, new { Skus = skus, Written = false })));
        Assert.That(
            await QueryAsync<string>(WrittenSql, new { Skus = skus }),
            Is.EquivalentTo(await QueryAsync<string>(EndsSql, new { Skus = skus, Written = true }))
        );
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
