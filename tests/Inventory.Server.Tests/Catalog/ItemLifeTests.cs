using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class ItemLifeTests : ServerFixture
{
    [Test]
    public async Task Without_a_mask_what_is_set_is_edited_and_with_one_what_it_names()
    {
        var sku = await Given.Item();
        var gtin = Some.Gtin13();
        var set = await Catalog.UpdateInventoryItemAsync(
            new()
            {
                Item = sku,
                Name = "Hose",
                Description = "10 m",
                Price = new Money { Amount = "10.50", Currency = "EUR" },
                Barcodes = { gtin },
                ReorderPoint = 0,
                SafetyStock = 2,
            }
        );

        var masked = await Catalog.UpdateInventoryItemAsync(
            new()
            {
                Item = set.Item.ItemId,
                UpdateMask = new FieldMask
                {
                    Paths = { "description", "price", "barcodes", "reorder_point", "status" },
                },
                Name = "not named by the mask",
                Status = ItemStatus.Discontinued,
            }
        );

        Assert.That((set.Item.Name, set.Item.Description, set.Item.Version), Is.EqualTo(("Hose", "10 m", 2L)));
        Assert.That((set.Item.Price.Amount, set.Item.Barcodes.Single()), Is.EqualTo(("10.50", $"0{gtin}")));
        Assert.That((set.Item.HasReorderPoint, set.Item.SafetyStock), Is.EqualTo((true, 2L)));
        var now = masked.Item;
        Assert.That((now.Name, now.Description, now.SafetyStock), Is.EqualTo(("Hose", "", 2L)));
        Assert.That((now.Price, now.Barcodes.Count, now.HasReorderPoint), Is.EqualTo(((Money?)null, 0, false)));
        Assert.That((now.Status, now.Version), Is.EqualTo((ItemStatus.Discontinued, 3L)));
        Assert.That((await Catalog.GetInventoryItemAsync(new() { Item = sku })).Item, Is.EqualTo(now));
    }

    [Test]
    public async Task An_edit_is_made_once_and_from_the_version_that_it_names()
    {
        var sku = await Given.Item();
        var edit = new UpdateInventoryItemRequest
        {
            RequestId = Some.RequestId(),
            Item = sku,
            ExpectedVersion = 1,
            Category = "garden",
        };

        var first = await Catalog.UpdateInventoryItemAsync(edit);
        var again = await Catalog.UpdateInventoryItemAsync(edit);
        edit.Category = "house";
        var other = await Refused(Catalog.UpdateInventoryItemAsync(edit));
        edit.RequestId = "";
        var stale = await Refused(Catalog.UpdateInventoryItemAsync(edit));

        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That((again.Item, again.RequestId), Is.EqualTo((first.Item, first.RequestId)));
        Assert.That((other.Code, other.Reason), Is.EqualTo((StatusCode.AlreadyExists, "REQUEST_ID_REUSED")));
        Assert.That((stale.Code, stale.Reason), Is.EqualTo((StatusCode.Aborted, "VERSION_CONFLICT")));
        Assert.That(stale.Info.Metadata["current_version"], Is.EqualTo("2"));
    }

    [Test]
    public async Task A_discontinued_item_is_not_held_and_a_barcode_of_another_is_not_given()
    {
        var sku = await Given.Stock(onHand: 3);
        var gtin = Some.Gtin13();
        await Catalog.UpdateInventoryItemAsync(new() { Item = await Given.Item(), Barcodes = { gtin } });

        var taken = await Refused(Catalog.UpdateInventoryItemAsync(new() { Item = sku, Barcodes = { gtin } }));
        await Catalog.UpdateInventoryItemAsync(new() { Item = sku, Status = ItemStatus.Discontinued });
        var refused = await Refused(Reservations.ReserveInventoryAsync(Order(sku)));
        await Catalog.UpdateInventoryItemAsync(new() { Item = sku, Status = ItemStatus.Active });
        await Hold(sku);

        Assert.That((taken.Code, taken.Reason), Is.EqualTo((StatusCode.AlreadyExists, "BARCODE_TAKEN")));
        Assert.That(taken.Resources.Single().ResourceName, Is.EqualTo($"0{gtin}"));
        Assert.That((refused.Code, refused.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "ITEM_DISCONTINUED")));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task An_item_begins_with_stock_at_its_warehouses_or_not_at_all()
    {
        var (open, shut) = (await Given.Warehouse(), await Given.Warehouse(active: false));
        var request = new CreateInventoryItemRequest
        {
            RequestId = Some.RequestId(),
            Sku = Some.Sku(),
            Name = "Hose",
            SafetyStock = 1,
            ReorderPoint = 4,
            Openings =
            {
                new OpeningQuantity { Warehouse = open, Quantity = 5 },
            },
        };

        var made = await Catalog.CreateInventoryItemAsync(request);
        var again = await Catalog.CreateInventoryItemAsync(request);
        request = new(request) { RequestId = "", Sku = Some.Sku() };
        request.Openings.Add(new OpeningQuantity { Warehouse = shut, Quantity = 1 });
        var closed = await Refused(Catalog.CreateInventoryItemAsync(request));
        request.Openings[1].Warehouse = Some.WarehouseCode();
        var unknown = await Refused(Catalog.CreateInventoryItemAsync(request));
        var none = await Refused(Catalog.GetInventoryItemAsync(new() { Item = request.Sku }));

        Assert.That((made.Item.Status, made.Item.Available), Is.EqualTo((ItemStatus.LowStock, 4L)));
        Assert.That((again.Replayed, again.Item), Is.EqualTo((true, made.Item)));
        Assert.That(await Then.OnHand(made.Item.Sku), Is.EqualTo(5));
        Assert.That((closed.Code, closed.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "WAREHOUSE_INACTIVE")));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "WAREHOUSE_UNKNOWN")));
        Assert.That(none.Code, Is.EqualTo(StatusCode.NotFound));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task One_with_stock_stays_and_one_without_goes()
    {
        var sku = await Given.Stock(onHand: 3);
        await Hold(sku);

        var refused = await Refused(Catalog.DeleteInventoryItemAsync(new() { Item = sku }));
        var empty = await Given.Stock(onHand: 0);
        var deletion = new DeleteInventoryItemRequest
        {
            RequestId = Some.RequestId(),
            Item = empty,
            ExpectedVersion = 1,
        };
        var gone = await Catalog.DeleteInventoryItemAsync(deletion);
        var again = await Catalog.DeleteInventoryItemAsync(deletion);
        var unknown = await Refused(Catalog.GetInventoryItemAsync(new() { Item = empty }));

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "STOCK_REMAINS")));
        Assert.That(
            (refused.Info.Metadata["on_hand"], refused.Info.Metadata["reserved"], refused.Info.Metadata["stock_rows"]),
            Is.EqualTo(("3", "1", "1"))
        );
        Assert.That(refused.Detail<PreconditionFailure>().Violations.Single().Subject, Is.EqualTo(sku));
        Assert.That((gone.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That((again.RequestId, unknown.Code), Is.EqualTo((deletion.RequestId, StatusCode.NotFound)));
    }

    [Test]
    public async Task The_list_goes_page_by_page_in_the_order_asked_for()
    {
        var (category, product) = (Some.RequestId(), Some.RequestId());
        string[] skus = [$"A-{Some.Sku()}", $"B-{Some.Sku()}", $"C-{Some.Sku()}"];
        foreach (var sku in skus)
        {
            await Catalog.CreateInventoryItemAsync(
                new()
                {
                    Sku = sku,
                    Name = "Hose",
                    Category = category,
                    ProductId = product,
                    VariantId = sku[..1],
                }
            );
        }

        var request = new ListInventoryItemsRequest
        {
            PageSize = 2,
            Category = category,
            ProductId = product,
            Prefix = "hOSE",
            Status = ItemStatus.Active,
            OrderBy = "sku desc",
        };
        var first = await Catalog.ListInventoryItemsAsync(request);
        request.PageToken = first.NextPageToken;
        var second = await Catalog.ListInventoryItemsAsync(request);
        request.OrderBy = "sku";
        var other = await Refused(Catalog.ListInventoryItemsAsync(request));
        var unknown = await Refused(Catalog.ListInventoryItemsAsync(new() { ProductId = Some.RequestId() }));

        Assert.That(first.Items.Concat(second.Items).Select(i => i.Sku), Is.EqualTo(skus.Reverse()));
        Assert.That((first.Items.Count, second.NextPageToken), Is.EqualTo((2, "")));
        Assert.That(other.Fields, Is.EqualTo(new[] { ("page_token", "FORMAT") }));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "ITEM_UNKNOWN")));
    }
}
