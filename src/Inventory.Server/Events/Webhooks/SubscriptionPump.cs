using Inventory.Engine.Events;
using Inventory.Engine.Journal;
using Inventory.Server.Errors;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Events.Webhooks;

/// <summary>
/// Sends one subscription's deliveries, one at a time and in their order, for as long as this node has its lease. New
/// ones are made from the journal only when none is left to send, so a subscriber that is away has its backlog in the
/// journal and nowhere else.
/// </summary>
internal sealed class SubscriptionPump(Subscription subscription, Guid node, PumpParts parts)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KeepCursorEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    // Never its URL in a log: it may hold what lets others in.
    private readonly string name = EventIds.Subscription(subscription.SubscriptionId);
    private JournalCursor? cursor;
    private string stored = subscription.Cursor;
    private long storedAt = parts.Time.GetTimestamp();

    /// <summary>Returns when it is told to, or when another node sends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                switch (await StepAsync(stop))
                {
                    case Step.Lost:
                        return;
                    case Step.Idle:
                        await Task.Delay(LookEvery, parts.Time, stop);
                        break;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                // Whatever it is, the next step begins where the tables say: nothing is lost, and others go on.
                if (!Faults.IsDatabaseAway(failed))
                {
                    parts.Logger.DeliveriesFailed(failed, name);
                }

                await Task.Delay(AfterFailure, parts.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<Step> StepAsync(CancellationToken stop)
    {
        var next = await parts.Next.ExecuteAsync(subscription.SubscriptionId, stop);
        if (next is null)
        {
            return await QueueAsync(stop);
        }

        return next.IsDue ? await SendAsync(next, stop) : Step.Idle;
    }

    private async Task<Step> SendAsync(PendingDelivery delivery, CancellationToken stop)
    {
        var events = await parts.Read.ExecuteAsync(delivery.Positions, stop);
        var attempt =
            events.Count == 0
                ? new Attempt(DeliveryState.Dead, null, "its events have left the journal", TimeSpan.Zero)
                : Judge(delivery, await parts.Client.PostAsync(Request(delivery, events), stop));
        if (!await parts.Note.ExecuteAsync(node, delivery.DeliveryId, attempt, stop))
        {
            return Step.Lost;
        }

        if (attempt.State == DeliveryState.Dead)
        {
            parts.Logger.DeliveryDead(EventIds.Delivery(delivery.DeliveryId), name, attempt.Error ?? "");
        }

        return Step.Done;
    }

    private WebhookRequest Request(PendingDelivery delivery, IReadOnlyList<ChangeEvent> events) =>
        new(
            EventIds.Delivery(delivery.DeliveryId),
            subscription.Url,
            subscription.Secret,
            CloudEvents.TypeOf(subscription.Format, batch: true),
            parts.Events.Write(subscription.Format, delivery.Era, events)
        );

    private Attempt Judge(PendingDelivery delivery, WebhookAnswer answer)
    {
        var attempts = delivery.Attempts + 1;
        var state =
            answer.Taken ? DeliveryState.Delivered
            : attempts >= parts.Options.AttemptsMax ? DeliveryState.Dead
            : DeliveryState.Pending;
        return new(
            state,
            answer.Status,
            answer.Error,
            state == DeliveryState.Pending ? parts.Backoff.After(attempts) : TimeSpan.Zero
        );
    }

    private async Task<Step> QueueAsync(CancellationToken stop)
    {
        var from = cursor ??= JournalCursor.TryParse(stored, out var read) ? read : JournalCursor.Beginning(0);
        var page = await parts.Journal.ExecuteAsync(from, PageSize, stop);
        if (page is null)
        {
            return await BeginAgainAsync(from, stop);
        }

        var positions = await WantedAsync(page.Entries, stop);
        var isTime = parts.Time.GetElapsedTime(storedAt) > KeepCursorEvery;
        if ((positions.Count > 0 || isTime) && !await KeepAsync(page.Next, positions, stop))
        {
            return Step.Lost;
        }

        // Not before its deliveries are there: if that failed, the page is read again.
        cursor = page.Next;
        return positions.Count > 0 || !page.IsLast ? Step.Done : Step.Idle;
    }

    /// <summary>
    /// The data has moved to another cluster, where transaction ids begin anew; positions go on. What may not have been
    /// sent before is sent, under ids of the new era.
    /// </summary>
    private async Task<Step> BeginAgainAsync(JournalCursor from, CancellationToken stop)
    {
        var (end, _) = await parts.Journal.EndAsync(stop);
        var anew = JournalCursor.Beginning(end.Era) with { Floor = Math.Min(from.Floor, end.Floor) };
        if (!await KeepAsync(anew, [], stop))
        {
            return Step.Lost;
        }

        cursor = anew;
        return Step.Done;
    }

    private async Task<bool> KeepAsync(JournalCursor next, IReadOnlyCollection<long> positions, CancellationToken stop)
    {
        var text = next.ToString();
        var kept = await parts.Queue.ExecuteAsync(
            node,
            subscription.SubscriptionId,
            stored,
            text,
            next.Era,
            positions,
            stop
        );
        (stored, storedAt) = (text, parts.Time.GetTimestamp());
        return kept;
    }

    private async Task<IReadOnlyCollection<long>> WantedAsync(
        IReadOnlyList<JournalEntry> entries,
        CancellationToken stop
    )
    {
        var wanted = entries.Where(e => subscription.Wants(e.Kind)).ToList();
        if (!subscription.NamesStock)
        {
            return [.. wanted.Select(e => e.Position)];
        }

        var stock = wanted.Where(e => e.StockId is not null).Select(e => e.StockId!.Value).Distinct().ToList();
        var owners = await parts.Directory.DescribeAsync(stock, stop);
        return
        [
            .. wanted
                .Where(e => subscription.Wants(e.StockId is { } id ? owners.GetValueOrDefault(id) : null))
                .Select(e => e.Position),
        ];
    }

    private enum Step
    {
        /// <summary>There may be more at once.</summary>
        Done,

        /// <summary>There is nothing to do now.</summary>
        Idle,

        /// <summary>Another node sends, or the subscription is deleted.</summary>
        Lost,
    }
}
