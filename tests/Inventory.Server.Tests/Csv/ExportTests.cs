using System.Net;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Csv;

[Parallelizable(ParallelScope.Self)]
public sealed class ExportTests : CsvFixture
{
    private const string Columns =
        "sku,warehouse,on_hand,reserved,damaged,quality_control,in_transit,safety_stock,available,version\r\n";

    [Test]
    public async Task A_row_of_stock_is_a_line()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, warehouse: place, safetyStock: 3, damaged: 1, qualityControl: 2);
        await Reservations.ReserveInventoryAsync(Order(sku, quantity: 2, warehouse: place));
        var short_ = await Given.Stock(onHand: 1, warehouse: place, safetyStock: 3);

        var file = await Export(place);

        Assert.That(
            file,
            Is.EqualTo($"{Columns}{sku},{place},10,2,1,2,0,3,2,1\r\n{short_},{place},1,0,0,0,0,3,0,1\r\n")
        );
    }

    [Test]
    public async Task What_a_spreadsheet_would_run_goes_out_as_text_and_comes_back_as_it_was()
    {
        var place = await Given.Warehouse();
        var id = Some.RequestId()[..8];
        string[] skus =
        [
            $"=cmd|' /C calc'!{id}",
            $"+{id}",
            $"-{id}",
            $"@{id}",
            $"'={id}",
            $"'{id}",
            $"a,\"b\" {id}",
            $" {id} ",
        ];
        foreach (var sku in skus)
        {
            await Given.Stock(onHand: 1, sku, place);
        }

        var file = await Export(place);
        var report = await Import(file.Replace(",1,0,0,0,0,0,1,1\r", ",5,0,0,0,0,0,1,1\r", StringComparison.Ordinal));

        var lines = file.Split("\r\n")[1..^1];
        Assert.That(lines.Select(l => l[0]).Distinct(), Is.SubsetOf(new[] { '"', '\'' }));
        Assert.That(
            lines.Take(5).Select(l => l.Split(',')[0]),
            Is.EqualTo(new[] { $"\"'=cmd|' /C calc'!{id}\"", $"\"'+{id}\"", $"\"'-{id}\"", $"\"'@{id}\"", $"''={id}" })
        );
        Assert.That(
            (report.Text("outcome"), report.Number("appliedCount")),
            Is.EqualTo(("APPLIED", skus.Length)),
            report.Body
        );
        Assert.That(await Task.WhenAll(skus.Select(s => Then.OnHand(s))), Is.All.EqualTo(5));
    }

    [Test]
    public async Task An_export_that_is_imported_after_somebody_else_edited_is_refused_by_line()
    {
        var place = await Given.Warehouse();
        var (sku, other) = (
            await Given.Stock(onHand: 1, warehouse: place),
            await Given.Stock(onHand: 1, warehouse: place)
        );
        var file = await Export(place);
        await Stock.AddInventoryToLocationAsync(
            new()
            {
                Sku = other,
                Warehouse = place,
                Quantity = 1,
            }
        );

        var report = await Import(file);

        Assert.That(report.Errors, Is.EqualTo(new[] { (3, (string?)null, "VERSION_CONFLICT") }));
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task Pages_follow_each_other_without_a_gap()
    {
        const int rows = 4_100;
        var (place, other) = (await Given.Warehouse(), await Given.Warehouse());
        await GivenMany(rows, place, other);

        var ofOne = (await Export(place)).Split("\r\n")[1..^1];
        var all = (await Export()).Split("\r\n")[1..^1];

        Assert.That(ofOne.Select(l => l.Split(',')[0]).Distinct().Count(), Is.EqualTo(rows));
        Assert.That(ofOne, Has.Length.EqualTo(rows));
        Assert.That(all.Count(l => l.Contains(place) || l.Contains(other)), Is.EqualTo(2 * rows));
        Assert.That(all.Distinct().Count(), Is.EqualTo(all.Length));
    }

    [Test]
    public async Task A_warehouse_without_stock_is_a_header_and_one_that_is_not_known_is_not_found()
    {
        var empty = await Export(await Given.Warehouse());
        using var unknown = await Server.Http.GetAsync(
            new Uri("/v1/inventory/export?warehouse=nowhere", UriKind.Relative)
        );
        using var wrong = await Server.Http.GetAsync(
            new Uri("/v1/inventory/export?warehouse=%00&x=1", UriKind.Relative)
        );

        Assert.That(empty, Is.EqualTo(Columns));
        Assert.That(
            (unknown.StatusCode, wrong.StatusCode),
            Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.BadRequest))
        );
        Assert.That(
            new Report(wrong.StatusCode, await wrong.Content.ReadAsStringAsync()).Fields,
            Is.EqualTo(new[] { ("warehouse", "CHARACTERS"), ("x", "UNKNOWN_FIELD") })
        );
    }

    private async Task GivenMany(int count, params string[] warehouses)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await Dapper.SqlMapper.ExecuteAsync(
            connection,
            """
            WITH made AS (
                INSERT INTO item (sku, name) SELECT @Prefix || n, 'many' FROM generate_series(1, @Count) n RETURNING item_id)
            INSERT INTO stock (item_id, warehouse_id) SELECT m.item_id, w.warehouse_id FROM made m, warehouse w
            WHERE w.code = ANY (@Warehouses)
            """,
            new
            {
                Prefix = Some.Sku(),
                Count = count,
                Warehouses = warehouses,
            }
        );
    }
}
