using Inventory.Engine.Events;
using Inventory.Engine.Journal;
using Inventory.Server.Events.Rabbit;
using Inventory.Server.Events.Webhooks;
using Inventory.Server.Followers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Inventory.Server.Events;

/// <summary>What sends events.</summary>
internal static class EventSetup
{
    public static void Add(IServiceCollection services, EventOptions options)
    {
        services.TryAddSingleton<FollowJournal>();
        services.AddSingleton<CreateSubscription>();
        services.AddSingleton<ListSubscriptions>();
        services.AddSingleton<DeleteSubscription>();
        services.AddSingleton<ListDeliveries>();
        services.AddSingleton<RedeliverEvents>();
        services.AddSingleton<LeaseSubscriptions>();
        services.AddSingleton<NextDelivery>();
        services.AddSingleton<QueueDeliveries>();
        services.AddSingleton<NoteAttempt>();
        services.AddSingleton<ReadEvents>();
        services.AddSingleton(new CloudEvents(options.Source));
        services.AddSingleton(options.Webhooks);
        services.AddSingleton(new Backoff(options.Webhooks.FirstPause, Random.Shared.NextDouble));
        services.AddSingleton(provider => new WebhookClient(
            options.Webhooks,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<PumpParts>();
        services.AddHostedService<WebhookUpkeep>();
        if (options.Rabbit is { } rabbit)
        {
            services.AddSingleton(rabbit);
            services.AddSingleton<RabbitPublisher>();
            services.AddFollower<RabbitFollower>();
        }
    }
}
