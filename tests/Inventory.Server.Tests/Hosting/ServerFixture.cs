using Grpc.Core;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Hosting;

/// <summary>
/// Tests of one server on a database of their own, over the wire. They share it, each with fresh SKUs.
/// </summary>
public abstract class ServerFixture
{
    private TestDatabase? database;
    private HostedServer? server;

    protected TestDatabase Database => database!;

    protected HostedServer Server => server!;

    protected Given Given => new(Database.Tables);

    protected Then Then => new(Database.Tables);

    protected ReservationService.ReservationServiceClient Reservations => Server.Reservations;

    protected StockService.StockServiceClient Stock => new(Server.Channel);

    protected CatalogService.CatalogServiceClient Catalog => new(Server.Channel);

    protected ScanService.ScanServiceClient Scans => new(Server.Channel);

    protected TransferService.TransferServiceClient Transfers => new(Server.Channel);

    protected WarehouseService.WarehouseServiceClient Warehouses => new(Server.Channel);

    [OneTimeSetUp]
    public async Task StartServer()
    {
        database = await TestDatabase.CreateAsync();
        server = await StartServerAsync(database);
        await Eventually.TrueAsync(() => server.Part<Server.Health.ServingState>().Now.Serving);
    }

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    protected virtual Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString);

    protected static ReserveInventoryRequest Order(string sku, long quantity = 1, string warehouse = "") =>
        new()
        {
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReserveLine
                {
                    Sku = sku,
                    Quantity = quantity,
                    Warehouse = warehouse,
                },
            },
        };

    protected async Task<Reservation> Hold(string sku, long quantity = 1) =>
        (await Reservations.ReserveInventoryAsync(Order(sku, quantity))).Reservation;

    /// <summary>How a call is refused.</summary>
    protected static async Task<Refusal> Refused<T>(AsyncUnaryCall<T> call) =>
        new((await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync))!);
}
