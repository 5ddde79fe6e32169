using System.Globalization;
using Inventory.Engine.Reports;
using Inventory.Engine.Reports.Schedules;
using Inventory.Server.Csv;

namespace Inventory.Server.Reports;

/// <summary>Makes a run's file. It is in memory as a whole, and so has a limit.</summary>
internal sealed class MakeReport(RunReport run)
{
    public const int BytesMax = 10 * 1024 * 1024;

    /// <returns>The file; or what is wrong, which will be wrong at every attempt.</returns>
    public async Task<(MadeReport? Report, string? Problem)> ExecuteAsync(
        ClaimedRun claimed,
        CancellationToken cancellation
    )
    {
        using var body = new MemoryStream();
        ReportFile? file = null;
        var rowCount = 0L;
        try
        {
            await foreach (var step in run.ExecuteAsync(Query(claimed), cancellation))
            {
                switch (step)
                {
                    case ReportRefused refused:
                        return (null, $"there is no warehouse {string.Join(", ", refused.Warehouses)}");
                    case ReportHead head:
                        file = new(body, head);
                        break;
                    case ReportRows rows:
                        await file!.WriteAsync(rows, cancellation);
                        rowCount += rows.Rows.Count;
                        break;
                }

                await file!.FlushAsync(cancellation);
                if (body.Length > BytesMax)
                {
                    return (null, $"the file has more than {BytesMax} bytes: a filter or a limit makes it smaller");
                }
            }
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync();
            }
        }

        var name = ReportFile.NameOf((V1.ReportKind)claimed.Run.Report);
        return (new(name, FileName(name, claimed), body.ToArray(), rowCount), null);
    }

    private static ReportQuery Query(ClaimedRun claimed) =>
        new()
        {
            Kind = claimed.Schedule.Plan.Report,
            From = claimed.Run.FromAt,
            Before = claimed.Run.BeforeAt,
            Warehouses = claimed.Schedule.Plan.Warehouses,
            Category = claimed.Schedule.Plan.Category,
            Limit = claimed.Schedule.Plan.Limit,
        };

    /// <summary>By the day on which it was due, where the schedule is.</summary>
    private static string FileName(string name, ClaimedRun claimed)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(claimed.Schedule.Plan.TimeZone);
        var due = TimeZoneInfo.ConvertTimeFromUtc(claimed.Run.DueAt, zone);
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{due:yyyy-MM-dd}.csv");
    }
}

/// <param name="Name">Of the report, in small letters.</param>
/// <param name="FileName">ASCII.</param>
/// <param name="Body">CSV in UTF-8.</param>
/// <param name="Rows">Without the head.</param>
internal sealed record MadeReport(string Name, string FileName, byte[] Body, long Rows);
