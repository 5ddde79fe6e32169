using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Grpc.Core;
using Grpc.Net.Client;
using Inventory.Engine.Journal.Followers;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Faults.Followers;

/// <summary>
/// A server that is killed again and again while it sells, takes scans, and follows its own journal. Everything that
/// follows is on: days, alerts, reorders, webhooks, RabbitMQ.
/// </summary>
[TestFixture]
public sealed class KilledFollowersTests
{
    private const string ScanQueue = "scans";
    private const string Exchange = "stock";
    private const long RaiseAt = 20;
    private const long ResolveAt = 30;
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(20);

    private readonly EventLedger posted = new();
    private int seed;
    private TestDatabase database = null!;
    private RabbitBroker broker = null!;
    private WebhookReceiver subscriber = null!;
    private Snares snares = null!;
    private PublishedServer? server;
    private GrpcChannel? channel;
    private List<string> filled = null!;
    private List<string> reordered = null!;
    private List<string> scanned = null!;

    [SetUp]
    public async Task StartAsync()
    {
        seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        database = await TestDatabase.CreateAsync();
        broker = await RabbitBroker.StartAsync();
        subscriber = await WebhookReceiver.StartAsync();
        snares = new(database, broker);
        subscriber.Answer = async (delivery, context) =>
        {
            await snares.AnswerAsync(context.RequestAborted);
            delivery.Taken = true;
            foreach (var sent in delivery.Events)
            {
                posted.Note(sent);
            }
        };
        var given = new Given(database.Tables);
        filled = [await given.Stock(onHand: 40), await given.Stock(onHand: 40), await given.Stock(onHand: 40)];
        reordered = [await given.Stock(onHand: 3_000), await given.Stock(onHand: 3_000)];
        scanned = [await given.Stock(onHand: 1), await given.Stock(onHand: 1)];
    }

