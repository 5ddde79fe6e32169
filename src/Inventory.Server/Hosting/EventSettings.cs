namespace Inventory.Server.Hosting;

/// <summary>What the server can be told of the events that it sends.</summary>
internal static class EventSettings
{
    public static readonly Setting Source = new(
        "INVENTORY_EVENT_SOURCE",
        "--event-source",
        "the source of events, a URI reference of at most 200 characters, by which installations are told apart"
            + " (/inventory)"
    );

    public static readonly Setting RabbitMq = new(
        "ConnectionStrings__RabbitMq",
        "--rabbitmq",
        "RabbitMQ that events go to: amqp://user:password@host:5672/vhost, or amqps:// (none)"
    );

    public static readonly Setting RabbitMqExchange = new(
        "INVENTORY_RABBITMQ_EXCHANGE",
        "--rabbitmq-exchange",
        "the topic exchange that events go to, 1 to 200 characters; made, durable, if it is not there (inventory)"
    );

    public static readonly Setting RabbitMqFormat = new(
        "INVENTORY_RABBITMQ_FORMAT",
        "--rabbitmq-format",
        "the form of events there: json or protobuf (json)"
    );

    public static readonly Setting WebhookPrivate = new(
        "INVENTORY_WEBHOOK_PRIVATE",
        "--webhook-private",
        "on: webhooks, those of reports too, may be http:// and go to addresses that are not public (off; on in"
            + " Development)"
    );

    public static readonly Setting WebhookAttempts = new(
        "INVENTORY_WEBHOOK_ATTEMPTS",
        "--webhook-attempts",
        "attempts after which a delivery to a webhook is a dead letter and a scheduled report is given up, 1 to 100"
            + " (16)"
    );

    public static readonly Setting WebhookPause = new(
        "INVENTORY_WEBHOOK_PAUSE_SECONDS",
        "--webhook-pause",
        "seconds of the longest pause after the first attempt, 1 to 3,600 (5); it doubles up to an hour"
    );

    public static IReadOnlyList<Setting> All =>
        [Source, RabbitMq, RabbitMqExchange, RabbitMqFormat, WebhookPrivate, WebhookAttempts, WebhookPause];
}
