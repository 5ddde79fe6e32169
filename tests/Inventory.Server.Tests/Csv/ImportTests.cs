using System.Net;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Csv;

[Parallelizable(ParallelScope.Self)]
public sealed class ImportTests : CsvFixture
{
    [Test]
    public async Task A_file_is_a_bulk_update_and_its_journal_has_the_reasons()
    {
        var (sku, fresh) = (await Given.Stock(onHand: 10), await Given.Item());

        var report = await Import(
            $"""
            sku,warehouse,mode,quantity,reason,note
            {sku},{Main},set,4,count,
            {sku},{Main},Add,3,delivery,"pallet 1, left"
            {sku},{Main},REMOVE,2,,
            {sku},{Main},adjust,-1,broken,
            {fresh},{Main},,7,,
            """
        );

        Assert.That((report.Status, report.Text("outcome")), Is.EqualTo((HttpStatusCode.OK, "APPLIED")));
        Assert.That((report.Number("rowCount"), report.Number("appliedCount")), Is.EqualTo((5, 5)));
        Assert.That((await Then.OnHand(sku), await Then.OnHand(fresh)), Is.EqualTo((4, 7)));
        Assert.That(
            await Reasons(sku),
            Is.EqualTo(new[] { null, "count", "delivery: pallet 1, left", null, "broken" })
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Each_bad_row_is_named_by_its_line_and_nothing_is_written()
    {
        var sku = await Given.Stock(onHand: 10);

        var report = await Import(
            $"""
            sku,warehouse,mode,quantity,expected_version

            {sku},{Main},add,1,
            {sku},{Main},increase,ten,0
            nothing,{Main},add,1,
            {sku},{Main},remove,100,
            {sku},{Main},add
            {sku},{Main},add,1,,more
            {sku},"{Main}"x,add,1,
            {sku},"{Main},add,1,
            {sku},{Main},add,1,7
            """
        );

        Assert.That(
            (report.Status, report.Text("outcome")),
            Is.EqualTo((HttpStatusCode.UnprocessableEntity, "ABORTED"))
        );
        Assert.That(
            report.Errors,
            Is.EqualTo(
                new[]
                {
                    (4, "mode", "FORMAT"),
                    (4, "quantity", "FORMAT"),
                    (4, "expected_version", "OUT_OF_RANGE"),
                    (5, null, "SKU_UNKNOWN"),
                    (6, null, "INSUFFICIENT_STOCK"),
                    (7, null, "FIELD_COUNT"),
                    (8, null, "FIELD_COUNT"),
                    (9, null, "MALFORMED"),
                    (10, null, "MALFORMED"),
                    (11, null, "VERSION_CONFLICT"),
                }
            )
        );
        Assert.That((report.Number("rowCount"), report.Number("refusedCount")), Is.EqualTo((9, 8)));
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_dry_run_reports_the_same_and_writes_nothing()
    {
        var (sku, fresh) = (await Given.Stock(onHand: 10), await Given.Item());
        var file = $"sku,warehouse,quantity\n{sku},{Main},3\n{fresh},{Main},3\n{sku},nowhere,3\n";

        var dry = await Import(file, "dry_run=true&on_error=continue");
        var (changes, begun) = (await Then.Changes(sku), await Then.Changes(fresh));
        var wet = await Import(file, "on_error=CONTINUE");

        Assert.That((changes, begun), Is.EqualTo((1, 0)));
        Assert.That((dry.Flag("dryRun"), wet.Flag("dryRun")), Is.EqualTo((true, false)));
        Assert.That(dry.Errors, Is.EqualTo(wet.Errors));
        Assert.That(dry.Errors, Is.EqualTo(new[] { (4, (string?)null, "WAREHOUSE_UNKNOWN") }));
        Assert.That((dry.Status, wet.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That((dry.Number("appliedCount"), wet.Number("appliedCount")), Is.EqualTo((2, 2)));
        Assert.That((await Then.OnHand(sku), await Then.OnHand(fresh)), Is.EqualTo((3, 3)));
    }

    [Test]
    public async Task The_same_key_is_one_import()
    {
        var sku = await Given.Stock(onHand: 10);
        var key = Some.RequestId();
        var file = $"sku,warehouse,mode,quantity\n{sku},{Main},add,3\n";

        var first = await Import(file, key: key);
        var again = await Import(file, key: key);
        var other = await Import(file + $"{sku},{Main},add,1\n", key: key);

        Assert.That((first.Flag("replayed"), again.Flag("replayed")), Is.EqualTo((false, true)));
        Assert.That((first.Text("requestId"), again.Number("appliedCount")), Is.EqualTo((key, 1)));
        Assert.That((other.Status, other.Reason), Is.EqualTo((HttpStatusCode.Conflict, "REQUEST_ID_REUSED")));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(13));
    }

    [Test]
    public async Task Columns_come_in_any_order_and_case_behind_a_byte_order_mark()
    {
        var sku = await Given.Stock(onHand: 10);

        var report = await Import($"\uFEFFQUANTITY,Warehouse, sku\r\n 3 , {Main},\"{sku}\"\r\n");

        Assert.That(report.Text("outcome"), Is.EqualTo("APPLIED"));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(3));
    }

    [TestCase("", "header", "REQUIRED")]
    [TestCase("\n\n", "header", "REQUIRED")]
    [TestCase("sku,warehouse\na,b\n", "quantity", "REQUIRED")]
    [TestCase("sku,quantity\na,1\n", "warehouse", "REQUIRED")]
    [TestCase("warehouse,quantity\na,1\n", "sku", "REQUIRED")]
    [TestCase("sku,warehouse,on_hand,mode\na,b,1,add\n", "quantity", "REQUIRED")]
    [TestCase("sku,warehouse,quantity,colour\na,b,1,red\n", "header[3]", "UNKNOWN_FIELD")]
    [TestCase("sku,warehouse,quantity,SKU\na,b,1,c\n", "header[3]", "CONFLICT")]
    [TestCase("sku,warehouse,quantity\n", "rows", "REQUIRED")]
    public async Task A_wrong_header_or_no_row_is_refused_and_named(string file, string field, string reason)
    {
        var report = await Import(file);

        Assert.That(report.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(report.Fields, Is.EqualTo(new[] { (field, reason) }));
    }

    [Test]
    public async Task A_file_of_another_separator_is_told_the_columns()
    {
        var report = await Import("sku;warehouse;quantity\na;b;1\n");

        Assert.That(report.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(report.Fields, Does.Contain(("header[0]", "UNKNOWN_FIELD")));
        Assert.That(report.Body, Does.Contain("inventory_id, sku, warehouse"));
    }

    [Test]
    public async Task What_is_wrong_with_the_request_is_told_at_once()
    {
        var parameters = await Import(
            "sku,warehouse,quantity\na,b,1\n",
            "dry_run=yes&on_error=skip&mode=add",
            key: "é\t"
        );
        var type = await Import("sku,warehouse,quantity\na,b,1\n", contentType: "application/json");

        Assert.That(parameters.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            parameters.Fields,
            Is.EqualTo(new[] { ("dry_run", "FORMAT"), ("on_error", "FORMAT"), ("mode", "UNKNOWN_FIELD") })
        );
        Assert.That(
            (type.Status, type.Reason),
            Is.EqualTo((HttpStatusCode.UnsupportedMediaType, "CONTENT_TYPE_UNSUPPORTED"))
        );
    }
}
