using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Reports;
using Inventory.Server.Errors;
using Inventory.Server.Services;
using Inventory.Server.Validation;
using Inventory.V1;
using ReportHead = Inventory.Engine.Reports.ReportHead;
using ReportKind = Inventory.V1.ReportKind;
using ReportRows = Inventory.Engine.Reports.ReportRows;

namespace Inventory.Server.Csv;

/// <summary>
/// GET /v1/reports/export: a report as a file, a row a line, as it is made. The parameters are those of RunReport.
/// </summary>
internal sealed class ReportExport(RunReport run, ILogger<ReportExport> logger)
{
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

        ReportFile? file = null;
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
                        file = new(context.Response.Body, head);
                        break;
                    case ReportRows rows:
                        await file!.WriteAsync(rows, cancellation);
                        break;
                }
            }

            await file!.FlushAsync(cancellation);
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync();
            }
        }
    }

    private static void Begin(HttpResponse response, ReportKind report)
    {
        response.ContentType = ReportFile.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{ReportFile.NameOf(report)}.csv\"";
        response.Headers.CacheControl = "no-store";
    }

    private static RunReportRequest Read(QueryReader query)
    {
        var request = new RunReportRequest { Category = query.Text("category") ?? "" };
        var report = query.Text("report");
        request.Report = System
            .Enum.GetValues<ReportKind>()
            .FirstOrDefault(k =>
                report == ReportFile.Spelled(k) || report == $"{ReportFile.Prefix}{ReportFile.Spelled(k)}"
            );
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
}
