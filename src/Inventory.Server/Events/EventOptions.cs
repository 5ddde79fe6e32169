using Inventory.Server.Events.Rabbit;
using Inventory.Server.Events.Webhooks;
using Inventory.Server.Hosting;

namespace Inventory.Server.Events;

/// <summary>What the server was told of the events that it sends.</summary>
public sealed record EventOptions
{
    private const int SourceLengthMax = 200;
    private const string SourceDefault = "/inventory";

    /// <summary>A URI reference.</summary>
    public required string Source { get; init; }

    /// <summary>Null: none is sent there.</summary>
    public required RabbitOptions? Rabbit { get; init; }

    public required WebhookOptions Webhooks { get; init; }

    internal static EventOptions Read(SettingReader reader, IHostEnvironment? environment)
    {
        var source = reader.Text(EventSettings.Source) ?? SourceDefault;
        if (source.Length > SourceLengthMax || !Uri.TryCreate(source, UriKind.RelativeOrAbsolute, out _))
        {
            reader.Wrong(
                EventSettings.Source,
                $"is '{source}', and must be a URI reference of at most {SourceLengthMax} characters"
            );
        }

        return new()
        {
            Source = source,
            Rabbit = RabbitOptions.Read(reader),
            Webhooks = WebhookOptions.Read(reader, environment),
        };
    }
}
