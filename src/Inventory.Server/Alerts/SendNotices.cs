using System.Diagnostics;
using Inventory.Engine.Alerts;

namespace Inventory.Server.Alerts;

/// <summary>
/// Queues what has changed and sends what is due, a few at once. What could not be sent is tried again, later and
/// later.
/// </summary>
internal sealed class SendNotices(
    AlertNotices notices,
    AlertOptions options,
    WebhookNotices webhook,
    ILogger<SendNotices> logger
)
{
    // Each has ten seconds, and all of them must be over before another node may take them.
    private const int AtOnce = 5;

    /// <summary>Until nothing is due. Safe on many nodes.</summary>
    public async Task ExecuteAsync(CancellationToken cancellation)
    {
        var channels = options.Channels;
        await notices.QueueAsync(channels, cancellation);
        if (channels.Count == 0)
        {
            return;
        }

        IReadOnlyList<AlertNotice> claimed;
        do
        {
            claimed = await notices.ClaimAsync(channels, AtOnce, cancellation);
            await Task.WhenAll(claimed.Select(n => SendAsync(n, cancellation)));
        } while (claimed.Count == AtOnce);
    }

    private async Task SendAsync(AlertNotice notice, CancellationToken cancellation)
    {
        try
        {
            await (
                notice.Channel switch
                {
                    NoticeChannel.Webhook => webhook.SendAsync(notice, cancellation),
                    NoticeChannel.Mail => MailNotices.SendAsync(notice, options.Mail!, cancellation),
                    _ => throw new UnreachableException($"{notice.Channel}"),
                }
            );
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is, the notice stays due; nothing else waits for it.
            logger.NoticeFailed(notice.NoticeId, $"{notice.Channel}", notice.Attempts, fault.Message);
            await notices.FailedAsync(notice.NoticeId, fault.Message, cancellation);
            return;
        }

        await notices.SentAsync(notice.NoticeId, cancellation);
    }
}
