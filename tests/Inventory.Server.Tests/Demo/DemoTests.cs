using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Inventory.Engine.Reservations;
using Inventory.Engine.Reservations.Waiting;
using Inventory.Server.Demo;
using Inventory.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Server.Tests.Demo;

[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DemoTests
{
    private TestDatabase database = null!;
    private NpgsqlConnection tables = null!;

    [SetUp]
    public async Task CreateDatabase()
    {
        database = await TestDatabase.CreateAsync();
        tables = await database.Tables.OpenConnectionAsync();
    }

    [TearDown]
    public async Task DropDatabase()
    {
        await tables.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task Two_thousand_items_in_four_warehouses_are_there_and_the_books_agree()
    {
        var loaded = await LoadAsync();

        Assert.That(loaded, Is.EqualTo(2_000));
        Assert.That(await CountAsync("SELECT count(*) FROM item"), Is.EqualTo(2_000));
        Assert.That(await CountAsync("SELECT count(*) FROM warehouse"), Is.EqualTo(4));
        Assert.That(await CountAsync("SELECT count(*) FROM stock"), Is.EqualTo(6_000));
        Assert.That(await CountAsync("SELECT count(*) FROM stock WHERE available > 0"), Is.GreaterThan(5_000));
        Assert.That(await CountAsync(StockThatItsJournalDoesNotExplain), Is.Zero);
    }

    [Test]
    public async Task Every_item_has_a_GTIN_whose_check_digit_is_right()
    {
        await LoadAsync();

        var gtins = (await tables.QueryAsync<string>("SELECT gtin FROM barcode JOIN item USING (item_id)")).AsList();

        Assert.That(gtins, Has.Count.EqualTo(2_000).And.Unique);
        // From the right, the check digit first: weights 1, 3, 1, 3 … sum to a multiple of ten.
        Assert.That(
            gtins.Where(g => g.Reverse().Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10 != 0),
            Is.Empty
        );
    }

    [Test]
    public async Task A_second_load_adds_nothing_and_a_larger_one_adds_the_rest()
    {
        await LoadAsync();
        var first = await DigestAsync();

        Assert.That(await LoadAsync(), Is.Zero);
        Assert.That(await LoadAsync(2_000), Is.Zero);
        Assert.That(await LoadAsync(2_500), Is.EqualTo(500));

        Assert.That(await CountAsync("SELECT count(*) FROM item"), Is.EqualTo(2_500));
        Assert.That(await DigestAsync(), Is.EqualTo(first));
        Assert.That(await CountAsync(StockThatItsJournalDoesNotExplain), Is.Zero);
    }

    [Test]
    public async Task The_data_are_the_same_however_they_were_loaded()
    {
        await using var other = await TestDatabase.CreateAsync();
        await LoadAsync(1_000);
        await LoadAsync(2_000);
        await new DemoStock(other.Cell, NullLogger.Instance).LoadAsync(2_000, CancellationToken.None);

        await using var otherTables = await other.Tables.OpenConnectionAsync();

        Assert.That(await DigestAsync(), Is.EqualTo(await otherTables.QuerySingleAsync<string>(FirstItems)));
    }

    [Test]
    public async Task A_database_with_items_of_its_own_is_left_alone_unless_a_number_is_asked_for()
    {
        await tables.ExecuteAsync("INSERT INTO item (sku, name) VALUES ('OWN-1', 'Own')");

        Assert.That(await LoadAsync(), Is.Zero);
        Assert.That(await LoadAsync(10), Is.EqualTo(10));
    }

    [Test]
    public async Task Loads_that_start_together_load_once()
    {
        var loaded = await Task.WhenAll(LoadAsync(), LoadAsync(), LoadAsync());

        Assert.That(loaded.Order(), Is.EqualTo(new[] { 0, 0, 2_000 }));
    }

    [Test]
    public async Task Holds_are_placed_once_and_are_in_the_books()
    {
        await LoadAsync();

        var held = await PlaceHoldsAsync();
        var again = await PlaceHoldsAsync();

        Assert.That(held, Is.GreaterThan(DemoHolds.Count / 2));
        Assert.That(again, Is.EqualTo(held));
        Assert.That(await CountAsync("SELECT count(*) FROM reservation WHERE state = 2"), Is.EqualTo(held));
        Assert.That(
            await CountAsync("SELECT sum(reserved)::bigint FROM stock"),
            Is.Positive.And.EqualTo(await CountAsync("SELECT sum(q)::bigint FROM reservation, unnest(quantities) AS q"))
        );
        Assert.That(await CountAsync(StockThatItsJournalDoesNotExplain), Is.Zero);
    }

    private const string StockThatItsJournalDoesNotExplain = """
        SELECT count(*) FROM stock s LEFT JOIN (
            SELECT stock_id, count(*) AS version, coalesce(sum(on_hand), 0) AS on_hand, coalesce(sum(reserved), 0) AS reserved,
                coalesce(sum(damaged), 0) AS damaged, coalesce(sum(safety_stock), 0) AS safety_stock
            FROM journal GROUP BY stock_id) j USING (stock_id)
        WHERE (s.version, s.on_hand, s.reserved, s.damaged, s.safety_stock)
            IS DISTINCT FROM (j.version, j.on_hand, j.reserved, j.damaged, j.safety_stock)
        """;

    private const string FirstItems = """
        SELECT md5(string_agg(concat_ws('|', sku, i.name, category, price, unit_cost, i.safety_stock, gtin, code, on_hand, damaged),
            ',' ORDER BY sku, code))
        FROM item i JOIN barcode USING (item_id) JOIN stock USING (item_id) JOIN warehouse USING (warehouse_id)
        WHERE sku <= 'DEMO-0002000'
        """;

    private Task<int> LoadAsync(int? items = null) =>
        new DemoStock(database.Cell, NullLogger.Instance).LoadAsync(items, CancellationToken.None);

    private async Task<int> PlaceHoldsAsync()
    {
        var (cell, committed) = (database.Cell, new CommittedLevels());
        await using var directory = new StockDirectory(cell);
        await directory.RefreshWarehousesAsync(CancellationToken.None);
        await using var expiry = new ExpireHolds(cell, committed);
        await using var reservations = new GetReservations(cell, directory);
        await using var grants = new GrantWaiting(cell, committed);
        await using var reserve = new ReserveInventory(cell, directory, committed, expiry, reservations, grants);
        return await new DemoHolds(reserve, NullLogger.Instance).PlaceAsync(CancellationToken.None);
    }

    private Task<long> CountAsync(string sql) => tables.QuerySingleAsync<long>(sql);

    private async Task<string> DigestAsync() => await tables.QuerySingleAsync<string>(FirstItems);
}
