using Inventory.Server.Hosting;
using MailKit.Security;
using MimeKit;

namespace Inventory.Server.Alerts;

/// <summary>Where mail goes, and how it gets there.</summary>
public sealed record MailOptions
{
    private const int DefaultPort = 587;

    public required string Host { get; init; }

    public required int Port { get; init; }

    public required SecureSocketOptions Tls { get; init; }

    /// <summary>Null: the mail server asks for none.</summary>
    public required string? User { get; init; }

    public required string Password { get; init; }

    public required string From { get; init; }

    public required IReadOnlyList<string> To { get; init; }

    /// <returns>Null: there is no mail server.</returns>
    internal static MailOptions? Read(SettingReader reader)
    {
        if (reader.Text(AlertSettings.SmtpHost) is not { } host)
        {
            return null;
        }

        var user = reader.Text(AlertSettings.SmtpUser);
        var password = reader.Text(AlertSettings.SmtpPassword);
        if ((user is null) != (password is null))
        {
            reader.Wrong(AlertSettings.SmtpPassword, $"goes with {AlertSettings.SmtpUser.Key}: both or none");
        }

        return new()
        {
            Host = host,
            Port = reader.Number(AlertSettings.SmtpPort, DefaultPort, 1, 65_535),
            Tls = ReadTls(reader),
            User = user,
            Password = password ?? "",
            From = Addresses(reader, AlertSettings.SmtpFrom).FirstOrDefault() ?? "",
            To = Addresses(reader, AlertSettings.SmtpTo),
        };
    }

    private static SecureSocketOptions ReadTls(SettingReader reader)
    {
        switch (reader.Text(AlertSettings.SmtpTls))
        {
            case null or "starttls":
                return SecureSocketOptions.StartTls;
            case "tls":
                return SecureSocketOptions.SslOnConnect;
            case "none":
                return SecureSocketOptions.None;
            case var text:
                reader.Wrong(AlertSettings.SmtpTls, $"is '{text}', and must be starttls, tls or none");
                return SecureSocketOptions.StartTls;
        }
    }

    private static List<string> Addresses(SettingReader reader, Setting setting)
    {
        var addresses = (reader.Text(setting) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToList();
        if (addresses.Count == 0 || addresses.Exists(a => !MailboxAddress.TryParse(a, out _)))
        {
            reader.Wrong(setting, $"goes with {AlertSettings.SmtpHost.Key}, and must have mail addresses");
        }

        return addresses;
    }
}