    [TearDown]
    public async Task StopAsync()
    {
        channel?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        await snares.DisposeAsync();
        await subscriber.DisposeAsync();
        await broker.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task What_follows_the_journal_misses_nothing_and_makes_nothing_twice_however_its_server_dies()
    {
        var random = new Random(seed);
        await StartServerAsync();
        await PrepareAsync();
        var first = (await PositionsAsync(0)).Max();
        await using var queue = await RabbitConsumer.BindAsync(broker, Exchange, "#");
        var trade = new Trade(channel!, filled, reordered, seed);
        var given = new Given(database.Tables);
        var tills = new Tills(
            broker,
            ScanQueue,
            [await given.Barcode(scanned[0]), await given.Barcode(scanned[1])],
            seed
        );

        trade.Open();
        tills.Open();
        var ways = Enum.GetValues<Snare>();
        random.Shuffle(ways);
        foreach (var snare in ways)
        {
            await FlowsAsync(queue);
            await trade.ServesAsync(random.Next(300));
            await DieAsync(snare, queue, () => trade.ServesAsync(random.Next(20, 200)));
            await StartServerAsync(server!.Grpc.Port);
        }

        await FlowsAsync(queue);
        await trade.ServesAsync(200);
        await trade.CloseAsync();
        await tills.CloseAsync();
        var written = await QuietAsync(tills, first, queue);

        var published = Ledger(queue);
        await TestContext.Out.WriteLineAsync(
            $"{written.Count} changes; told again: {published.Repeats} by RabbitMQ, {posted.Repeats} by webhook"
        );
        using var all = Assert.EnterMultipleScope();
        Assert.That(posted.Violations(written).Take(5), Is.Empty, "webhook");
        Assert.That(published.Violations(written).Take(5), Is.Empty, "RabbitMQ");
        Assert.That(published.Repeats, Is.GreaterThan(0), "none died between confirmation and cursor");
        await AssertTablesAsync(tills);
    }

    /// <summary>Returns when events go out and scans come in, also after a start.</summary>
    private async Task FlowsAsync(RabbitConsumer queue)
    {
        var (published, sent, scans) = (queue.Received.Count, posted.Count, await CountAsync("scan"));
        await Eventually.TrueAsync(async () =>
            queue.Received.Count > published && posted.Count > sent && await CountAsync("scan") > scans
        );
    }

    private async Task DieAsync(Snare snare, RabbitConsumer queue, Func<Task> moment)
    {
        await snares.SetAsync(snare);
        var published = queue.Received.Count;
        await moment();
        if (snare == Snare.Cursors)
        {
            // Its cursor has not moved, and will not: this server has told what the next one tells again.
            await Eventually.TrueAsync(() => queue.Received.Count > published);
        }

        await server!.KillAsync();
        await snares.ReleaseAsync();
    }

    private async Task AssertTablesAsync(Tills tills)
    {
        var tables = database.Tables;
        var then = new Then(tables);
        Assert.That(await FollowerTables.DaysAsync(tables), Is.Empty);
        Assert.That(await FollowerTables.AlertsAsync(tables, filled, RaiseAt, ResolveAt), Is.Empty);
        Assert.That(await FollowerTables.ReordersAsync(tables), Is.Empty);
        Assert.That(await CountAsync("reorder"), Is.GreaterThan(reordered.Count));
        Assert.That(await FollowerTables.ScansAsync(tables), Is.Empty);
        Assert.That(
            (await then.OnHand(scanned[0]), await then.OnHand(scanned[1])),
            Is.EqualTo((tills.Read[0] + 1, tills.Read[1] + 1))
        );
        Assert.That(await then.Violations(), Is.Empty);
        Assert.That(await VerifyAsync(), Is.Empty);
    }

    private async Task PrepareAsync()
    {
        var alerts = new AlertService.AlertServiceClient(channel!);
        await alerts.SetThresholdAsync(
            new()
            {
                Kind = AlertKind.LowStock,
                RaiseAt = RaiseAt,
                ResolveAt = ResolveAt,
            }
        );
        var replenishment = new ReplenishmentService.ReplenishmentServiceClient(channel!);
        foreach (var sku in reordered)
        {
            await replenishment.SetReorderPolicyAsync(
                new()
                {
                    Sku = sku,
                    Warehouse = Given.MainWarehouse,
                    ReorderPoint = 2_800,
                    OrderUpTo = 3_300,
                    Automatic = true,
                }
            );
        }

        await new EventService.EventServiceClient(channel!).CreateSubscriptionAsync(new() { Url = subscriber.Url });
    }

    /// <summary>
    /// Returns when nothing is left to follow; or after a while, and then the tests tell what is missing.
    /// </summary>
    /// <returns>The positions of all changes since the first.</returns>
    private async Task<IReadOnlyList<long>> QuietAsync(Tills tills, long first, RabbitConsumer queue)
    {
        await WaitAsync(async () => await CountAsync("scan") == tills.Read.Sum());
        var written = await PositionsAsync(first);
        var followers = new ListFollowers(database.Cell);
        var now = (await followers.ExecuteAsync(default)).Max(f => f.Through.AddSeconds(f.LagSeconds));
        await WaitAsync(async () =>
            (await followers.ExecuteAsync(default)).All(f => f.Through > now && f.Parked == 0)
            && posted.Has(written)
            && queue.Received.Count >= written.Count
            && Ledger(queue).Has(written)
        );
        return written;
    }

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.TrueAsync(condition, QuietMax);
        }
        catch (TimeoutException)
        {
            await TestContext.Out.WriteLineAsync($"it has not become quiet in {QuietMax}");
        }
    }

    private static EventLedger Ledger(RabbitConsumer queue)
    {
        var ledger = new EventLedger();
        foreach (var message in queue.Received)
        {
            ledger.Note(JsonNode.Parse(message.Body)!);
        }

        return ledger;
    }

    private async Task<List<string>> VerifyAsync()
    {
        using var call = new JournalService.JournalServiceClient(channel!).VerifyInventory(new());
        var wrong = new List<string>();
        await foreach (var step in call.ResponseStream.ReadAllAsync())
        {
            if (step.Violation is { } violation)
            {
                wrong.Add($"{violation}");
            }
        }

        return wrong;
    }

    private async Task<IReadOnlyList<long>> PositionsAsync(long after)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return (
            await connection.QueryAsync<long>(
                "SELECT position FROM journal WHERE position > @After ORDER BY position",
                new { After = after }
            )
        ).AsList();
    }

    private async Task<long> CountAsync(string table)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            table == "scan" ? "SELECT count(*) FROM scan" : "SELECT count(*) FROM reorder"
        );
    }

    /// <summary>On the port that callers know.</summary>
    private async Task StartServerAsync(int port = 0)
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        server = await PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__Inventory"] = database.ConnectionString,
                ["ConnectionStrings__Redis"] = database.RedisConnectionString,
                ["ConnectionStrings__RabbitMq"] = broker.ConnectionString,
                ["INVENTORY_RABBITMQ_EXCHANGE"] = Exchange,
                ["INVENTORY_RABBITMQ_SCANS"] = ScanQueue,
                ["INVENTORY_DEMO_ITEMS"] = "0",
                ["INVENTORY_GRPC_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            }
        );
        channel ??= GrpcChannel.ForAddress(server.Grpc);
    }
}
