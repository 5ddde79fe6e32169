using System.Collections.Concurrent;
using Inventory.Faults.Histories;
using Inventory.Testing;

namespace Inventory.Faults.Load;

/// <summary>
/// Callers that do everything callers do, on few SKUs, so that they meet: orders of one and many lines, retries,
/// confirmations, cancellations, parts of both, late confirmations, extensions, receipts and removals, holds that
/// lapse, and sweeps.
/// </summary>
internal sealed class Shop(IReadOnlyList<Caller> callers, IReadOnlyList<string> skus, int seed)
{
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(2);
    private readonly ConcurrentQueue<Guid> granted = new();
    private readonly ConcurrentQueue<ReserveAsk> asked = new();
    private Task[] customers = [];
    private int served;
    private volatile bool closed;

    /// <summary>Each caller has customers who come until the shop closes.</summary>
    public void Open(int customersPerCaller)
    {
        customers =
        [
            .. callers.SelectMany(
                (caller, c) =>
                    Enumerable
                        .Range(0, customersPerCaller)
                        .Select(n => Task.Run(() => ComeAsync(caller, new Random(HashCode.Combine(seed, c, n)))))
            ),
        ];
    }

    /// <summary>Returns when so many more have had their answer, whatever it was.</summary>
    public Task ServesAsync(int count)
    {
        var goal = Volatile.Read(ref served) + count;
        return Eventually.TrueAsync(() =>
            Volatile.Read(ref served) >= goal || Array.Exists(customers, c => c.IsFaulted)
        );
    }

    /// <summary>Nobody new comes in; who is there is served.</summary>
    public async Task CloseAsync()
    {
        closed = true;
        await Task.WhenAll(customers);
    }

    private async Task ComeAsync(Caller caller, Random random)
    {
        while (!closed)
        {
            var ask = Next(caller, random);
            var reply = await PersistAsync(caller, ask);
            if (reply is Granted { Replayed: false } fresh)
            {
                granted.Enqueue(fresh.ReservationId);
            }

            if (random.Next(40) == 0)
            {
                await caller.SweepAsync();
            }
        }
    }

    /// <summary>Asks again, with the same request id, while the answer is not known.</summary>
    private async Task<Reply> PersistAsync(Caller caller, Ask ask)
    {
        Reply reply = new Unknown("not asked");
        await Eventually.TrueAsync(
            async () =>
            {
                reply = await caller.AskAsync(ask);
                Interlocked.Increment(ref served);
                return closed || reply is not Unknown;
            },
            RetryMax
        );
        return reply;
    }

    private Ask Next(Caller caller, Random random)
    {
        switch (random.Next(100))
        {
            case < 50:
                return Order(caller, random);
            case < 60 when asked.TryDequeue(out var before) && before.Caller == caller.Name:
                return before;
            case < 66 when granted.TryDequeue(out var shared):
                return Part(shared, random);
            case < 75 when granted.TryDequeue(out var bought):
                return new EndAsk(bought, random.Next(4) == 0 ? ReservationEnd.Failed : ReservationEnd.Confirmed);
            case < 88 when granted.TryDequeue(out var returned):
                return new EndAsk(returned, ReservationEnd.Cancelled);
            case < 92 when granted.TryPeek(out var kept):
                return new ExtendAsk(kept, TimeProvider.System.GetUtcNow().AddMinutes(10));
            case >= 92 when caller.Adjusts:
                return new AdjustAsk(Some.RequestId(), Sku(random), Given.MainWarehouse, random.Next(-3, 6) | 1);
            default:
                return Order(caller, random);
        }
    }

    /// <summary>What is left of the hold is ended by somebody else, or lapses.</summary>
    private PartAsk Part(Guid hold, Random random)
    {
        granted.Enqueue(hold);
        return new PartAsk(
            hold,
            Some.RequestId(),
            Sku(random),
            random.Next(1, 3),
            random.Next(3) == 0 ? ReservationEnd.Cancelled : ReservationEnd.Confirmed,
            IsLate: random.Next(2) == 0
        );
    }

    private ReserveAsk Order(Caller caller, Random random)
    {
        var hold = TimeSpan.FromMilliseconds(random.Next(4) == 0 ? 1_000 : 600_000);
        var lines = Enumerable.Range(0, random.Next(3) == 0 ? random.Next(2, 5) : 1);
        var ask = new ReserveAsk(
            caller.Name,
            Some.RequestId(),
            hold,
            [.. lines.Select(_ => new AskLine(Sku(random), random.Next(1, 4)))]
        );
        if (random.Next(4) == 0)
        {
            asked.Enqueue(ask);
        }

        return ask;
    }

    private string Sku(Random random) => skus[random.Next(skus.Count)];
}
