using Dapper;
using Inventory.Engine.Reservations;
using Inventory.Saga;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Faults.Saga;

/// <summary>
/// An order service and a payment coordinator, as users of the client would write them, against a server that runs.
/// Payments fail or come late, and either process is killed at any moment. No stock is lost, and each order ends once.
/// </summary>
public sealed class SagaTests
{
    private const int KillsOfEach = 4;
    private const int OnHand = 60;
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(40);

    [Test]
    public async Task Orders_end_once_and_no_stock_is_lost_whoever_crashes()
    {
        var seed = Random.Shared.Next(1_000_000);
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var database = await TestDatabase.CreateAsync();
        var (given, then) = (new Given(database.Tables), new Then(database.Tables));
        string[] skus = [await given.Stock(OnHand), await given.Stock(OnHand), await given.Stock(OnHand)];
        await using var server = await StartServerAsync(database);
        using var folder = new SagaFolder(seed);

        await Task.WhenAll(
            RunAsync("orders", folder, server.Grpc, skus, new Random(seed)),
            RunAsync("payments", folder, server.Grpc, skus, new Random(seed + 1))
        );

        // Holds of those who came too late lapse by themselves.
        await Eventually.TrueAsync(async () => (await Task.WhenAll(skus.Select(s => then.Reserved(s)))).Sum() == 0);
        var ends = folder.Events.Where(e => e.IsEnd).ToList();
        Assert.That(ends.Select(e => e.Order), Is.Unique, $"seed {seed}");
        Assert.That(ends, Has.Count.EqualTo(OrderTaking.OrdersCount), $"seed {seed}");
        var kinds = ends.Select(e => e.What).Distinct();
        Assert.That(kinds, Is.EquivalentTo(OrderEvent.Ends), $"seed {seed}: not all was tried");
        var reservations = await ReservationsAsync(database);
        Assert.That(Contradictions(ends, reservations), Is.Empty, $"seed {seed}");
        var sold = reservations.Values.Where(r => r.State == (int)ReservationState.Confirmed).Sum(r => r.Quantity);
        var left = await Task.WhenAll(skus.Select(s => then.OnHand(s)));
        Assert.That(left.Sum(), Is.EqualTo(skus.Length * OnHand - sold), $"seed {seed}");
        Assert.That(await then.Violations(), Is.Empty, $"seed {seed}");
    }

    private static Task<PublishedServer> StartServerAsync(TestDatabase database) =>
        PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["INVENTORY_DEMO_ITEMS"] = "0",
                ["ConnectionStrings__Redis"] = database.RedisConnectionString,
                ["ConnectionStrings__Inventory"] = database.ConnectionString,
            }
        );

    /// <summary>Kills it some times in the middle of its work, starts it again each time, and lets it end.</summary>
    private static async Task RunAsync(string role, SagaFolder folder, Uri server, string[] skus, Random random)
    {
        for (var kill = 0; kill < KillsOfEach; kill++)
        {
            await using var process = SagaProcess.Start(role, server, folder, skus);
            var until = folder.LinesOf(role) + random.Next(1, 60);
            await Eventually.TrueAsync(() => process.HasEnded || folder.LinesOf(role) >= until);
            await process.KillAsync();
        }

        await using var last = SagaProcess.Start(role, server, folder, skus);
        await last.EndAsync(EndMax);
    }

    /// <summary>Where what the two processes believe is not what the tables say.</summary>
    private static IEnumerable<string> Contradictions(
        IEnumerable<OrderEvent> ends,
        Dictionary<string, (int State, long Quantity)> reservations
    )
    {
        var open = reservations.Keys.ToHashSet();
        foreach (var end in ends)
        {
            var state = reservations.TryGetValue(end.Order, out var found) ? (ReservationState)found.State : 0;
            open.Remove(end.Order);
            var agrees = end.What switch
            {
                OrderEvent.SoldOut => state == 0,
                OrderEvent.Confirmed => state == ReservationState.Confirmed,
                OrderEvent.Released => state is ReservationState.Failed or ReservationState.Expired,
                OrderEvent.Refunded => state == ReservationState.Expired,
                _ => false,
            };
            if (!agrees)
            {
                yield return $"{end.Order} is {end.What}, its reservation {state}";
            }
        }

        foreach (var order in open)
        {
            yield return $"{order} has a reservation and no end";
        }
    }

    private static async Task<Dictionary<string, (int State, long Quantity)>> ReservationsAsync(TestDatabase database)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(string RequestId, int State, long Quantity)>(
            "SELECT request_id, state::int, quantities[1] FROM reservation"
        );
        return rows.ToDictionary(r => r.RequestId, r => (r.State, r.Quantity));
    }
}
