using System.Text.Json.Nodes;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

[Parallelizable(ParallelScope.Self)]
public sealed class WarehouseLimitTests : SecuredFixture
{
    [Test]
    public async Task A_manager_changes_the_stock_of_the_own_warehouses_and_reads_all()
    {
        var (mine, other, sku) = await TwoWarehouses();
        var manager = Bearing(Manager(mine));

        var added = await Stock.AddInventoryToLocationAsync(Add(sku, mine), manager);
        var refusal = await Refused(Stock.AddInventoryToLocationAsync(Add(sku, other), manager));
        var read = await Stock.GetInventoryAsync(new() { Sku = sku, Warehouse = other }, manager);

        Assert.That(added.Stock.Levels.OnHand, Is.EqualTo(11));
        AssertNotPermitted(refusal);
        Assert.That(refusal.Info.Metadata["warehouse"], Is.EqualTo(other));
        Assert.That(read.Stock.Levels.OnHand, Is.EqualTo(10));
    }

    [Test]
    public async Task A_warehouse_may_be_named_by_its_id_in_the_token_and_in_the_request()
    {
        var (mine, other, sku) = await TwoWarehouses();
        var id = (await Warehouses.GetWarehouseAsync(new() { Warehouse = mine }, Bearing(Issuer.Token())))
            .Warehouse
            .WarehouseId;
        var otherId = (await Warehouses.GetWarehouseAsync(new() { Warehouse = other }, Bearing(Issuer.Token())))
            .Warehouse
            .WarehouseId;

        await Stock.AddInventoryToLocationAsync(Add(sku, mine), Bearing(Manager(id)));
        await Stock.AddInventoryToLocationAsync(Add(sku, id), Bearing(Manager(mine)));

        AssertNotPermitted(await Refused(Stock.AddInventoryToLocationAsync(Add(sku, otherId), Bearing(Manager(mine)))));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(22));
    }

    [Test]
    public async Task A_stock_row_named_by_its_id_is_its_warehouses()
    {
        var (mine, other, sku) = await TwoWarehouses();
        var rows = await Stock.ListInventoryAsync(new() { Sku = sku }, Bearing(Issuer.Token()));
        string Row(string warehouse) => rows.Stocks.Single(r => r.Warehouse == warehouse).InventoryId;

        await Stock.SetInventoryAsync(new() { InventoryId = Row(mine), Quantity = 3 }, Bearing(Manager(mine)));
        var refusal = await Refused(
            Stock.SetInventoryAsync(new() { InventoryId = Row(other), Quantity = 3 }, Bearing(Manager(mine)))
        );
        var unknown = await Refused(
            Stock.SetInventoryAsync(new() { InventoryId = "stock_999999999", Quantity = 3 }, Bearing(Manager(mine)))
        );

        AssertNotPermitted(refusal);
        AssertNotPermitted(unknown);
        Assert.That(await Then.OnHand(sku), Is.EqualTo(13));
    }

    [Test]
    public async Task Every_row_of_a_bulk_update_is_judged_and_one_spoils_it()
    {
        var (mine, other, sku) = await TwoWarehouses();
        var call = new BulkUpdateInventoryRequest { Rows = { Row(sku, mine), Row(sku, other) } };
        using var stream = Stock.BulkUpdateInventoryStream(Bearing(Manager(mine)));
        await stream.RequestStream.WriteAsync(new() { Rows = { Row(sku, mine) } });
        await stream.RequestStream.WriteAsync(new() { Rows = { Row(sku, other) } });
        await stream.RequestStream.CompleteAsync();

        AssertNotPermitted(await Refused(Stock.BulkUpdateInventoryAsync(call, Bearing(Manager(mine)))));
        AssertNotPermitted(await Refused(stream));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(20));
    }

    [Test]
    public async Task A_transfer_is_sent_by_whose_it_is_and_received_by_where_it_goes()
    {
        var (mine, other, sku) = await TwoWarehouses();
        var transfer = new CreateTransferRequest
        {
            Sku = sku,
            FromWarehouseId = mine,
            ToWarehouseId = other,
            Quantity = 2,
            Mode = TransferMode.Planned,
        };

        AssertNotPermitted(await Refused(Transfers.CreateTransferAsync(transfer, Bearing(Manager(other)))));
        var id = (await Transfers.CreateTransferAsync(transfer, Bearing(Manager(mine)))).Transfer.TransferId;
        AssertNotPermitted(
            await Refused(Transfers.ShipTransferAsync(new() { TransferId = id }, Bearing(Manager(other))))
        );
        await Transfers.ShipTransferAsync(new() { TransferId = id }, Bearing(Manager(mine)));
        AssertNotPermitted(
            await Refused(Transfers.ReceiveTransferAsync(new() { TransferId = id }, Bearing(Manager(mine))))
        );
        var received = await Transfers.ReceiveTransferAsync(new() { TransferId = id }, Bearing(Manager(other)));

        Assert.That(received.Transfer.State, Is.EqualTo(TransferState.Completed));
    }

    [Test]
    public async Task A_reorder_is_decided_and_received_by_whose_warehouse_it_is_for()
    {
        var (mine, other, sku) = await TwoWarehouses();
        var reorders = new ReplenishmentService.ReplenishmentServiceClient(Server.Channel);
        var policy = new SetReorderPolicyRequest
        {
            Sku = sku,
            Warehouse = mine,
            ReorderPoint = 20,
            ReorderQuantity = 5,
        };

        AssertNotPermitted(await Refused(reorders.SetReorderPolicyAsync(policy, Bearing(Manager(other)))));
        await reorders.SetReorderPolicyAsync(policy, Bearing(Manager(mine)));
        var id = (await reorders.ListReordersAsync(new() { Sku = sku }, Bearing(Manager(other))))
            .Reorders.Single()
            .ReorderId;
        AssertNotPermitted(
            await Refused(reorders.ApproveReorderAsync(new() { ReorderId = id }, Bearing(Manager(other))))
        );
        await reorders.ApproveReorderAsync(new() { ReorderId = id }, Bearing(Manager(mine)));
        var received = await reorders.ReceiveReorderAsync(new() { ReorderId = id }, Bearing(Manager(mine)));

        Assert.That(received.Reorder.State, Is.EqualTo(ReorderState.Received));
    }

    [Test]
    public async Task A_count_is_recorded_and_approved_by_whose_warehouse_it_is_of()
    {
        var (mine, other, sku) = await TwoWarehouses();
        var counts = new CountService.CountServiceClient(Server.Channel);

        AssertNotPermitted(await Refused(counts.CreateCountAsync(new() { Warehouse = mine }, Bearing(Manager(other)))));
        var id = (await counts.CreateCountAsync(new() { Warehouse = mine }, Bearing(Manager(mine)))).Count.CountId;
        var found = new RecordCountsRequest
        {
            CountId = id,
            Lines =
            {
                new CountedItem { Item = sku, Quantity = 1 },
            },
        };
        AssertNotPermitted(await Refused(counts.RecordCountsAsync(found, Bearing(Manager(other)))));
        await counts.RecordCountsAsync(found, Bearing(Manager(mine)));
        AssertNotPermitted(await Refused(counts.ApproveCountAsync(new() { CountId = id }, Bearing(Manager(other)))));
        AssertNotPermitted(await Refused(counts.CancelCountAsync(new() { CountId = id }, Bearing(Manager(other)))));
        var approved = await counts.ApproveCountAsync(new() { CountId = id }, Bearing(Manager(mine)));

        Assert.That(approved.ApprovedLines, Is.EqualTo(1));
    }

    [Test]
    public async Task Over_REST_and_by_file_the_limit_is_the_same()
    {
        var (mine, other, sku) = await TwoWarehouses();
        var bearer = ("authorization", $"Bearer {Manager(mine)}");

        var own = await Post(
            "/v1/inventory",
            $$"""{"sku": "{{sku}}", "warehouse_id": "{{mine}}", "quantity": 1}""",
            bearer
        );
        var others = await Post(
            "/v1/inventory",
            $$"""{"sku": "{{sku}}", "warehouse_id": "{{other}}", "quantity": 1}""",
            bearer
        );
        var file = await SendBytes(
            "POST",
            "/v1/inventory/import",
            "sku,warehouse,quantity\n"u8.ToArray(),
            "text/csv",
            bearer
        );

        Assert.That(own.Status, Is.EqualTo(200), own.Text);
        Assert.That((others.Status, others.Reason), Is.EqualTo((403, "WAREHOUSE_NOT_PERMITTED")));
        Assert.That((file.Status, file.Reason), Is.EqualTo((403, "WAREHOUSE_NOT_PERMITTED")));
    }

    [Test]
    public async Task A_manager_of_no_warehouse_changes_nothing()
    {
        var (mine, _, sku) = await TwoWarehouses();
        var token = Issuer.Token("", c => c["roles"] = new JsonArray("warehouse_manager"));

        AssertNotPermitted(await Refused(Stock.AddInventoryToLocationAsync(Add(sku, mine), Bearing(token))));
    }

    [Test]
    public async Task What_names_no_warehouse_is_not_for_the_limited()
    {
        var (mine, _, sku) = await TwoWarehouses();
        var token = Issuer.Token(
            "reservations.write catalog.write stock.write",
            c => c["warehouses"] = new JsonArray(mine)
        );

        AssertNotPermitted(await Refused(Reservations.ReserveInventoryAsync(Order(sku, 1, mine), Bearing(token))));
        AssertNotPermitted(await Refused(Catalog.CreateInventoryItemAsync(new() { Sku = Some.Sku() }, Bearing(token))));
        AssertNotPermitted(await Refused(Stock.SetInventoryAsync(new() { Quantity = 1 }, Bearing(token))));
        AssertNotPermitted(await Refused(Stock.BulkUpdateInventoryAsync(new(), Bearing(token))));
    }

    private async Task<(string Mine, string Other, string Sku)> TwoWarehouses()
    {
        var (mine, other) = (Some.WarehouseCode(), Some.WarehouseCode());
        var sku = await Given.Stock(onHand: 10, warehouse: mine);
        await Given.Stock(onHand: 10, sku: sku, warehouse: other);
        return (mine, other, sku);
    }

    private string Manager(string warehouse) =>
        Issuer.Token(
            "",
            c => (c["roles"], c["warehouses"]) = (new JsonArray("warehouse_manager"), new JsonArray(warehouse))
        );

    private static AddInventoryToLocationRequest Add(string sku, string warehouse) =>
        new()
        {
            Sku = sku,
            Warehouse = warehouse,
            Quantity = 1,
        };

    private static BulkUpdateRow Row(string sku, string warehouse) =>
        new()
        {
            Sku = sku,
            Warehouse = warehouse,
            Mode = BulkMode.Add,
            Quantity = 1,
        };

    private static async Task<Refusal> Refused(
        AsyncClientStreamingCall<BulkUpdateInventoryStreamRequest, BulkUpdateInventoryStreamResponse> stream
    ) => new((await Assert.ThrowsAsync<RpcException>(async () => await stream.ResponseAsync))!);

    private static void AssertNotPermitted(Refusal refusal) =>
        Assert.That(
            (refusal.Code, refusal.Reason),
            Is.EqualTo((StatusCode.PermissionDenied, "WAREHOUSE_NOT_PERMITTED"))
        );
}
