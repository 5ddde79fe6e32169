using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reports;

/// <summary>Servers that end in the middle of sending.</summary>
public sealed class KilledSenderTests : ReportScheduleFixture
{
    private const string LapsedSql = """
        -- test.lapsed
        UPDATE report_run SET leased_until = clock_timestamp() - interval '1 second' WHERE state = 1 AND leased_by IS NOT NULL
        """;

    [Test]
    public async Task A_server_killed_between_sending_and_noting_it_sends_again_under_the_same_id()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var well = receiver.Answer;
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.Answer = async (_, context) =>
        {
            // It has been sent, and the sender will never hear of it.
            arrived.TrySetResult();
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var ended = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        };
        var made = await Schedule(receiver);

        // The fixture's own server looks for nothing any more: the victim is to have it.
        await Server.StopAsync();
        await using (var victim = await StartAsync())
        {
            await Due(made);
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await victim.KillAsync();
        }

        receiver.Answer = well;
        await using var next = await StartAsync();
        await Execute(LapsedSql, new { });
        await Eventually.TrueAsync(() => receiver.Taken.Any(), TimeSpan.FromSeconds(60));

        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(next.Grpc);
        var reports = new ReportService.ReportServiceClient(channel);
        var asked = new ListReportRunsRequest { ScheduleId = made.Schedule.ScheduleId };
        await Eventually.TrueAsync(async () =>
            (await reports.ListReportRunsAsync(asked)).Runs.Single().State == ReportRunState.Sent
        );
        var run = (await reports.ListReportRunsAsync(asked)).Runs.Single();
        Assert.That(receiver.Requests.Select(r => r.Id), Is.EqualTo([run.RunId, run.RunId]));
        Assert.That(receiver.Requests.First().Body, Is.EqualTo(receiver.Requests.Last().Body));
        Assert.That(run.Attempts, Is.EqualTo(2));
    }

    private Task<PublishedServer> StartAsync() =>
        PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__Inventory"] = Database.ConnectionString,
                ["ConnectionStrings__Redis"] = Database.RedisConnectionString,
                ["INVENTORY_DEMO_ITEMS"] = "0",
            }
        );
}
