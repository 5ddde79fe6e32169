using Inventory.Engine.Alerts;
using Inventory.Server.Hosting;

namespace Inventory.Server.Alerts;

/// <summary>Where alerts are told, and when those about the system are raised.</summary>
public sealed record AlertOptions
{
    private const int SecretLengthMin = 16;

    /// <summary>Null: nothing is posted.</summary>
    public required Uri? Webhook { get; init; }

    /// <summary>Signs what is posted; there is one if there is a webhook.</summary>
    public required string WebhookSecret { get; init; }

    /// <summary>Null: no mail is sent.</summary>
    public required MailOptions? Mail { get; init; }

    /// <summary>Of the reservations of a minute.</summary>
    public required int RefusedPercent { get; init; }

    /// <summary>A follower may be so far behind.</summary>
    public required TimeSpan LagMax { get; init; }

    internal IReadOnlyList<NoticeChannel> Channels =>
        [
            .. new[] { Webhook is null ? 0 : NoticeChannel.Webhook, Mail is null ? 0 : NoticeChannel.Mail }.Where(c =>
                c != 0
            ),
        ];

    internal static AlertOptions Read(SettingReader reader)
    {
        var webhook = reader.Url(AlertSettings.Webhook);
        var secret = reader.Text(AlertSettings.WebhookSecret);
        if (webhook is not null && secret is not { Length: >= SecretLengthMin })
        {
            reader.Wrong(
                AlertSettings.WebhookSecret,
                $"goes with {AlertSettings.Webhook.Key}, and must have {SecretLengthMin} characters at least"
            );
        }

        return new()
        {
            Webhook = webhook,
            WebhookSecret = secret ?? "",
            Mail = MailOptions.Read(reader),
            RefusedPercent = reader.Number(AlertSettings.RefusedPercent, 50, 1, 100),
            LagMax = TimeSpan.FromSeconds(reader.Number(AlertSettings.LagSeconds, 300, 10, 86_400)),
        };
    }
}
