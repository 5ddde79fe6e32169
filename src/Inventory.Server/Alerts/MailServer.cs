using MailKit.Net.Smtp;
using MimeKit;

namespace Inventory.Server.Alerts;

/// <summary>Hands mail to the mail server.</summary>
internal static class MailServer
{
    /// <summary>Returns when the mail server has taken it.</summary>
    /// <exception cref="Exception">It was not taken: of MailKit, or of the network.</exception>
    public static async Task SendAsync(
        MimeMessage message,
        MailOptions options,
        TimeSpan within,
        CancellationToken cancellation
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        using var client = new SmtpClient { Timeout = (int)within.TotalMilliseconds };
        await client.ConnectAsync(options.Host, options.Port, options.Tls, limit.Token);
        if (options.User is { } user)
        {
            await client.AuthenticateAsync(user, options.Password, limit.Token);
        }

        await client.SendAsync(message, limit.Token);
        try
        {
            await client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // It has the mail: how it says goodbye is no reason to send it again.
        }
    }
}
