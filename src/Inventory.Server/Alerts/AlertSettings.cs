using Inventory.Server.Hosting;

namespace Inventory.Server.Alerts;

/// <summary>What the server can be told about alerts.</summary>
public static class AlertSettings
{
    public static readonly Setting Webhook = new(
        "INVENTORY_ALERT_WEBHOOK",
        "--alert-webhook",
        "URL that gets a POST when an alert is raised and when it is resolved (none)"
    );

    public static readonly Setting WebhookSecret = new(
        "INVENTORY_ALERT_WEBHOOK_SECRET",
        "--alert-webhook-secret",
        "signs what the webhook gets, 16 characters at least; goes with the webhook (none)"
    );

    public static readonly Setting SmtpHost = new(
        "INVENTORY_SMTP_HOST",
        "--smtp-host",
        "mail server that is given mail about alerts, and scheduled reports (none)"
    );

    public static readonly Setting SmtpPort = new("INVENTORY_SMTP_PORT", "--smtp-port", "its port, 1 to 65,535 (587)");

    public static readonly Setting SmtpTls = new(
        "INVENTORY_SMTP_TLS",
        "--smtp-tls",
        "starttls, tls from the first byte, or none (starttls)"
    );

    public static readonly Setting SmtpUser = new(
        "INVENTORY_SMTP_USER",
        "--smtp-user",
        "user name at the mail server; goes with a password (none)"
    );

    public static readonly Setting SmtpPassword = new(
        "INVENTORY_SMTP_PASSWORD",
        "--smtp-password",
        "password at the mail server (none)"
    );

    public static readonly Setting SmtpFrom = new(
        "INVENTORY_SMTP_FROM",
        "--smtp-from",
        "address that mail comes from; goes with the mail server (none)"
    );

    public static readonly Setting SmtpTo = new(
        "INVENTORY_SMTP_TO",
        "--smtp-to",
        "addresses that mail about alerts goes to, with commas between them; goes with the mail server (none)"
    );

    public static readonly Setting RefusedPercent = new(
        "INVENTORY_ALERT_REFUSED_PERCENT",
        "--alert-refused-percent",
        "share of refused reservations of the last minute on one server that raises an alert, 1 to 100 (50)"
    );

    public static readonly Setting LagSeconds = new(
        "INVENTORY_ALERT_LAG_SECONDS",
        "--alert-lag",
        "seconds that a follower of the journal may be behind before an alert is raised, 10 to 86,400 (300)"
    );

    public static IReadOnlyList<Setting> All { get; } =
    [
        Webhook,
        WebhookSecret,
        SmtpHost,
        SmtpPort,
        SmtpTls,
        SmtpUser,
        SmtpPassword,
        SmtpFrom,
        SmtpTo,
        RefusedPercent,
        LagSeconds,
    ];
}
