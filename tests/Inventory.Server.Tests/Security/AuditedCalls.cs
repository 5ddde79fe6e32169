using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Inventory.Engine.Access;
using Inventory.Testing;
using Inventory.V1;

namespace Inventory.Server.Tests.Security;

/// <summary>
/// One call of each RPC that changes something, which succeeds; what it needs is set up by calls of others.
/// </summary>
/// <param name="channel">To the server.</param>
/// <param name="database">The server's.</param>
/// <param name="others">The credential of the calls that set up.</param>
internal sealed partial class AuditedCalls(GrpcChannel channel, TestDatabase database, Metadata others)
{
    private readonly ReservationService.ReservationServiceClient reservations = new(channel);
    private readonly StockService.StockServiceClient stock = new(channel);
    private readonly TransferService.TransferServiceClient transfers = new(channel);
    private readonly CatalogService.CatalogServiceClient catalog = new(channel);
    private readonly WarehouseService.WarehouseServiceClient warehouses = new(channel);
    private readonly AccessService.AccessServiceClient access = new(channel);
    private readonly Given given = new(database.Tables);

    /// <summary>By the RPC's name; each is given the headers of the call that is looked for.</summary>
    public Dictionary<string, Func<Metadata, Task>> All =>
        new IEnumerable<(string Name, Func<Metadata, Task> Call)>[]
        {
            OfReservations,
            OfStock,
            OfTransfers,
            OfCatalog,
            OfReorders,
            OfEvents,
            OfScans,
            OfUsers,
            OfAlerts,
            OfCounts,
            OfReports,
        }
            .SelectMany(calls => calls)
            .ToDictionary(call => call.Name, call => call.Call);

    private IEnumerable<(string, Func<Metadata, Task>)> OfReservations =>
        [
            ("ReserveInventory", async m => await reservations.ReserveInventoryAsync(Order(await Sku()), m)),
            ("ReserveInventoryStream", ReserveByStream),
            (
                "ConfirmReservation",
                async m => await reservations.ConfirmReservationAsync(new() { ReservationId = await Held() }, m)
            ),
            (
                "CancelReservation",
                async m => await reservations.CancelReservationAsync(new() { ReservationId = await Held() }, m)
            ),
            (
                "ExtendReservation",
                async m =>
                    await reservations.ExtendReservationAsync(
                        new() { ReservationId = await Held(), ExpireTime = In(hours: 2) },
                        m
                    )
            ),
            (
                "FulfillReservation",
                async m => await reservations.FulfillReservationAsync(new() { ReservationId = await Sold() }, m)
            ),
        ];

    private IEnumerable<(string, Func<Metadata, Task>)> OfStock =>
        [
            (
                "AddInventoryToLocation",
                async m =>
                    await stock.AddInventoryToLocationAsync(
                        new()
                        {
                            Sku = await Sku(),
                            Warehouse = Given.MainWarehouse,
                            Quantity = 1,
                        },
                        m
                    )
            ),
            (
                "RemoveInventoryFromLocation",
                async m =>
                    await stock.RemoveInventoryFromLocationAsync(
                        new()
                        {
                            Sku = await Sku(),
                            Warehouse = Given.MainWarehouse,
                            Quantity = 1,
                        },
                        m
                    )
            ),
            (
                "AdjustInventory",
                async m =>
                    await stock.AdjustInventoryAsync(
                        new()
                        {
                            Sku = await Sku(),
                            Warehouse = Given.MainWarehouse,
                            Delta = -1,
                            Reason = "test",
                        },
                        m
                    )
            ),
            (
                "SetInventory",
                async m =>
                    await stock.SetInventoryAsync(
                        new()
                        {
                            Sku = await Sku(),
                            Warehouse = Given.MainWarehouse,
                            Quantity = 3,
                        },
                        m
                    )
            ),
            (
                "MoveInventoryState",
                async m =>
                    await stock.MoveInventoryStateAsync(
                        new()
                        {
                            Sku = await Sku(),
                            Warehouse = Given.MainWarehouse,
                            From = StockState.Available,
                            To = StockState.Damaged,
                            Quantity = 1,
                            Reason = "test",
                        },
                        m
                    )
            ),
            ("ReturnInventory", Return),
            (
                "BulkUpdateInventory",
                async m => await stock.BulkUpdateInventoryAsync(new() { Rows = { Row(await Sku()) } }, m)
            ),
            ("BulkUpdateInventoryStream", BulkByStream),
            (
                "DeleteInventory",
                async m =>
                    await stock.DeleteInventoryAsync(
                        new() { Sku = await Sku(onHand: 0), Warehouse = Given.MainWarehouse },
                        m
                    )
            ),
        ];

