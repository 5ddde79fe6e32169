using Inventory.Engine.Events;
using Inventory.Server.Hosting;

namespace Inventory.Server.Events.Rabbit;

/// <summary>Where events go by RabbitMQ.</summary>
/// <param name="Broker">With user and password: never to be shown.</param>
/// <param name="Exchange">A topic exchange.</param>
/// <param name="Format">Of the events.</param>
public sealed record RabbitOptions(Uri Broker, string Exchange, EventFormat Format)
{
    private const int ExchangeLengthMax = 200;

    internal static RabbitOptions? Read(SettingReader reader)
    {
        var exchange = reader.Text(EventSettings.RabbitMqExchange) ?? "inventory";
        if (exchange.Length > ExchangeLengthMax || exchange.Any(char.IsControl))
        {
            reader.Wrong(
                EventSettings.RabbitMqExchange,
                $"must be of 1 to {ExchangeLengthMax} characters, none of them a control character"
            );
        }

        var format = reader.Text(EventSettings.RabbitMqFormat) ?? "json";
        if (format is not ("json" or "protobuf"))
        {
            reader.Wrong(EventSettings.RabbitMqFormat, $"is '{format}', and must be json or protobuf");
        }

        if (reader.Text(EventSettings.RabbitMq) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var broker) || broker.Scheme is not ("amqp" or "amqps"))
        {
            // The text may hold a password.
            reader.Wrong(EventSettings.RabbitMq, "must be amqp://user:password@host:5672/vhost, or amqps://");
            return null;
        }

        return new(broker, exchange, format == "protobuf" ? EventFormat.Protobuf : EventFormat.Json);
    }
}
