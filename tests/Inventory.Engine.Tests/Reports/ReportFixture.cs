using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Reports;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reports;

/// <summary>
/// Tests of reports on data that was written to the tables with its times, at warehouses that no other test has; what
/// is expected was computed by hand.
/// </summary>
public abstract class ReportFixture : EngineFixture
{
    // A stock row and its journal, one row a change; what is on hand and held now is what they add up to.
    private const string HistorySql = """
        WITH changed AS (
            SELECT c.days, c.kind, c.on_hand, c.reserved, c.place
            FROM unnest(@Days::numeric[], @Kinds::smallint[], @OnHand::bigint[], @Reserved::bigint[])
                WITH ORDINALITY AS c (days, kind, on_hand, reserved, place)),
        shelf AS (
            INSERT INTO stock (item_id, warehouse_id, on_hand, reserved, version)
            SELECT i.item_id, w.warehouse_id, (SELECT sum(on_hand) FROM changed), (SELECT sum(reserved) FROM changed),
                (SELECT count(*) FROM changed)
            FROM item i, warehouse w WHERE i.sku = @Sku AND w.code = @Warehouse
            RETURNING stock_id)
        INSERT INTO journal (at, stock_id, version, on_hand, reserved, kind, actor)
        SELECT @Now::timestamptz - c.days * interval '1 day', s.stock_id, c.place, nullif(c.on_hand, 0), nullif(c.reserved, 0), c.kind, 'given'
        FROM shelf s, changed c ORDER BY c.place
        """;

    private const string ItemSql = """
        UPDATE item SET category = @Category, unit_cost = @Cost::numeric, unit_cost_currency = @Currency, price = @Price::numeric,
            price_currency = @Currency
        WHERE sku = @Sku
        """;

    /// <summary>A moment ago, to which the days of a history are counted back.</summary>
    protected static DateTime Now { get; } = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1);

    /// <summary>A change of a stock row.</summary>
    /// <param name="Days">How many days ago.</param>
    /// <param name="Kind">What it was.</param>
    /// <param name="OnHand">By how much.</param>
    /// <param name="Reserved">And of what is held.</param>
    protected sealed record Change(double Days, JournalKind Kind, long OnHand, long Reserved = 0);

    protected async Task Priced(
        string sku,
        string cost,
        string price,
        string currency = "EUR",
        string category = "tools"
    ) =>
        await Execute(
            ItemSql,
            new
            {
                Sku = sku,
                Cost = cost,
                Price = price,
                Currency = currency,
                Category = category,
            }
        );

    protected async Task History(string sku, string warehouse, params Change[] changes) =>
        await Execute(
            HistorySql,
            new
            {
                Sku = sku,
                Warehouse = warehouse,
                Now,
                Days = changes.Select(c => (decimal)c.Days).ToArray(),
                Kinds = changes.Select(c => (short)c.Kind).ToArray(),
                OnHand = changes.Select(c => c.OnHand).ToArray(),
                Reserved = changes.Select(c => c.Reserved).ToArray(),
            }
        );

    protected async Task Execute(string sql, object? parameters = null)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    /// <summary>The last ten days, unless said otherwise, at some warehouses.</summary>
    protected static ReportQuery Query(ReportKind kind, params string[] warehouses) =>
        new()
        {
            Kind = kind,
            From = Now.AddDays(-10),
            Before = Now,
            Warehouses = warehouses,
        };

    /// <summary>The cells of a report's rows, those of the named columns only, with spaces between.</summary>
    protected async Task<IReadOnlyList<string>> Run(ReportQuery query, string columns)
    {
        ReportHead? head = null;
        var lines = new List<string>();
        await foreach (var step in Node.Report.ExecuteAsync(query, default))
        {
            switch (step)
            {
                case ReportHead first:
                    head = first;
                    break;
                case ReportRows rows:
                    var places = columns
                        .Split(' ')
                        .Select(c => head!.Columns.ToList().FindIndex(h => h.Name == c))
                        .ToArray();
                    Assert.That(places, Has.None.EqualTo(-1));
                    lines.AddRange(
                        rows.Rows.Select(r => string.Join(' ', places.Select(p => r[p].Length == 0 ? "-" : r[p])))
                    );
                    break;
                default:
                    Assert.Fail($"{step}");
                    break;
            }
        }

        Assert.That(head, Is.Not.Null);
        return lines;
    }
}