    private IEnumerable<(string, Func<Metadata, Task>)> OfTransfers =>
        [
            ("CreateTransfer", async m => await transfers.CreateTransferAsync(await Transfer(TransferMode.Planned), m)),
            (
                "ShipTransfer",
                async m => await transfers.ShipTransferAsync(new() { TransferId = await Made(TransferMode.Planned) }, m)
            ),
            (
                "ReceiveTransfer",
                async m =>
                    await transfers.ReceiveTransferAsync(new() { TransferId = await Made(TransferMode.Shipped) }, m)
            ),
            (
                "CancelTransfer",
                async m =>
                    await transfers.CancelTransferAsync(new() { TransferId = await Made(TransferMode.Planned) }, m)
            ),
        ];

    private IEnumerable<(string, Func<Metadata, Task>)> OfCatalog =>
        [
            (
                "CreateInventoryItem",
                async m => await catalog.CreateInventoryItemAsync(new() { Sku = Some.Sku(), Name = "I" }, m)
            ),
            (
                "UpdateInventoryItem",
                async m => await catalog.UpdateInventoryItemAsync(new() { Item = await Sku(), Name = "J" }, m)
            ),
            (
                "DeleteInventoryItem",
                async m => await catalog.DeleteInventoryItemAsync(new() { Item = await Sku(onHand: 0) }, m)
            ),
            (
                "CreateWarehouse",
                async m => await warehouses.CreateWarehouseAsync(new() { Code = Some.WarehouseCode(), Name = "W" }, m)
            ),
            (
                "UpdateWarehouse",
                async m =>
                    await warehouses.UpdateWarehouseAsync(new() { Warehouse = await given.Warehouse(), Name = "V" }, m)
            ),
            (
                "DeleteWarehouse",
                async m => await warehouses.DeleteWarehouseAsync(new() { Warehouse = await given.Warehouse() }, m)
            ),
            ("RevokeApiKey", async m => await access.RevokeApiKeyAsync(new() { ApiKeyId = await Key() }, m)),
            (
                "RevokeToken",
                async m =>
                    await access.RevokeTokenAsync(new() { TokenId = Some.RequestId(), ExpireTime = In(hours: 1) }, m)
            ),
        ];

    private Task<string> Sku(long onHand = 9) => given.Stock(onHand);

    private static ReserveInventoryRequest Order(string sku) =>
        new()
        {
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReserveLine { Sku = sku, Quantity = 2 },
            },
        };

    private async Task<string> Held(string? sku = null) =>
        (await reservations.ReserveInventoryAsync(Order(sku ?? await Sku()), others)).Reservation.ReservationId;

    private async Task<string> Sold(string? sku = null)
    {
        var id = await Held(sku);
        await reservations.ConfirmReservationAsync(new() { ReservationId = id }, others);
        return id;
    }

    private async Task ReserveByStream(Metadata headers)
    {
        using var stream = reservations.ReserveInventoryStream(headers);
        await stream.RequestStream.WriteAsync(new() { Reserve = Order(await Sku()) });
        await stream.RequestStream.CompleteAsync();
        while (await stream.ResponseStream.MoveNext(default)) { }
    }

    private async Task Return(Metadata headers)
    {
        var sku = await Sku();
        var line = new ReturnLine { Sku = sku, Quantity = 1 };
        await stock.ReturnInventoryAsync(new() { ReservationId = await Sold(sku), Lines = { line } }, headers);
    }

    private static BulkUpdateRow Row(string sku) =>
        new()
        {
            Sku = sku,
            Warehouse = Given.MainWarehouse,
            Mode = BulkMode.Add,
            Quantity = 1,
        };

    private async Task BulkByStream(Metadata headers)
    {
        using var stream = stock.BulkUpdateInventoryStream(headers);
        await stream.RequestStream.WriteAsync(new() { Rows = { Row(await Sku()) } });
        await stream.RequestStream.CompleteAsync();
        await stream;
    }

    private async Task<CreateTransferRequest> Transfer(TransferMode mode) =>
        new()
        {
            Sku = await Sku(),
            FromWarehouseId = Given.MainWarehouse,
            ToWarehouseId = await given.Warehouse(),
            Quantity = 1,
            Mode = mode,
        };

    private async Task<string> Made(TransferMode mode) =>
        (await transfers.CreateTransferAsync(await Transfer(mode), others)).Transfer.TransferId;

    private async Task<int> Key() =>
        (
            await new CreateApiKey(database.Cell).ExecuteAsync(
                new()
                {
                    Name = Some.RequestId(),
                    Scopes = ["stock.read"],
                    Roles = [],
                    Warehouses = null,
                    Lifetime = null,
                    CreatedBy = Some.Caller,
                },
                default
            )
        ).ApiKeyId;

    private static Timestamp In(double hours) =>
        Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddHours(hours));
}
