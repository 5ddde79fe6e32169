using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>Every walk over forty thousand reservations, against a plain look at all of them.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ListReservationsWalkTests
{
    // A hundred stock rows, of fifty SKUs at two warehouses, each with four hundred changes; a quarter of the journal's
    // rows is no hold. States and times go round in steps that have no factor in common with the rows. Nothing lapses
    // within an hour, so that what is held stays so while the tests run.
    private const string FillSql = """
        INSERT INTO warehouse (code, name) VALUES ('EAST', 'East'), ('WEST', 'West'), ('EMPTY', 'Empty');
        INSERT INTO item (sku, name) SELECT 'SKU-' || n, 'Item' FROM generate_series(1, 50) n;
        INSERT INTO stock (item_id, warehouse_id, on_hand, version)
        SELECT i.item_id, w.warehouse_id, 1000, 400 FROM item i, warehouse w WHERE w.code IN ('EAST', 'WEST') ORDER BY 1, 2;
        INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, state, caller, request_id, order_id, stock_ids,
            quantities)
        SELECT md5(n::text)::uuid, 0, t.now - interval '1 day' + n * interval '1 second',
            t.now + (n * 7 % 40000 - 20000) * interval '1 second' + CASE WHEN n * 7 % 40000 < 20000 THEN interval '0' ELSE interval '1 hour' END,
            (ARRAY[2, 3, 5, 2, 6, 7, 3])[1 + n % 7], 'tests', n::text, CASE WHEN n % 3 = 0 THEN 'order-' || n / 300 END, ARRAY[1 + n % 100], ARRAY[1]
        FROM generate_series(0, 39999) n, (SELECT now() AS now) t;
        INSERT INTO journal (at, stock_id, version, document, reserved, kind, actor)
        SELECT now(), 1 + n % 100, 1 + n / 100, md5(n::text)::uuid, 1, CASE WHEN n % 4 = 3 THEN 7 ELSE 1 END, 'tests'
        FROM generate_series(0, 39999) n ORDER BY n;
        ANALYZE;
        """;

    private const string AllSql = """
        SELECT r.reservation_id, r.created_at, r.expires_at, r.order_id,
            CASE WHEN r.state = 2 AND r.expires_at <= now() THEN 7 ELSE r.state END::int AS state, i.sku, w.code AS warehouse, j.kind = 1 AS held
        FROM reservation r JOIN stock s ON s.stock_id = r.stock_ids[1] JOIN item i ON i.item_id = s.item_id
        JOIN warehouse w ON w.warehouse_id = s.warehouse_id JOIN journal j ON j.document = r.reservation_id
        """;

    // A partition without rows is scanned for nothing.
    private const string ScansSql = """
        SELECT coalesce(sum(seq_scan), 0)::bigint AS sequential, coalesce(sum(idx_scan), 0)::bigint AS by_index
        FROM pg_stat_user_tables WHERE (relname = 'reservation' OR relname LIKE 'journal%') AND n_live_tup > 0
        """;

    private static readonly string[] Nothing =
    [
        "a_state_that_none_has",
        "a_sku_that_is_not_there",
        "an_empty_warehouse",
        "an_order_that_is_not_there",
    ];

    private TestDatabase? database;

    private TestDatabase Database => database!;

    [OneTimeSetUp]
    public async Task Fill() => database = await FilledAsync();

    [OneTimeTearDown]
    public async Task Drop()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private static IEnumerable<TestCaseData> Filters()
    {
        yield return Case("everything", 1_000, new ReservationFilter());
        yield return Case("a_state", 1_000, new ReservationFilter { State = ReservationState.Cancelled });
        yield return Case("a_state_that_none_has", 50, new ReservationFilter { State = ReservationState.Pending });
        yield return Case("expired_ones", 1_000, new ReservationFilter { State = ReservationState.Expired });
        yield return Case("held_ones", 50, new ReservationFilter { State = ReservationState.Held });
        yield return Case("a_sku", 7, new ReservationFilter { Sku = "SKU-7" });
        yield return Case("a_sku_at_a_warehouse", 7, new ReservationFilter { Sku = "SKU-7", Warehouse = "WEST" });
        yield return Case("a_sku_that_is_not_there", 7, new ReservationFilter { Sku = "SKU-7", Warehouse = "EMPTY" });
        yield return Case(
            "held_ones_of_a_sku",
            7,
            new ReservationFilter { Sku = "SKU-8", State = ReservationState.Held }
        );
        yield return Case("a_warehouse", 1_000, new ReservationFilter { Warehouse = "EAST" });
        yield return Case("an_empty_warehouse", 50, new ReservationFilter { Warehouse = "EMPTY" });
        yield return Case(
            "held_ones_at_a_warehouse",
            50,
            new ReservationFilter { Warehouse = "WEST", State = ReservationState.Held }
        );
        yield return Case("an_order", 7, new ReservationFilter { OrderId = "order-9" });
        yield return Case("an_order_that_is_not_there", 7, new ReservationFilter { OrderId = "none" });
        yield return Case(
            "an_order_and_all_else",
            3,
            new ReservationFilter
            {
                OrderId = "order-9",
                Sku = "SKU-1",
                Warehouse = "EAST",
                State = ReservationState.Expired,
            }
        );
        yield return Case(
            "an_order_at_a_warehouse",
            7,
            new ReservationFilter { OrderId = "order-9", Warehouse = "WEST" }
        );
    }

    [TestCaseSource(nameof(Filters))]
    public async Task The_pages_hold_each_match_once_and_in_order(ReservationFilter filter, int pageSize, bool matches)
    {
        await using var node = new EngineNode(Database.Cell);

        var listed = await ListAllAsync(node, filter, pageSize);

        Assert.That(listed, Is.EqualTo(await ExpectedAsync(filter)));
        Assert.That(listed, matches ? Is.Not.Empty : Is.Empty);
    }

    [TestCase(null)]
    [TestCase(ReservationState.Held)]
    [TestCase(ReservationState.Confirmed)]
    public async Task A_span_of_ends_is_listed_without_its_last_moment(ReservationState? state)
    {
        await using var node = new EngineNode(Database.Cell);
        var times = (await AllAsync()).Select(r => r.ExpiresAt).Order().ToList();
        var filter = new ReservationFilter
        {
            State = state,
            ExpiresAfter = times[times.Count * 9 / 10],
            ExpiresBefore = times[^100],
        };

        var listed = await ListAllAsync(node, filter, 1_000);

        Assert.That(listed, Is.Not.Empty);
        Assert.That(listed, Is.EqualTo(await ExpectedAsync(filter)));
    }

    [Test]
    public async Task No_filter_scans_a_table()
    {
        // The other tests look at all reservations, and their backends tell of it when they like.
        await using var filled = await FilledAsync();
        var calls = 0;
        await using (var cell = new Cell(new CellOptions { ConnectionString = filled.ConnectionString }))
        {
            var lists = new ListReservations(cell, new StockDirectory(cell));
            foreach (var filter in Filters().Select(c => (ReservationFilter)c.Arguments[0]!))
            {
                // Often enough that a statement is prepared and its generic plan is weighed against the others.
                for (var times = 0; times < 10; times++, calls++)
                {
                    await lists.ExecuteAsync(filter, 50, null, CancellationToken.None);
                }
            }
        }

        // A backend tells its counts when it ends.
        await Eventually.TrueAsync(async () => (await ScansAsync(filled)).ByIndex > calls);
        Assert.That((await ScansAsync(filled)).Sequential, Is.Zero);
    }

    private static async Task<TestDatabase> FilledAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(FillSql);
        return database;
    }

    private static TestCaseData Case(string name, int pageSize, ReservationFilter filter) =>
        new TestCaseData(filter, pageSize, !Nothing.Contains(name)).SetArgDisplayNames(name);

    private static async Task<List<Guid>> ListAllAsync(EngineNode node, ReservationFilter filter, int pageSize)
    {
        var listed = new List<Guid>();
        string? token = null;
        do
        {
            var page = await node.List.ExecuteAsync(filter, pageSize, token, CancellationToken.None);
            Assert.That(page.Reservations, Has.Count.AtMost(pageSize));
            listed.AddRange(page.Reservations.Select(r => r.ReservationId));
            token = page.NextPageToken;
        } while (token is not null);
        return listed;
    }

    private async Task<IReadOnlyList<Guid>> ExpectedAsync(ReservationFilter filter)
    {
        var matches = (await AllAsync())
            .Where(r => filter.OrderId is null || r.OrderId == filter.OrderId)
            .Where(r => filter.State is null || r.State == (int)filter.State)
            .Where(r => filter.Sku is null || r.Sku == filter.Sku)
            .Where(r => filter.Warehouse is null || r.Warehouse == filter.Warehouse)
            .Where(r => filter.ExpiresBefore is null || r.ExpiresAt < filter.ExpiresBefore)
            .Where(r => filter.ExpiresAfter is null || r.ExpiresAt >= filter.ExpiresAfter);
        var byIndex = filter is { OrderId: not null } or { Sku: null, State: ReservationState.Held };
        var ordered = filter is { OrderId: null, Sku: null, State: ReservationState.Held }
            ? matches.OrderByDescending(r => r.ExpiresAt)
            : matches.OrderByDescending(r => r.CreatedAt);
        // The journal of these lists has no hold of every fourth.
        return [.. ordered.Where(r => byIndex || r.Held).Select(r => r.ReservationId)];
    }

    private async Task<IReadOnlyList<Row>> AllAsync()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (await connection.QueryAsync<Row>(AllSql)).AsList();
    }

    private static async Task<Scans> ScansAsync(TestDatabase database)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<Scans>(ScansSql);
    }

    private sealed record Scans(long Sequential, long ByIndex);

    private sealed record Row(
        Guid ReservationId,
        DateTime CreatedAt,
        DateTime ExpiresAt,
        string? OrderId,
        int State,
        string Sku,
        string Warehouse,
        bool Held
    );
}
