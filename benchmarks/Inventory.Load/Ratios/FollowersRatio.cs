using System.Diagnostics;
using System.Globalization;
using Dapper;
using Inventory.Load.Stage;
using Inventory.Load.Trials;
using Inventory.Testing;
using Inventory.V1;
using RabbitMQ.Client;

namespace Inventory.Load.Ratios;

/// <summary>
/// FOLLOWERS: reservations on a server that tells each change to RabbitMQ and to a webhook, beside one that tells
/// nobody. Broker and subscriber run on the same machine. After each trial, how long it takes until both have been told
/// everything; nothing else is measured meanwhile.
/// </summary>
internal static class FollowersRatio
{
    private const int RoundsCount = 5;
    private const string Exchange = "inventory";

    /// <summary>The broker keeps so many and drops the oldest: nobody reads them.</summary>
    private const int QueueLength = 100_000;

    private const string PlaceSql = """
        -- bench.journal_place
        SELECT count(*) AS rows, clock_timestamp() AS at FROM journal
        """;

    private const string ThroughSql = """
        -- bench.rabbitmq_through
        SELECT through FROM journal_follower WHERE name = 'rabbitmq'
        """;

    private static readonly TimeSpan DrainMax = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        await using var broker = await RabbitBroker.StartAsync();
        await BindAsync(broker);
        await using var subscriber = await Subscriber.StartAsync();
        var original = await bench.Stage.CreateDatabaseAsync("silent", Bench.Items, 1);
        var copy = await bench.Stage.CopyDatabaseAsync(original, "telling");
        var silent = await bench.Stage.StartServerAsync(original);
        var telling = await bench.Stage.StartServerAsync(
            copy,
            settings: new Dictionary<string, string>
            {
                ["ConnectionStrings__RabbitMq"] = broker.ConnectionString,
                ["INVENTORY_RABBITMQ_EXCHANGE"] = Exchange,
                ["INVENTORY_WEBHOOK_PRIVATE"] = "on",
            }
        );
        var (before, _) = await PlaceAsync(copy);
        await SubscribeAsync(telling, subscriber);
        var alone = new ServerTrials(bench.Stage, original, Bench.Items, 1, silent);
        var told = new ServerTrials(bench.Stage, copy, Bench.Items, 1, telling);
        await Bench.WarmUpAsync(alone);
        await Bench.WarmUpAsync(told);
        await DrainAsync(copy, subscriber, before);

        var over = told.Reserve("ReserveInventory, told to a broker and a webhook", Bench.Length);
        var under = alone.Reserve("ReserveInventory, told to nobody", Bench.Length);
        await bench.Stage.CheckpointAsync();
        await under.RunAsync();
        await over.RunAsync();
        await DrainAsync(copy, subscriber, before);
        var rounds = new Rounds();
        for (var round = 0; round < RoundsCount; round++)
        {
            rounds.Add(under.Series, await under.RunAsync());
            rounds.Add(over.Series, await over.RunAsync());
            Console.WriteLine(await DrainAsync(copy, subscriber, before));
        }

        await bench.Stage.StopServerAsync(telling);
        await bench.Stage.StopServerAsync(silent);
        return [Ratio.Of("FOLLOWERS", rounds, over.Series, under.Series)];
    }

    private static async Task BindAsync(RabbitBroker broker)
    {
        await using var connection = await broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true);
        var bounded = new Dictionary<string, object?> { ["x-max-length"] = QueueLength };
        var queue = await channel.QueueDeclareAsync("measured", true, false, false, bounded);
        await channel.QueueBindAsync(queue.QueueName, Exchange, "#");
    }

    private static async Task SubscribeAsync(RunningServer server, Subscriber subscriber)
    {
        using var channel = BenchKey.ChannelTo(server);
        await new EventService.EventServiceClient(channel).CreateSubscriptionAsync(new() { Url = subscriber.Url });
    }

    /// <summary>Until the broker and the subscriber have what was in the journal when it began.</summary>
    /// <returns>How long it took.</returns>
    private static async Task<string> DrainAsync(StageDatabase database, Subscriber subscriber, long before)
    {
        var began = Stopwatch.GetTimestamp();
        var behind = subscriber.Events;
        var (rows, at) = await PlaceAsync(database);
        TimeSpan? published = null;
        TimeSpan? posted = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var elapsed = Stopwatch.GetElapsedTime(began);
                posted ??= subscriber.Events >= rows - before ? elapsed : null;
                published ??= await ThroughAsync(database) >= at ? elapsed : null;
                return posted is not null && published is not null;
            },
            DrainMax
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  told everything {published:m\\:ss\\.f} (RabbitMQ) and {posted:m\\:ss\\.f} (webhook) later;"
                + $" {rows - before - behind:N0} events were behind at the webhook"
        );
    }

    private static async Task<(long Rows, DateTime At)> PlaceAsync(StageDatabase database)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(long, DateTime)>(PlaceSql, commandTimeout: 60);
    }

    private static async Task<DateTime> ThroughAsync(StageDatabase database)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<DateTime>(ThroughSql);
    }
}
