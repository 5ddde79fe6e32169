using System.Collections.Concurrent;
using Inventory.Engine.Batching;

namespace Inventory.Engine.Availability;

/// <summary>
/// Asks the cache for items. One that comes while the cache is idle is asked for at once, alone; while a question is on
/// its way the others gather, and the next one takes them together: a question each would cost more than all the rest
/// of a read.
/// </summary>
internal sealed class GatheredFinds(AvailabilityCache cache)
{
    private const int SizeMax = 200;

    private readonly ConcurrentQueue<Pending<long, ItemLevels?>> waiting = new();
    private int asking;

    /// <summary>The copy of an item; none if there is none, if it is not whole, or if the cache is away.</summary>
    internal ValueTask<ItemLevels?> FindAsync(long itemId)
    {
        var pending = new Pending<long, ItemLevels?>(itemId);
        waiting.Enqueue(pending);
        if (TryBegin())
        {
            _ = AskAsync();
        }

        return pending.Answer;
    }

    private bool TryBegin() => Interlocked.CompareExchange(ref asking, 1, 0) == 0;

    private async Task AskAsync()
    {
        var batch = new List<Pending<long, ItemLevels?>>();
        do
        {
            while (Take(batch))
            {
                await AskAsync(batch);
                if (batch.Count == 1 && waiting.IsEmpty)
                {
                    break;
                }

                Delivery<long, ItemLevels?>.Queue(batch);
                batch.Clear();
            }

            // A full fence: who enqueues after the look at the queue that follows sees that nobody asks, and begins
            // anew; who enqueued before is seen by that look.
            Interlocked.Exchange(ref asking, 0);
            // One alone is told here: waking another thread would cost more than its answer.
            batch.ForEach(pending => pending.Deliver());
            batch.Clear();
        } while (!waiting.IsEmpty && TryBegin());
    }

    private bool Take(List<Pending<long, ItemLevels?>> batch)
    {
        while (batch.Count < SizeMax && waiting.TryDequeue(out var pending))
        {
            batch.Add(pending);
        }

        return batch.Count > 0;
    }

    private async ValueTask AskAsync(List<Pending<long, ItemLevels?>> batch)
    {
        try
        {
            var itemIds = new long[batch.Count];
            for (var i = 0; i < itemIds.Length; i++)
            {
                itemIds[i] = batch[i].Request;
            }

            var found = await cache.FindAsync(itemIds);
            for (var i = 0; i < itemIds.Length; i++)
            {
                batch[i].Settle(found[i]);
            }
        }
        catch (Exception e)
        {
            // Whatever it is, the callers must hear of it, and the next must be able to ask.
            batch.ForEach(pending => pending.Fail(e));
        }
    }
}
