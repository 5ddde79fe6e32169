using System.Net;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reports;

public sealed class ReportTests : ServerFixture
{
    private ReportService.ReportServiceClient Reports => new(Server.Channel);

    [Test]
    public async Task A_report_is_a_head_and_rows()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 7, warehouse: place);

        var parts = await Run(new() { Report = ReportKind.StockLevels, Warehouses = { place } });

        var head = parts[0].Head;
        Assert.That(head.Report, Is.EqualTo(ReportKind.StockLevels));
        Assert.That(
            (head.EndTime, head.EndTime - head.StartTime),
            Is.EqualTo((head.AsOf, Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromDays(30))))
        );
        Assert.That(
            head.Columns[4],
            Is.EqualTo(new ReportColumn { Name = "on_hand", Type = ReportColumnType.Integer })
        );
        var cells = parts[1].Rows.Rows.Single().Cells;
        Assert.That((cells.Count, cells[0], cells[4], cells[12]), Is.EqualTo((head.Columns.Count, sku, "7", "")));
    }

    [Test]
    public async Task A_report_is_a_file_whose_cells_are_no_formulas()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 7, warehouse: place, sku: $"=1+{place}");
        await Stock.AdjustInventoryAsync(
            new()
            {
                Sku = sku,
                Warehouse = place,
                Delta = -2,
                Reason = "lost",
            }
        );

        using var response = await Server.Http.GetAsync(
            new Uri($"/v1/reports/export?report=MOVEMENTS&warehouses={place}&limit=5", UriKind.Relative)
        );
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n");

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/csv"));
        Assert.That(response.Content.Headers.ContentDisposition!.FileName, Does.Contain("movements.csv"));
        Assert.That(lines[0], Does.StartWith("sku,name,category,warehouse,opening,received,sold"));
        Assert.That(lines[1], Does.StartWith($"\"'{sku}\",").And.EndsWith(",0,7,0,0,0,0,0,0,-2,5"));
    }

    [Test]
    public void The_wire_numbers_each_report_as_the_engine_does()
    {
        var wire = Enum.GetValues<ReportKind>().Where(k => k != ReportKind.Unspecified);

        Assert.That(
            wire.Select(k => ((int)k, k.ToString())),
            Is.EqualTo(Enum.GetValues<Engine.Reports.ReportKind>().Select(k => ((int)k, k.ToString())))
        );
    }

    [Test]
    public async Task What_is_wrong_or_not_known_is_said_over_gRPC_and_as_a_status_in_place_of_a_file()
    {
        var now = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        var wrong = new RunReportRequest
        {
            StartTime = now,
            EndTime = now,
            Warehouses = { "" },
            Category = "\0",
            Limit = -1,
        };

        var fields = await RefusedRun(wrong);
        var unknown = await RefusedRun(new() { Report = ReportKind.Ageing, Warehouses = { "nowhere" } });
        var file = await Server.Http.GetAsync(
            new Uri("/v1/reports/export?report=NONE&start_time=soon&limit=x&more=1", UriKind.Relative)
        );
        var nowhere = await Server.Http.GetAsync(
            new Uri("/v1/reports/export?report=AGEING&warehouses=nowhere", UriKind.Relative)
        );
        var body = await file.Content.ReadAsStringAsync();

        Assert.That(
            fields.Fields.Select(f => f.Field),
            Is.EqualTo(new[] { "report", "start_time", "warehouses[0]", "category", "limit" })
        );
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "WAREHOUSE_UNKNOWN")));
        Assert.That(file.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body, Does.Contain("report").And.Contain("start_time").And.Contain("limit").And.Contain("more"));
        Assert.That(nowhere.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private async Task<List<RunReportResponse>> Run(RunReportRequest request)
    {
        using var call = Reports.RunReport(request);
        var parts = new List<RunReportResponse>();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
        {
            parts.Add(part);
        }

        return parts;
    }

    private async Task<Refusal> RefusedRun(RunReportRequest request)
    {
        using var call = Reports.RunReport(request);
        return new((await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(default)))!);
    }
}
