using Inventory.Engine.Reports.Schedules;
using Inventory.Server.Alerts;
using Inventory.Server.Csv;
using Inventory.Server.Events.Webhooks;

namespace Inventory.Server.Reports;

/// <summary>One attempt to send a run. What fails may succeed later, unless it cannot.</summary>
internal sealed class SendReport(
    MakeReport make,
    WebhookOptions webhooks,
    AlertOptions alerts,
    Backoff backoff,
    TimeProvider time
) : IDisposable
{
    private const int ErrorLengthMax = 500;

    /// <summary>A file takes longer than a batch of events.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromMinutes(1);

    private readonly WebhookClient client = new(webhooks with { AnswerMax = AnswerMax }, time);

    /// <summary>Null: mail cannot be sent.</summary>
    private MailOptions? Mail => alerts.Mail;

    /// <summary>Sends it once.</summary>
    /// <exception cref="Exception">
    /// The report could not be made, of the database; only this, and a cancellation, is thrown.
    /// </exception>
    public async Task<ReportAttempt> ExecuteAsync(ClaimedRun claimed, CancellationToken cancellation)
    {
        if (claimed.Run.Attempts > webhooks.AttemptsMax)
        {
            return Dead("its server ended in the middle of each attempt");
        }

        var (report, problem) = await make.ExecuteAsync(claimed, cancellation);
        if (report is null)
        {
            return Dead(problem!);
        }

        var answer = claimed.Schedule.Plan.Destination.WebhookUrl is { } url
            ? await PostAsync(url, claimed, report, cancellation)
            : await MailAsync(claimed, report, cancellation);
        return answer.Taken
            ? new()
            {
                State = ReportRunState.Sent,
                Status = answer.Status,
                RowCount = report.Rows,
                ByteCount = report.Body.Length,
            }
            : Failed(claimed.Run, answer.Error ?? "it was not taken") with
            {
                Status = answer.Status,
            };
    }

    /// <summary>An attempt that may be made again, if it was not the last.</summary>
    public ReportAttempt Failed(ReportRun run, string error)
    {
        var told = error.Length > ErrorLengthMax ? error[..ErrorLengthMax] : error;
        return run.Attempts >= webhooks.AttemptsMax
            ? Dead(told)
            : new()
            {
                State = ReportRunState.Pending,
                Error = told,
                Pause = backoff.After(run.Attempts),
            };
    }

    public void Dispose() => client.Dispose();

    private static ReportAttempt Dead(string error) => new() { State = ReportRunState.Dead, Error = error };

    private Task<WebhookAnswer> PostAsync(
        string url,
        ClaimedRun claimed,
        MadeReport report,
        CancellationToken cancellation
    ) =>
        client.PostAsync(
            new(
                ReportIds.Run(claimed.Run.RunId),
                url,
                claimed.Schedule.Secret,
                ReportFile.ContentType,
                report.Body,
                report.FileName
            ),
            cancellation
        );

    private async Task<WebhookAnswer> MailAsync(ClaimedRun claimed, MadeReport report, CancellationToken cancellation)
    {
        if (Mail is not { } options)
        {
            return new(false, null, "this server has no mail server");
        }

        try
        {
            using var message = ReportMail.Write(claimed, report, options);
            await MailServer.SendAsync(message, options, AnswerMax, cancellation);
            return new(true, null, null);
        }
        catch (Exception failed) when (!cancellation.IsCancellationRequested)
        {
            // Of MailKit or of the network: whatever it is, the mail was not taken, or nobody knows.
            return new(false, null, $"the mail server did not take it: {failed.Message}");
        }
    }
}
