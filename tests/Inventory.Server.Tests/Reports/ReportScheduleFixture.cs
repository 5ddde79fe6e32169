using Dapper;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using Inventory.V1;

namespace Inventory.Server.Tests.Reports;

/// <summary>A server that gives up after three attempts. Times are moved in the tables, and not waited for.</summary>
public abstract class ReportScheduleFixture : RestFixture
{
    protected const int AttemptsMax = 3;
    protected const string Daily = "0 0 6 * * ?";

    private const string DueSql = """
        -- test.due
        UPDATE report_schedule SET next_at = clock_timestamp() - @Ago::interval WHERE schedule_id = replace(@Id, 'rps_', '')::bigint
        """;

    private const string HurrySql = """
        -- test.hurry
        UPDATE report_run SET try_at = clock_timestamp()
        WHERE state = 1 AND leased_by IS NULL AND schedule_id = replace(@Id, 'rps_', '')::bigint
        """;

    protected ReportService.ReportServiceClient Reports => new(Server.Channel);

    private protected static (Setting, string)[] Settings =>
        [(EventSettings.WebhookAttempts, $"{AttemptsMax}"), (EventSettings.WebhookPause, "3600")];

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, Settings);

    protected static CreateReportScheduleRequest Plan(
        ReportDestination destination,
        string? warehouse = null,
        string cron = Daily
    ) =>
        new()
        {
            RequestId = Some.RequestId(),
            Name = "What moved",
            Report = ReportKind.Movements,
            Warehouses = { warehouse is null ? [] : [warehouse] },
            Period = new ReportPeriod { Span = ReportSpan.LastDays, Days = 7 },
            Cron = cron,
            Destination = destination,
        };

    protected static ReportDestination To(WebhookReceiver receiver) => new() { WebhookUrl = receiver.Url };

    /// <summary>Of a warehouse that no other test has, if none is named.</summary>
    protected async Task<CreateReportScheduleResponse> Schedule(WebhookReceiver receiver, string? warehouse = null) =>
        await Reports.CreateReportScheduleAsync(Plan(To(receiver), warehouse ?? await Given.Warehouse()));

    /// <summary>Its next time has come, so long ago.</summary>
    protected Task Due(CreateReportScheduleResponse made, TimeSpan ago = default) =>
        Execute(DueSql, new { Id = made.Schedule.ScheduleId, Ago = ago });

    /// <summary>Pauses are over as soon as they begin, until a run is in a state.</summary>
    protected async Task<ReportRun> Until(CreateReportScheduleResponse made, ReportRunState state, bool hurry = true)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                if (hurry)
                {
                    await Execute(HurrySql, new { Id = made.Schedule.ScheduleId });
                }

                return (await Runs(made, state)).Count > 0;
            },
            TimeSpan.FromSeconds(60)
        );
        return (await Runs(made, state))[0];
    }

    /// <summary>One that has failed, and waits for its pause.</summary>
    protected async Task<ReportRun> Failed(CreateReportScheduleResponse made)
    {
        await Eventually.TrueAsync(async () => (await Runs(made)).Any(r => r.LastError.Length > 0));
        return (await Runs(made)).Single();
    }

    protected async Task<IReadOnlyList<ReportRun>> Runs(
        CreateReportScheduleResponse made,
        ReportRunState state = ReportRunState.Unspecified
    ) => (await Reports.ListReportRunsAsync(new() { ScheduleId = made.Schedule.ScheduleId, State = state })).Runs;

    /// <summary>What GET /v1/reports/export says of the same time.</summary>
    protected async Task<byte[]> Exported(ReportRun run, string warehouse)
    {
        var (from, before) = (run.StartTime.ToDateTime(), run.EndTime.ToDateTime());
        using var answer = await Server.Http.GetAsync(
            new Uri(
                $"/v1/reports/export?report=MOVEMENTS&warehouses={warehouse}&start_time={from:O}&end_time={before:O}",
                UriKind.Relative
            )
        );
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    protected static Func<WebhookReceiver.Received, Microsoft.AspNetCore.Http.HttpContext, Task> Answers(int status) =>
        (_, context) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

    protected async Task Execute(string sql, object parameters)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
