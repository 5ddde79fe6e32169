using Inventory.Server.Hosting;

namespace Inventory.Server.Events.Webhooks;

/// <summary>What the server was told of webhooks.</summary>
public sealed record WebhookOptions
{
    private const int AttemptsMaxDefault = 16;
    private const int FirstPauseDefault = 5;

    /// <summary>http:// and addresses that are not public may be subscribed.</summary>
    public required bool AllowPrivate { get; init; }

    /// <summary>After which a delivery is a dead letter.</summary>
    public required int AttemptsMax { get; init; }

    /// <summary>The longest pause after the first attempt.</summary>
    public required TimeSpan FirstPause { get; init; }

    /// <summary>An attempt without an answer fails then.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(10);

    internal static WebhookOptions Read(SettingReader reader, IHostEnvironment? environment) =>
        new()
        {
            AllowPrivate = reader.Text(EventSettings.WebhookPrivate) is null
                ? environment?.IsDevelopment() == true
                : reader.Flag(EventSettings.WebhookPrivate),
            AttemptsMax = reader.Number(EventSettings.WebhookAttempts, AttemptsMaxDefault, 1, 100),
            FirstPause = TimeSpan.FromSeconds(reader.Number(EventSettings.WebhookPause, FirstPauseDefault, 1, 3_600)),
        };
}
