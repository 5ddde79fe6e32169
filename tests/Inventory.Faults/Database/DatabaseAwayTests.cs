using System.Diagnostics;
using Inventory.Faults.Histories;
using Inventory.Faults.Load;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Faults.Database;

/// <summary>PostgreSQL is killed or hangs while callers are at work.</summary>
[TestFixture]
public sealed class DatabaseAwayTests
{
    private const string SessionsSql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()";
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(100);

    // Lanes open when there is work for them, and a lane that nobody had work for before may have it later.
    private const int SessionsLater = 4;
    private int seed;
    private TestCluster cluster = null!;
    private ProxiedCell cell = null!;
    private string sku = null!;

    [SetUp]
    public async Task StartAsync()
    {
        seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        cluster = await TestCluster.StartAsync();
        cell = await ProxiedCell.StartAsync(cluster);
        sku = await cell.Given.Stock(onHand: 2_000);
    }

    [TearDown]
    public async Task StopAsync()
    {
        try
        {
            await cell.DisposeAsync();
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task Nothing_acknowledged_is_lost_and_nothing_made_twice_when_the_database_is_killed_under_load()
    {
        var shop = new Shop([cell.Direct, cell.Proxied], [sku, await cell.Given.Stock(onHand: 500)], seed);
        shop.Open(customersPerCaller: 8);
        await shop.ServesAsync(300);

        await cluster.Postgres.KillAsync();
        await shop.ServesAsync(20);
        await cluster.Postgres.StartAgainAsync(default);
        NpgsqlConnection.ClearAllPools();
        await Eventually.TrueAsync(async () => await cell.Direct.AskAsync(Order()) is Granted, Recovery);
        await shop.ServesAsync(300);
        await shop.CloseAsync();
        await cell.Direct.SettleAsync();
        cell.Database.Tables.Clear();

        Assert.That(cell.History.Entries.Select(e => e.Reply), Has.Some.InstanceOf<Unknown>(), $"seed {seed}");
        await cell.AssertPromisesAsync(seed);
    }

    [Test]
    public async Task Calls_end_by_their_deadline_while_the_database_hangs_and_are_served_soon_after()
    {
        await HangsAsync(() => SignalAsync("STOP"), () => SignalAsync("CONT"), cell.Direct);
    }

    [Test]
    public async Task Calls_end_by_their_deadline_in_a_black_hole_and_are_served_soon_after()
    {
        await HangsAsync(
            () =>
            {
                cell.Proxy.Freeze();
                return Task.CompletedTask;
            },
            () =>
            {
                cell.Proxy.Thaw();
                return Task.CompletedTask;
            },
            cell.Proxied
        );
    }

    [Test]
    public async Task Connections_that_are_dead_without_a_word_are_given_up_and_their_batches_found()
    {
        await using var brisk = await ProxiedCell.StartAsync(cluster, statementTimeoutMs: 1_000);
        var shelf = await brisk.Given.Stock(onHand: 1_000);
        var shop = new Shop([brisk.Proxied], [shelf], seed);
        shop.Open(customersPerCaller: 8);
        await shop.ServesAsync(100);

        brisk.Proxy.Drop();
        await shop.ServesAsync(100);
        await shop.CloseAsync();
        await brisk.Proxied.SettleAsync();

        await brisk.AssertPromisesAsync(seed);
    }

    private async Task HangsAsync(Func<Task> hang, Func<Task> wake, EngineCaller caller)
    {
        var impatient = new EngineCaller(caller.Node, cell.History, Patience);
        var replay = Order();
        var held = (Granted)await caller.AskAsync(replay);
        await Task.WhenAll(Everything(held, replay).Select(caller.AskAsync));
        var sessions = await SessionsAsync();

        await hang();
        var late = await Task.WhenAll(Everything(held, replay).Select(ask => OvertimeAsync(impatient, ask)));
        await wake();
        await Eventually.TrueAsync(async () => await impatient.AskAsync(Order()) is Granted, Recovery);
        await caller.SettleAsync();

        Assert.That(late.Max(), Is.LessThan(Courtesy));
        await Eventually.TrueAsync(async () => await SessionsAsync() <= sessions + SessionsLater, Recovery);
        await cell.AssertPromisesAsync(seed);
    }

    private IEnumerable<Ask> Everything(Granted held, ReserveAsk replay) =>
        Enumerable
            .Range(0, 100)
            .Select(i =>
                (Ask)(
                    (i % 5) switch
                    {
                        0 => replay,
                        1 => new EndAsk(held.ReservationId, ReservationEnd.Confirmed),
                        2 => new ExtendAsk(held.ReservationId, held.ExpiresAt),
                        3 => new AdjustAsk(Some.RequestId(), sku, Given.MainWarehouse, 1),
                        _ => Order(),
                    }
                )
            );

    /// <summary>How long past its deadline a call ended.</summary>
    private static async Task<TimeSpan> OvertimeAsync(EngineCaller caller, Ask ask)
    {
        var since = Stopwatch.GetTimestamp();
        await caller.AskAsync(ask);
        return Stopwatch.GetElapsedTime(since) - Patience;
    }

    /// <summary>To the postmaster and every backend of this cluster.</summary>
    private async Task SignalAsync(string signal)
    {
        var postmaster = cluster.Postgres.Pid!.Value;
        var backends = await File.ReadAllTextAsync($"/proc/{postmaster}/task/{postmaster}/children");
        using var kill = Process.Start(
            "kill",
            [$"-{signal}", $"{postmaster}", .. backends.Split(' ', StringSplitOptions.RemoveEmptyEntries)]
        );
        await kill.WaitForExitAsync();
    }

    private ReserveAsk Order() => cell.Direct.Order(sku);

    private async Task<long> SessionsAsync()
    {
        await using var command = cell.Database.Tables.CreateCommand(SessionsSql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
