using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using Inventory.Faults.Checking;
using Inventory.Faults.Histories;
using Inventory.Faults.Load;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Faults.Servers;

/// <summary>Servers as they are published; one of them is killed, stopped, or asked too much.</summary>
[TestFixture]
public sealed class ServerFaultTests
{
    private const long MemoryKbMax = 400 * 1024;
    private static readonly TimeSpan ServingAgain = TimeSpan.FromSeconds(5);
    private int seed;
    private TestCluster cluster = null!;
    private TestDatabase database = null!;
    private History history = null!;
    private List<string> skus = null!;

    [SetUp]
    public async Task StartAsync()
    {
        seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        cluster = await TestCluster.StartAsync();
        database = await cluster.CreateDatabaseAsync();
        history = new History();
        var given = new Given(database.Tables);
        skus = [await given.Stock(onHand: 300), await given.Stock(onHand: 300), await given.Stock(onHand: 300)];
    }

    [TearDown]
    public async Task StopAsync()
    {
        await database.DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Test]
    public async Task A_server_killed_under_load_serves_again_soon_and_each_request_id_has_one_effect()
    {
        await using var steady = await StartServerAsync();
        var began = Stopwatch.GetTimestamp();
        await using var victim = await StartServerAsync();
        using var toSteady = Channel(steady);
        using var toVictim = Channel(victim);
        var caller = new RemoteCaller(toVictim, history, TimeSpan.FromSeconds(3));
        await Eventually.TrueAsync(async () => await caller.AskAsync(caller.Order(skus[0])) is not Unknown);
        var start = Stopwatch.GetElapsedTime(began);
        var shop = new Shop([new RemoteCaller(toSteady, history), caller], skus, seed);
        shop.Open(customersPerCaller: 6);
        await shop.ServesAsync(300 + seed % 100);

        await victim.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await using var next = await StartServerAsync(port: victim.Grpc.Port);
        await Eventually.TrueAsync(async () => await caller.AskAsync(caller.Order(skus[0])) is not Unknown);
        var away = Stopwatch.GetElapsedTime(killed);
        await shop.ServesAsync(200);
        await shop.CloseAsync();
        await caller.SettleAsync();

        // A start is as slow as the machine: what a kill may cost beyond one is what is promised.
        await TestContext.Out.WriteLineAsync($"serving after {start}, and again after {away}");
        Assert.That(away, Is.LessThan(2 * start + ServingAgain), $"seed {seed}");
        Assert.That(history.Entries.Select(e => e.Reply), Has.Some.InstanceOf<Unknown>(), $"seed {seed}");
        await AssertPromisesAsync();
    }

    [Test]
    public async Task While_a_server_is_stopped_in_the_middle_of_its_batches_another_serves()
    {
        await using var steady = await StartServerAsync();
        await using var victim = await StartServerAsync();
        using var toSteady = Channel(steady);
        using var toVictim = Channel(victim);
        var caller = new RemoteCaller(toSteady, history);
        var shop = new Shop([caller, new RemoteCaller(toVictim, history)], skus, seed);
        shop.Open(customersPerCaller: 6);

        for (var round = 0; round < 4; round++)
        {
            await shop.ServesAsync(50 + (seed + round * 17) % 50);
            await victim.SignalAsync("STOP");
            var stopped = Stopwatch.GetTimestamp();
            foreach (var sku in skus)
            {
                await Eventually.TrueAsync(async () => await caller.AskAsync(caller.Order(sku)) is not Unknown);
            }

            Assert.That(Stopwatch.GetElapsedTime(stopped), Is.LessThan(ServingAgain), $"seed {seed}");
            await victim.SignalAsync("CONT");
        }

        await shop.CloseAsync();
        await caller.SettleAsync();
        await AssertPromisesAsync();
    }

    [Test]
    public async Task Beyond_its_queue_a_server_rejects_at_once_and_serves_the_rest_in_bounded_memory()
    {
        await using var server = await StartServerAsync(settings: ("INVENTORY_QUEUE_LENGTH", "20"));
        using var channel = Channel(server);
        var caller = new RemoteCaller(channel, history);
        await caller.AskAsync(caller.Order(skus[0]));

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 6_000).Select(i => caller.AskAsync(caller.Order(skus[i % 3])))
        );
        var afterwards = await caller.AskAsync(caller.Order(await new Given(database.Tables).Stock(onHand: 1)));

        Assert.That(replies, Has.Some.EqualTo(new Refused(RefusalReason.Overloaded)));
        Assert.That(replies, Has.Some.InstanceOf<Granted>());
        Assert.That(replies, Has.None.InstanceOf<Unknown>());
        Assert.That(afterwards, Is.InstanceOf<Granted>());
        Assert.That(await PeakMemoryKbAsync(server), Is.LessThan(MemoryKbMax));
        await AssertPromisesAsync();
    }

    [Test]
    public async Task What_becomes_of_Redis_makes_no_difference_to_orders()
    {
        await using var server = await StartServerAsync();
        using var channel = Channel(server);
        var caller = new RemoteCaller(channel, history);
        var shop = new Shop([caller], skus, seed);
        shop.Open(customersPerCaller: 8);

        await shop.ServesAsync(100);
        await RedisAsync("FLUSHALL");
        await shop.ServesAsync(100);
        await RedisAsync(
            "EVAL",
            "for _, k in ipairs(redis.call('KEYS', '*')) do redis.call('SET', k, '999999') end",
            "0"
        );
        await shop.ServesAsync(100);
        await SignalAsync("STOP", cluster.Redis.Pid!.Value);
        await shop.ServesAsync(100);
        await SignalAsync("CONT", cluster.Redis.Pid!.Value);
        await cluster.Redis.KillAsync();
        await shop.ServesAsync(100);
        await shop.CloseAsync();

        Assert.That(history.Entries.Select(e => e.Reply), Has.None.InstanceOf<Unknown>(), $"seed {seed}");
        await AssertPromisesAsync();
    }

    private async Task AssertPromisesAsync() =>
        Assert.That(
            Checker.Judge(history.Entries, await TablesReader.ReadAsync(database.Tables)),
            Is.Empty,
            $"seed {seed}"
        );

    private Task<PublishedServer> StartServerAsync(int port = 0, params (string Name, string Value)[] settings) =>
        PublishedServer.StartAsync(
            new Dictionary<string, string>(settings.Select(s => KeyValuePair.Create(s.Name, s.Value)))
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__Inventory"] = database.ConnectionString,
                ["ConnectionStrings__Redis"] = database.RedisConnectionString,
                ["INVENTORY_DEMO_ITEMS"] = "0",
                ["INVENTORY_GRPC_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            }
        );

    private static GrpcChannel Channel(PublishedServer server) => GrpcChannel.ForAddress(server.Grpc);

    private static async Task<long> PeakMemoryKbAsync(PublishedServer server)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{server.Pid}/status");
        var peak = lines.Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>What it has worked: where others keep the machine busy, a clock says nothing of a start.</summary>
    private async Task RedisAsync(params string[] command)
    {
        var settings = database.RedisConnectionString.Split(',');
        var password = settings.FirstOrDefault(s => s.StartsWith("password=", StringComparison.Ordinal))?[9..];
        var start = new ProcessStartInfo("redis-cli", ["-p", $"{cluster.Redis.Port}", .. command])
        {
            Environment = { ["REDISCLI_AUTH"] = password },
            RedirectStandardOutput = true,
        };
        using var client = Process.Start(start)!;
        await client.WaitForExitAsync();
        Assert.That(client.ExitCode, Is.Zero);
    }

    private static async Task SignalAsync(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        await kill.WaitForExitAsync();
    }
}
