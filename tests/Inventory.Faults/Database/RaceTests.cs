using Inventory.Faults.Histories;
using Inventory.Faults.Load;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Faults.Database;

/// <summary>Many callers at the same rows, on two nodes, all judged by the checker.</summary>
[TestFixture]
public sealed class RaceTests
{
    private const string DeadlocksSql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    [Test]
    public async Task Everything_at_once_on_the_same_rows_keeps_every_promise_without_a_deadlock_or_an_error()
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var cell = await ProxiedCell.StartAsync();
        var skus = await StockAsync(cell, count: 4, onHand: 60);
        var shop = new Shop([cell.Direct, cell.Proxied], skus, seed);

        shop.Open(customersPerCaller: 8);
        await shop.ServesAsync(3_000);
        await shop.CloseAsync();

        Assert.That(cell.History.Entries.Where(e => e.Reply is Unknown), Is.Empty, $"seed {seed}");
        Assert.That(cell.History.Entries.Count(e => e.Reply is Granted), Is.GreaterThan(50), $"seed {seed}");
        await cell.AssertPromisesAsync(seed);
        Assert.That(await DeadlocksAsync(cell), Is.Zero, $"seed {seed}");
    }

    [Test]
    public async Task Orders_of_the_same_items_in_opposite_order_from_64_callers_meet_no_deadlock()
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var cell = await ProxiedCell.StartAsync();
        var skus = await StockAsync(cell, count: 6, onHand: 1_000);

        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async c =>
                {
                    var random = new Random(HashCode.Combine(seed, c));
                    var caller = c % 2 == 0 ? cell.Direct : cell.Proxied;
                    for (var i = 0; i < 15; i++)
                    {
                        var lines = skus.OrderBy(_ => random.Next()).Take(4).Select(sku => new AskLine(sku, 1));
                        var reply = await caller.AskAsync(
                            new ReserveAsk(caller.Name, Some.RequestId(), Hold, [.. lines])
                        );
                        if (reply is Granted granted)
                        {
                            var end = i % 2 == 0 ? ReservationEnd.Cancelled : ReservationEnd.Confirmed;
                            await caller.AskAsync(new EndAsk(granted.ReservationId, end));
                        }
                    }
                })
        );

        Assert.That(cell.History.Entries.Select(e => e.Reply), Has.None.InstanceOf<Unknown>(), $"seed {seed}");
        await cell.AssertPromisesAsync(seed);
        Assert.That(await DeadlocksAsync(cell), Is.Zero, $"seed {seed}");
    }

    [Test]
    public async Task Of_a_confirmation_and_an_expiry_that_race_within_a_millisecond_one_wins_always()
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 1_000);
        var random = new Random(seed);

        var won = new List<Reply>();
        for (var round = 0; round < 120; round++)
        {
            var ask = cell.Direct.Order(sku, holdMs: 20);
            var granted = (Granted)await cell.Direct.AskAsync(ask);
            var moment = granted.ExpiresAt.AddMilliseconds(random.NextDouble() * 4 - 3);
            var confirming = AtAsync(
                moment,
                () => cell.Proxied.AskAsync(new EndAsk(granted.ReservationId, ReservationEnd.Confirmed))
            );
            var sweeping = AtAsync(granted.ExpiresAt, () => cell.Direct.Node.Expire.SweepAsync(default));
            won.Add(await confirming);
            await sweeping;
        }

        await cell.Direct.Node.Expire.SweepAsync(default);
        Assert.That(
            won,
            Has.Some.InstanceOf<Done>().And.Some.EqualTo(new Refused(RefusalReason.Expired)),
            $"seed {seed}"
        );
        Assert.That(won, Is.All.InstanceOf<Done>().Or.EqualTo(new Refused(RefusalReason.Expired)), $"seed {seed}");
        Assert.That(await cell.Then.Reserved(sku), Is.Zero);
        Assert.That(await cell.Then.OnHand(sku), Is.EqualTo(1_000 - won.Count(r => r is Done)));
        await cell.AssertPromisesAsync(seed);
    }

    [Test]
    public async Task Four_sweepers_that_are_cut_off_in_the_middle_of_their_batches_end_each_hold_once()
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 4_000);
        await Parallel.ForAsync(
            0,
            2_000,
            async (_, _) => await cell.Direct.AskAsync(cell.Direct.Order(sku, quantity: 2, holdMs: 1))
        );
        EngineNode[] nodes = [cell.NewNode(), cell.NewNode(), cell.NewNode(), cell.NewNode()];

        var sweeps = nodes.Select(node => Eventually.AnswersAsync(() => node.Expire.SweepAsync(default))).ToList();
        for (var fault = 0; fault < 8; fault++)
        {
            await Task.WhenAny(cell.Proxy.LoseRequest(sql => sql.Contains("expiry.end")), Task.WhenAll(sweeps));
        }

        await Task.WhenAll(sweeps);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        Assert.That(await cell.Then.Reserved(sku), Is.Zero, $"seed {seed}");
        await cell.AssertPromisesAsync(seed);
    }

    private static async Task<List<string>> StockAsync(ProxiedCell cell, int count, long onHand)
    {
        var skus = new List<string>();
        for (var i = 0; i < count; i++)
        {
            skus.Add(await cell.Given.Stock(onHand));
        }

        return skus;
    }

    private static async Task<T> AtAsync<T>(DateTimeOffset moment, Func<Task<T>> act)
    {
        await Task.Yield();
        SpinWait.SpinUntil(() => TimeProvider.System.GetUtcNow() >= moment);
        return await act();
    }

    private static async Task<long> DeadlocksAsync(ProxiedCell cell)
    {
        await using var command = cell.Database.Tables.CreateCommand(DeadlocksSql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
