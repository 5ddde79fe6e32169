using System.Globalization;
using CsvHelper;
using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Reports;
using Inventory.Server.Errors;
using Inventory.Server.Services;
using Inventory.Server.Validation;
using Inventory.V1;
using ReportColumnType = Inventory.Engine.Reports.ReportColumnType;
using ReportHead = Inventory.Engine.Reports.ReportHead;
using ReportKind = Inventory.V1.ReportKind;
using ReportRows = Inventory.Engine.Reports.ReportRows;

namespace Inventory.Server.Csv;

/// <summary>
/// GET /v1/reports/export: a report as a file, a row a line, as it is made. The parameters are those of RunReport.
/// </summary>
internal sealed class ReportExport(RunReport run, ILogger<ReportExport> logger)
{
    private const string Prefix = "REPORT_KIND_";

    public Task AnswerAsync(HttpContext context) =>
        HttpErrors.GuardAsync(context, logger, () => WriteAsync(context, context.RequestAborted));

    private async Task WriteAsync(HttpContext context, CancellationToken cancellation)
    {
        var query = new QueryReader(context.Request.Query);
        var request = Read(query);
        if ((query.Error ?? ReportRules.Check(request)) is { } wrong)
        {
            await HttpErrors.WriteAsync(context, wrong);
            return;
        }

        CsvWriter? csv = null;
        IReadOnlyList<Engine.Reports.ReportColumn> columns = [];
        try
        {
            await foreach (var step in run.ExecuteAsync(ReportMessages.ToEngine(request), cancellation))
            {
                switch (step)
                {
                    case ReportRefused refused:
                        await HttpErrors.WriteAsync(context, CommonErrors.WarehouseUnknown(refused.Warehouses));
                        return;
                    case ReportHead head:
                        // Only now: a database that is away is a status, not an empty file.
                        Begin(context.Response, request.Report);
                        csv = CsvWriter.Create(context.Response.Body, InventoryExport.Format, leaveOpen: true);
                        columns = head.Columns;
                        csv.WriteHeader([.. columns.Select(c => c.Name)]);
                        break;
                    case ReportRows rows:
                        await WriteAsync(csv!, columns, rows, cancellation);
                        break;
                }
            }

            await csv!.FlushAsync(cancellation);
        }
        finally
        {
            if (csv is not null)
            {
                await csv.DisposeAsync();
            }
        }
    }

    private static void Begin(HttpResponse response, ReportKind report)
    {
        response.ContentType = $"{CsvEndpoints.ContentType}; charset=utf-8; header=present";
        response.Headers.ContentDisposition = $"attachment; filename=\"{NameOf(report).ToLowerInvariant()}.csv\"";
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>Text may be a formula for a spreadsheet; a number with a minus before it is none.</summary>
    private static async Task WriteAsync(
        CsvWriter csv,
        IReadOnlyList<Engine.Reports.ReportColumn> columns,
        ReportRows rows,
        CancellationToken cancellation
    )
    {
        foreach (var row in rows.Rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                switch (columns[i].Type)
                {
                    case ReportColumnType.WholeNumber when row[i].Length > 0:
                        csv.WriteField(long.Parse(row[i], CultureInfo.InvariantCulture));
                        break;
                    case ReportColumnType.DecimalNumber
                        when decimal.TryParse(
                            row[i],
                            NumberStyles.Number,
                            CultureInfo.InvariantCulture,
                            out var number
                        ):
                        csv.WriteField(number);
                        break;
                    default:
                        csv.WriteField(SheetText.Write(row[i]));
                        break;
                }
            }

            await csv.EndRecordAsync(cancellation);
        }
    }

    private static RunReportRequest Read(QueryReader query)
    {
        var request = new RunReportRequest { Category = query.Text("category") ?? "" };
        var report = query.Text("report");
        request.Report = System
            .Enum.GetValues<ReportKind>()
            .FirstOrDefault(k => report == NameOf(k) || report == $"{Prefix}{NameOf(k)}");
        query.Add(
            "report",
            report is not null && request.Report == ReportKind.Unspecified ? Problem.UnknownValue : null
        );
        request.StartTime = Time(query, "start_time");
        request.EndTime = Time(query, "end_time");
        request.Warehouses.AddRange(
            (query.Text("warehouses") ?? "").Split(
                ',',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        );
        if (query.Text("limit") is { } limit)
        {
            var isNumber = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            query.Add("limit", isNumber ? null : Problem.Format("a whole number"));
            request.Limit = number;
        }

        return request;
    }

    private static Timestamp? Time(QueryReader query, string name)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        var isTime = DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        );
        query.Add(name, isTime ? null : Problem.Format("a time such as 2026-01-31T08:00:00Z"));
        return isTime ? Timestamp.FromDateTimeOffset(time) : null;
    }

    /// <summary>As the API spells it, without what all begin with.</summary>
    private static string NameOf(ReportKind report) =>
        ReportServiceReflection
            .Descriptor.EnumTypes.Single(e => e.Name == nameof(ReportKind))
            .FindValueByNumber((int)report)
            .Name[Prefix.Length..];
}
