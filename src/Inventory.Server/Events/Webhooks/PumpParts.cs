using Inventory.Engine.Database;
using Inventory.Engine.Events;
using Inventory.Engine.Journal;

namespace Inventory.Server.Events.Webhooks;

/// <summary>What every pump works with.</summary>
internal sealed record PumpParts(
    FollowJournal Journal,
    StockDirectory Directory,
    NextDelivery Next,
    QueueDeliveries Queue,
    NoteAttempt Note,
    ReadEvents Read,
    CloudEvents Events,
    WebhookClient Client,
    WebhookOptions Options,
    Backoff Backoff,
    TimeProvider Time,
    ILogger<SubscriptionPump> Logger
);
