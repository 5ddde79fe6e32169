using System.Net;
using System.Text;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Csv;

/// <summary>Files that are meant to do harm, or were made by a program that did.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class HostileFileTests : CsvFixture
{
    private const string Header = "sku,warehouse,quantity,note,reason\n";

    [Test]
    public async Task Control_characters_and_bytes_that_are_no_text_are_refused_by_line()
    {
        var sku = await Given.Stock(onHand: 10);
        byte[] file =
        [
            .. Encoding.UTF8.GetBytes($"{Header}{sku}\0,{Main},1,,\n{sku},{Main},1\0,,\n"),
            0xC3,
            0x28,
            .. Encoding.UTF8.GetBytes($",{Main},1,,\n{sku},{Main},1,a\vb,r\n"),
        ];

        var report = await Import(file);

        Assert.That(
            report.Errors,
            Is.EqualTo(
                new[]
                {
                    (2, "sku", "CHARACTERS"),
                    (3, "quantity", "FORMAT"),
                    (4, "sku", "CHARACTERS"),
                    (5, "note", "CHARACTERS"),
                }
            )
        );
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task SQL_and_formulas_are_ordinary_text()
    {
        var sku = await Given.Item("=1+1'; DROP TABLE stock; --");

        var report = await Import($"{Header}\"{sku}\",{Main},1,'=cmd|' /C calc'!A0,@SUM(A1)\n");

        Assert.That(report.Text("outcome"), Is.EqualTo("APPLIED"));
        Assert.That(await Reasons(sku), Is.EqualTo(new[] { "@SUM(A1): =cmd|' /C calc'!A0" }));
    }

    [Test]
    public async Task A_quote_that_is_never_closed_spoils_its_own_line_only()
    {
        var sku = await Given.Stock(onHand: 10);

        var report = await Import($"{Header}{sku},{Main},1,\"never closed,\n{sku},{Main},2,,\n", "on_error=continue");

        Assert.That(report.Errors.Select(e => (e.Line, e.Reason)), Is.EqualTo(new[] { (2, "MALFORMED") }));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(2));
    }

    [TestCase('x')]
    [TestCase(',')]
    [TestCase('"')]
    public async Task A_record_without_end_is_given_up_and_nothing_is_applied(char filler)
    {
        var sku = await Given.Stock(onHand: 10);

        var report = await Import(
            $"{Header}{sku},{Main},1,,\n{new string(filler, 900_000)}\n{sku},{Main},2,,\n",
            "on_error=continue"
        );

        Assert.That(
            (report.Status, report.Text("outcome")),
            Is.EqualTo((HttpStatusCode.UnprocessableEntity, "ABORTED"))
        );
        Assert.That(report.Errors, Is.EqualTo(new[] { (3, (string?)null, "UNREADABLE") }));
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_header_without_end_is_given_up()
    {
        var report = await Import(new string('h', 900_000));

        Assert.That(report.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(report.Fields, Is.EqualTo(new[] { ("header", "REQUIRED") }));
    }

    [Test]
    public async Task A_field_that_is_too_long_and_a_number_that_is_too_large_are_named()
    {
        var sku = await Given.Stock(onHand: 10);

        var report = await Import(
            $"{Header}{new string('s', 65)},{Main},1,,\n{sku},{Main},{new string('9', 400)},,\n{sku},{Main},1e3,,\n"
        );

        Assert.That(
            report.Errors,
            Is.EqualTo(new[] { (2, "sku", "TOO_LONG"), (3, "quantity", "FORMAT"), (4, "quantity", "FORMAT") })
        );
    }

    [Test]
    public async Task A_file_over_its_limits_is_refused_and_the_next_is_read()
    {
        var sku = await Given.Stock(onHand: 10);
        var row = $"{sku},{Main},1,,\n";

        var rows = await Import(Header + string.Concat(Enumerable.Repeat(row, RowsMax + 1)));
        var bytes = await Import(Header + string.Concat(Enumerable.Repeat("\n", 1024 * 1024)));
        var fits = await Import(Header + string.Concat(Enumerable.Repeat(row, RowsMax)));

        Assert.That(
            (rows.Status, bytes.Status),
            Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge))
        );
        Assert.That(rows.Fields, Is.EqualTo(new[] { ("rows", "OUT_OF_RANGE") }));
        Assert.That((bytes.Reason, fits.Number("appliedCount")), Is.EqualTo(("BODY_UNREADABLE", RowsMax)));
        Assert.That(await Then.Changes(sku), Is.EqualTo(1 + RowsMax));
    }

    [Test]
    public async Task A_file_of_nothing_but_bad_rows_is_told_of_all_that_were_read()
    {
        var report = await Import(Header + string.Concat(Enumerable.Repeat(",,,,\n", RowsMax)));

        Assert.That(report.Number("refusedCount"), Is.EqualTo(RowsMax));
        Assert.That(report.Errors.Count(), Is.EqualTo(10_000));
        Assert.That(report.Number("errorsOmitted"), Is.GreaterThan(0));
    }
}
