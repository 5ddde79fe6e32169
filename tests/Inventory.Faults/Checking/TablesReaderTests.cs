using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Faults.Checking;

[TestFixture]
public sealed class TablesReaderTests
{
    private const string Fill = """
        INSERT INTO warehouse (code, name) VALUES ('W1', 'W1');
        INSERT INTO item (sku, name) VALUES ('A', 'A');
        INSERT INTO stock (item_id, warehouse_id, on_hand, reserved, damaged, quality_control, in_transit, safety_stock, version)
            SELECT item_id, warehouse_id, 20, 2, 3, 4, 5, 6, 2 FROM item, warehouse;
        INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, ended_at, state, caller, request_id, stock_ids,
            quantities)
            SELECT '00000000-0000-8000-8000-000000000001', 1, '2030-01-01Z', '2030-01-02Z', NULL, 2, 'shop', 'r1', ARRAY[stock_id],
                ARRAY[2] FROM stock;
        INSERT INTO journal (at, stock_id, version, on_hand, damaged, quality_control, in_transit, safety_stock, kind, actor, reason)
            SELECT '2030-01-01Z', stock_id, 1, 20, 3, 4, 5, 6, 7, 'shop', 'first' FROM stock;
        INSERT INTO journal (at, stock_id, version, document, reserved, kind, actor)
            SELECT '2030-01-01Z', stock_id, 2, '00000000-0000-8000-8000-000000000001', 2, 1, 'shop' FROM stock;
        """;

    [Test]
    public async Task Every_column_that_a_promise_is_about_is_read()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var fill = database.Tables.CreateCommand(Fill);
        await fill.ExecuteNonQueryAsync();

        var tables = await TablesReader.ReadAsync(database.Tables);

        var stock = tables.Stock.Single();
        Assert.That(
            stock,
            Is.EqualTo(
                new StockRow(stock.StockId, "A", "W1")
                {
                    OnHand = 20,
                    Reserved = 2,
                    Damaged = 3,
                    QualityControl = 4,
                    InTransit = 5,
                    SafetyStock = 6,
                    Available = 5,
                    Version = 2,
                }
            )
        );
        var reservation = tables.Reservations.Single();
        Assert.That((reservation.Caller, reservation.RequestId, reservation.State), Is.EqualTo(("shop", "r1", 2)));
        Assert.That(reservation.ExpiresAt - reservation.CreatedAt, Is.EqualTo(TimeSpan.FromDays(1)));
        Assert.That(reservation.Lines, Is.EqualTo(new[] { (stock.StockId, 2L) }));
        Assert.That(tables.Journal.Select(j => j.Reason), Is.EquivalentTo(new[] { "first", null }));
        Assert.That(StockChecks.Judge(tables).Concat(ReservationChecks.Judge(tables)), Is.Empty);
    }
}
