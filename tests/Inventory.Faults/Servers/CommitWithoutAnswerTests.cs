using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Inventory.Faults.Network;
using Inventory.Testing;
using Inventory.V1;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Faults.Servers;

/// <summary>
/// A server is killed between commit and answer: the database has done its batch, and the server, which has not heard
/// of it, is no more. The next one on its port learns from the database what had been done.
/// </summary>
[TestFixture]
public sealed class CommitWithoutAnswerTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ServingAgain = TimeSpan.FromSeconds(5);
    private TestDatabase database = null!;
    private ChaosProxy proxy = null!;
    private string sku = null!;

    [SetUp]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync();
        proxy = ChaosProxy.Start(new NpgsqlConnectionStringBuilder(database.ConnectionString).Port, Wire.Postgres);
        sku = await new Given(database.Tables).Stock(onHand: 10);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await proxy.DisposeAsync();
        await database.DisposeAsync();
    }

    [TestCase("reservations.reserve", 10, 3)]
    [TestCase("reservations.end", 9, 0)]
    [TestCase("stock.edit", 12, 1)]
    public async Task A_server_killed_between_commit_and_answer_leaves_one_effect_which_the_next_one_tells(
        string operation,
        long onHand,
        long reserved
    )
    {
        var began = Stopwatch.GetTimestamp();
        await using var victim = await StartServerAsync();
        using var channel = GrpcChannel.ForAddress(victim.Grpc);
        var ask = await AskOf(operation, channel);
        var start = Stopwatch.GetElapsedTime(began);

        var committed = proxy.SwallowAnswer(sql => sql.Contains(operation + "\n"), Afterwards.Silence);
        var unheard = ask(channel);
        var done = await committed.WaitAsync(Bound);
        await victim.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        var failure = await Assert.CatchAsync<RpcException>(() => unheard);
        await using var next = await StartServerAsync(victim.Grpc.Port);
        using var toNext = GrpcChannel.ForAddress(next.Grpc);
        var replayed = await ask(toNext);
        var away = Stopwatch.GetElapsedTime(killed);
        var replayedAgain = await ask(toNext);

        Assert.That(done);
        Assert.That(failure!.StatusCode, Is.EqualTo(StatusCode.Unavailable));
        Assert.That((replayed, replayedAgain), Is.EqualTo((true, true)));
        Assert.That(away, Is.LessThan(2 * start + ServingAgain), $"the start before took {start}");
        await AssertTablesAsync(onHand, reserved);
    }

    private async Task AssertTablesAsync(long onHand, long reserved)
    {
        var then = new Then(database.Tables);
        Assert.That((await then.OnHand(sku), await then.Reserved(sku)), Is.EqualTo((onHand, reserved)));
        Assert.That(await then.Violations(), Is.Empty);
    }

    /// <summary>
    /// One request of the operation, to be asked of any server: whether the answer is a replay. What it is about is
    /// there already, and the server has spoken with the database.
    /// </summary>
    private async Task<Func<GrpcChannel, Task<bool>>> AskOf(string operation, GrpcChannel warm)
    {
        var held = await new ReservationService.ReservationServiceClient(warm).ReserveInventoryAsync(Order(1));
        var order = Order(2);
        var confirm = new ConfirmReservationRequest { ReservationId = held.Reservation.ReservationId };
        var add = new AddInventoryToLocationRequest
        {
            RequestId = Some.RequestId(),
            Sku = sku,
            Warehouse = Given.MainWarehouse,
            Quantity = 2,
        };
        return operation switch
        {
            "reservations.reserve" => async channel =>
                (await new ReservationService.ReservationServiceClient(channel).ReserveInventoryAsync(order)).Replayed,
            "reservations.end" => async channel =>
                (
                    await new ReservationService.ReservationServiceClient(channel).ConfirmReservationAsync(confirm)
                ).Replayed,
            _ => async channel =>
                (await new StockService.StockServiceClient(channel).AddInventoryToLocationAsync(add)).Replayed,
        };
    }

    private ReserveInventoryRequest Order(long quantity) =>
        new()
        {
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReserveLine { Sku = sku, Quantity = quantity },
            },
        };

    private Task<PublishedServer> StartServerAsync(int port = 0)
    {
        var throughProxy = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = proxy.Port };
        return PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["INVENTORY_DEMO_ITEMS"] = "0",
                ["ConnectionStrings__Redis"] = database.RedisConnectionString,
                ["ConnectionStrings__Inventory"] = throughProxy.ConnectionString,
                ["INVENTORY_GRPC_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            }
        );
    }
}
