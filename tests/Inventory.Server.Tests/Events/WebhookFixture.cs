using Dapper;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;

namespace Inventory.Server.Tests.Events;

/// <summary>A server that gives up after three attempts, and a subscriber for each test.</summary>
public abstract class WebhookFixture : ServerFixture
{
    protected const int AttemptsMax = 3;

    private const string HurrySql = """
        -- test.hurry
        UPDATE event_delivery SET due_at = clock_timestamp()
        WHERE state = 1 AND subscription_id = replace(@SubscriptionId, 'sub_', '')::bigint
        """;

    protected EventService.EventServiceClient Events => new(Server.Channel);

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(
            fresh.ConnectionString,
            (EventSettings.WebhookAttempts, $"{AttemptsMax}"),
            (EventSettings.WebhookPause, "3600")
        );

    protected async Task<CreateSubscriptionResponse> Subscribe(WebhookReceiver receiver, params string[] skus) =>
        await Events.CreateSubscriptionAsync(
            new()
            {
                RequestId = Some.RequestId(),
                Url = receiver.Url,
                Skus = { skus },
            }
        );

    /// <summary>Pauses are over as soon as they begin, until a condition is met.</summary>
    protected Task WithoutPauses(CreateSubscriptionResponse subscribed, Func<Task<bool>> condition) =>
        Eventually.TrueAsync(
            async () =>
            {
                await using var connection = await Database.Tables.OpenConnectionAsync();
                await connection.ExecuteAsync(HurrySql, new { subscribed.Subscription.SubscriptionId });
                return await condition();
            },
            TimeSpan.FromSeconds(120)
        );

    protected async Task<IReadOnlyList<EventDelivery>> Deliveries(
        CreateSubscriptionResponse subscribed,
        DeliveryState state = DeliveryState.Unspecified
    ) =>
        (
            await Events.ListDeliveriesAsync(
                new() { SubscriptionId = subscribed.Subscription.SubscriptionId, State = state }
            )
        ).Deliveries;
}
