using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Transfers;

[Parallelizable(ParallelScope.Self)]
public sealed class TransferTests : ServerFixture
{
    [Test]
    public async Task Goods_go_to_another_warehouse_at_once()
    {
        var (sku, to) = (await Given.Stock(onHand: 5), await Given.Warehouse());
        var product = $"P-{sku}";
        await Catalog.UpdateInventoryItemAsync(new() { Item = sku, ProductId = product });
        var request = Create(product, to, 3);
        (request.Sku, request.ProductId) = ("", product);

        var made = await Transfers.CreateTransferAsync(request);
        var again = await Transfers.CreateTransferAsync(request);
        var there = await Stock.GetInventoryAsync(new() { Sku = sku, Warehouse = to });

        var transfer = made.Transfer;
        Assert.That(
            (transfer.Sku, transfer.FromWarehouse, transfer.ToWarehouse),
            Is.EqualTo((sku, Given.MainWarehouse, to))
        );
        Assert.That(
            (transfer.State, transfer.Received, transfer.Reason),
            Is.EqualTo((TransferState.Completed, 3, "rebalance: before the sale"))
        );
        Assert.That((transfer.ShipTime, transfer.EndTime), Is.EqualTo((transfer.CreateTime, transfer.CreateTime)));
        Assert.That((made.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(again.Transfer, Is.EqualTo(transfer));
        Assert.That(there.Stock.Levels.OnHand, Is.EqualTo(3));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_planned_transfer_is_shipped_received_in_parts_and_closed_short()
    {
        var (sku, to) = (await Given.Stock(onHand: 9), await Given.Warehouse());
        var planned = (await Transfers.CreateTransferAsync(Create(sku, to, 8, TransferMode.Planned))).Transfer;

        var shipped = await Transfers.ShipTransferAsync(
            new() { TransferId = planned.TransferId, ExpectedVersion = planned.Version }
        );
        var onItsWay = (await Stock.GetInventoryAsync(new() { Sku = sku, Warehouse = to })).Stock;
        var part = await Transfers.ReceiveTransferAsync(
            new()
            {
                RequestId = Some.RequestId(),
                TransferId = planned.TransferId,
                Quantity = 5,
            }
        );
        var last = await Transfers.ReceiveTransferAsync(
            new()
            {
                TransferId = planned.TransferId,
                Quantity = 1,
                LoseRest = true,
                Reason = "stolen",
            }
        );
        var read = await Transfers.GetTransferAsync(new() { TransferId = planned.TransferId });

        Assert.That((planned.State, planned.ShipTime), Is.EqualTo((TransferState.Pending, null as object)));
        Assert.That(
            (shipped.Transfer.State, onItsWay.Levels.InTransit, onItsWay.Levels.OnHand),
            Is.EqualTo((TransferState.InTransit, 8, 0))
        );
        Assert.That((part.Transfer.Received, part.Transfer.InTransit), Is.EqualTo((5, 3)));
        Assert.That(
            (last.Transfer.State, last.Transfer.Received, last.Transfer.Lost, last.Transfer.Version),
            Is.EqualTo((TransferState.Completed, 6, 2, 4))
        );
        Assert.That(read.Transfer, Is.EqualTo(last.Transfer));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(7));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_transfer_is_cancelled_on_its_way_and_listed()
    {
        var (sku, to) = (await Given.Stock(onHand: 5), await Given.Warehouse());
        var first = (await Transfers.CreateTransferAsync(Create(sku, to, 1))).Transfer;
        var second = (await Transfers.CreateTransferAsync(Create(sku, to, 2, TransferMode.Shipped))).Transfer;

        var cancelled = await Transfers.CancelTransferAsync(new() { TransferId = second.TransferId });
        var again = await Transfers.CancelTransferAsync(new() { TransferId = second.TransferId });
        var page = await Transfers.ListTransfersAsync(new() { Sku = sku, PageSize = 1 });
        var next = await Transfers.ListTransfersAsync(
            new()
            {
                Sku = sku,
                PageSize = 1,
                PageToken = page.NextPageToken,
            }
        );
        var byState = await Transfers.ListTransfersAsync(new() { WarehouseId = to, State = TransferState.Completed });

        Assert.That(
            (cancelled.Transfer.State, cancelled.Transfer.Returned, cancelled.Replayed, again.Replayed),
            Is.EqualTo((TransferState.Cancelled, 2, false, true))
        );
        Assert.That(page.Transfers.Single(), Is.EqualTo(cancelled.Transfer));
        Assert.That((next.Transfers.Single(), next.NextPageToken), Is.EqualTo((first, "")));
        Assert.That(byState.Transfers, Is.EqualTo(new[] { first }));
        Assert.That(await Then.OnHand(sku, Given.MainWarehouse), Is.EqualTo(4));
    }

    [Test]
    public async Task What_cannot_go_is_refused_with_the_numbers()
    {
        var (sku, to, shut) = (
            await Given.Stock(onHand: 5),
            await Given.Warehouse(),
            await Given.Warehouse(active: false)
        );
        await Hold(sku, quantity: 2);
        var shipped = (await Transfers.CreateTransferAsync(Create(sku, to, 1, TransferMode.Shipped))).Transfer;

        var tooMuch = await Refused(Transfers.CreateTransferAsync(Create(sku, to, 3)));
        var inactive = await Refused(Transfers.CreateTransferAsync(Create(sku, shut, 1)));
        var transit = await Refused(
            Transfers.ReceiveTransferAsync(new() { TransferId = shipped.TransferId, Quantity = 2 })
        );
        await Transfers.ReceiveTransferAsync(new() { TransferId = shipped.TransferId });
        var state = await Refused(Transfers.CancelTransferAsync(new() { TransferId = shipped.TransferId }));
        var stale = await Refused(
            Transfers.CancelTransferAsync(new() { TransferId = shipped.TransferId, ExpectedVersion = 1 })
        );

        Refusal[] refusals = [tooMuch, inactive, transit, state];
        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(
            refusals.Select(r => (r.Reason, r.Detail<PreconditionFailure>().Violations.Single().Type)),
            Is.EqualTo(
                new[]
                {
                    ("INSUFFICIENT_STOCK", "INSUFFICIENT_STOCK"),
                    ("WAREHOUSE_INACTIVE", "WAREHOUSE_INACTIVE"),
                    ("TRANSFER_QUANTITY", "TRANSFER_QUANTITY"),
                    ("TRANSFER_STATE", "TRANSFER_STATE"),
                }
            )
        );
        Assert.That((tooMuch.Info.Metadata["requested"], tooMuch.Info.Metadata["available"]), Is.EqualTo(("3", "2")));
        Assert.That(transit.Info.Metadata["in_transit"], Is.EqualTo("1"));
        Assert.That(state.Info.Metadata["state"], Is.EqualTo("COMPLETED"));
        Assert.That((stale.Code, stale.Info.Metadata["current_version"]), Is.EqualTo((StatusCode.Aborted, "2")));
    }

    [Test]
    public async Task What_is_not_known_is_not_found_and_a_request_id_serves_one_content()
    {
        var (sku, to, id) = (await Given.Stock(onHand: 5), await Given.Warehouse(), $"{Guid.NewGuid()}");
        var request = Create(sku, to, 1);
        await Transfers.CreateTransferAsync(request);
        request.Quantity = 2;

        Refusal[] unknown =
        [
            await Refused(Transfers.CreateTransferAsync(Create("nothing", to, 1))),
            await Refused(Transfers.CreateTransferAsync(Create(sku, "nowhere", 1))),
            await Refused(Transfers.GetTransferAsync(new() { TransferId = id })),
            await Refused(Transfers.ShipTransferAsync(new() { TransferId = id })),
            await Refused(Transfers.ReceiveTransferAsync(new() { TransferId = id })),
            await Refused(Transfers.CancelTransferAsync(new() { TransferId = id })),
            await Refused(Transfers.ListTransfersAsync(new() { Sku = "nothing" })),
            await Refused(Transfers.ListTransfersAsync(new() { WarehouseId = "nowhere" })),
        ];
        var reused = await Refused(Transfers.CreateTransferAsync(request));

        Assert.That(unknown.Select(r => r.Code), Is.All.EqualTo(StatusCode.NotFound));
        Assert.That(
            unknown.Select(r => r.Detail<ResourceInfo>().ResourceName),
            Is.EqualTo(new[] { "nothing", "nowhere", id, id, id, id, "nothing", "nowhere" })
        );
        Assert.That((reused.Code, reused.Reason), Is.EqualTo((StatusCode.AlreadyExists, "REQUEST_ID_REUSED")));
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once_and_nothing_is_written()
    {
        var sku = await Given.Stock(onHand: 5);
        var main = (await Warehouses.GetWarehouseAsync(new() { Warehouse = Given.MainWarehouse })).Warehouse;

        var create = await Refused(
            Transfers.CreateTransferAsync(
                new()
                {
                    RequestId = "\t",
                    Sku = "x",
                    ProductId = "y",
                    ToWarehouseId = new string('w', 65),
                    Quantity = -1,
                    Mode = (TransferMode)9,
                    Note = "why",
                }
            )
        );
        var itself = await Refused(Transfers.CreateTransferAsync(Create(sku, Given.MainWarehouse, 1)));
        var byItsId = await Refused(Transfers.CreateTransferAsync(Create(sku, main.WarehouseId, 1)));

        AreNamed(create, "request_id sku from_warehouse_id to_warehouse_id quantity mode note");
        AreNamed(itself, "to_warehouse_id");
        AreNamed(byItsId, "to_warehouse_id");
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task Every_field_of_a_step_or_a_list_that_is_wrong_is_named_at_once()
    {
        var ship = new ShipTransferRequest { TransferId = "1", ExpectedVersion = 0 };
        var lossy = new ReceiveTransferRequest
        {
            RequestId = "é",
            Quantity = -1,
            LoseRest = true,
        };
        var nothing = new ReceiveTransferRequest { TransferId = $"{Guid.Empty}", Quantity = 0 };
        var list = new ListTransfersRequest
        {
            PageSize = 1_001,
            PageToken = "\t",
            State = (TransferState)9,
            Sku = "\0",
            WarehouseId = "\0",
        };

        AreNamed(await Refused(Transfers.ShipTransferAsync(ship)), "transfer_id expected_version");
        AreNamed(await Refused(Transfers.ReceiveTransferAsync(lossy)), "request_id transfer_id quantity reason");
        AreNamed(await Refused(Transfers.ReceiveTransferAsync(nothing)), "quantity");
        AreNamed(
            await Refused(Transfers.CancelTransferAsync(new() { Note = new string('n', 501) })),
            "transfer_id note note"
        );
        AreNamed(await Refused(Transfers.GetTransferAsync(new())), "transfer_id");
        AreNamed(await Refused(Transfers.ListTransfersAsync(list)), "page_size page_token state sku warehouse_id");
        AreNamed(await Refused(Transfers.ListTransfersAsync(new() { PageToken = "AAAA" })), "page_token");
    }

    private static void AreNamed(Refusal refusal, string fields)
    {
        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(string.Join(' ', refusal.Fields.Select(f => f.Field)), Is.EqualTo(fields));
    }

    private static CreateTransferRequest Create(
        string sku,
        string to,
        long quantity,
        TransferMode mode = TransferMode.Unspecified
    ) =>
        new()
        {
            RequestId = Some.RequestId(),
            Sku = sku,
            FromWarehouseId = Given.MainWarehouse,
            ToWarehouseId = to,
            Quantity = quantity,
            Mode = mode,
            Reason = "rebalance",
            Note = "before the sale",
        };
}
