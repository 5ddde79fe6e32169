using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class WarehouseLifeTests : ServerFixture
{
    [Test]
    public async Task Without_a_mask_what_is_set_is_edited_and_with_one_what_it_names()
    {
        var code = await Given.Warehouse(priority: 7);
        var set = await Warehouses.UpdateWarehouseAsync(
            new()
            {
                Warehouse = code,
                Name = "North",
                Type = WarehouseType.Store,
                Location = new Location { City = "Bremen" },
            }
        );

        var masked = await Warehouses.UpdateWarehouseAsync(
            new()
            {
                Warehouse = set.Warehouse.WarehouseId,
                UpdateMask = new FieldMask { Paths = { "location", "priority", "active" } },
                Name = "not named by the mask",
                Active = false,
            }
        );

        Assert.That((set.Warehouse.Name, set.Warehouse.Priority), Is.EqualTo(("North", 7)));
        Assert.That(set.Warehouse.Location, Is.EqualTo(new Location { City = "Bremen" }));
        Assert.That((set.Warehouse.Active, set.Warehouse.Version), Is.EqualTo((true, 2L)));
        var now = masked.Warehouse;
        Assert.That((now.Name, now.Type, now.Location), Is.EqualTo(("North", WarehouseType.Store, new Location())));
        Assert.That((now.Priority, now.Active, now.Version), Is.EqualTo((100, false, 3L)));
        Assert.That((await Warehouses.GetWarehouseAsync(new() { Warehouse = code })).Warehouse, Is.EqualTo(now));
    }

    [Test]
    public async Task A_mask_of_all_sets_all()
    {
        var code = await Given.Warehouse(priority: 7, active: false);

        var all = await Warehouses.UpdateWarehouseAsync(
            new()
            {
                Warehouse = code,
                UpdateMask = new FieldMask { Paths = { "*" } },
                Name = "All",
            }
        );
        var nameless = await Refused(
            Warehouses.UpdateWarehouseAsync(
                new()
                {
                    Warehouse = code,
                    UpdateMask = new FieldMask { Paths = { "*" } },
                }
            )
        );

        Assert.That(
            (all.Warehouse.Name, all.Warehouse.Priority, all.Warehouse.Active, all.Warehouse.Type),
            Is.EqualTo(("All", 100, true, WarehouseType.DistributionCenter))
        );
        Assert.That(nameless.Fields, Is.EqualTo(new[] { ("name", "REQUIRED") }));
    }

    [Test]
    public async Task An_edit_is_made_once_and_from_the_version_that_it_names()
    {
        var code = await Given.Warehouse();
        var edit = new UpdateWarehouseRequest
        {
            RequestId = Some.RequestId(),
            Warehouse = code,
            ExpectedVersion = 1,
            Priority = 3,
        };

        var first = await Warehouses.UpdateWarehouseAsync(edit);
        var again = await Warehouses.UpdateWarehouseAsync(edit);
        edit.Priority = 4;
        var other = await Refused(Warehouses.UpdateWarehouseAsync(edit));
        edit.RequestId = "";
        var stale = await Refused(Warehouses.UpdateWarehouseAsync(edit));

        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(
            (again.Warehouse, again.RequestId),
            Is.EqualTo((first.Warehouse, edit.RequestId = first.RequestId))
        );
        Assert.That((other.Code, other.Reason), Is.EqualTo((StatusCode.AlreadyExists, "REQUEST_ID_REUSED")));
        Assert.That((stale.Code, stale.Reason), Is.EqualTo((StatusCode.Aborted, "VERSION_CONFLICT")));
        Assert.That(stale.Info.Metadata["current_version"], Is.EqualTo("2"));
    }

    [Test]
    public async Task An_inactive_one_serves_no_new_hold()
    {
        var code = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 3, warehouse: code);
        await Hold(sku);

        await Warehouses.UpdateWarehouseAsync(new() { Warehouse = code, Active = false });
        var refused = await Refused(Reservations.ReserveInventoryAsync(Order(sku, 1, code)));

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "WAREHOUSE_INACTIVE")));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task One_with_stock_stays_and_an_empty_one_goes()
    {
        var code = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 3, warehouse: code);
        await Hold(sku);

        var refused = await Refused(Warehouses.DeleteWarehouseAsync(new() { Warehouse = code }));
        var empty = await Given.Warehouse();
        var deletion = new DeleteWarehouseRequest
        {
            RequestId = Some.RequestId(),
            Warehouse = empty,
            ExpectedVersion = 1,
        };
        var gone = await Warehouses.DeleteWarehouseAsync(deletion);
        var again = await Warehouses.DeleteWarehouseAsync(deletion);
        var unknown = await Refused(Warehouses.GetWarehouseAsync(new() { Warehouse = empty }));

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "STOCK_REMAINS")));
        Assert.That(
            (refused.Info.Metadata["on_hand"], refused.Info.Metadata["reserved"], refused.Info.Metadata["stock_rows"]),
            Is.EqualTo(("3", "1", "1"))
        );
        Assert.That(refused.Detail<PreconditionFailure>().Violations.Single().Subject, Is.EqualTo(code));
        Assert.That((gone.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That((again.RequestId, unknown.Code), Is.EqualTo((deletion.RequestId, StatusCode.NotFound)));
    }

    [Test]
    public async Task The_list_goes_page_by_page_in_the_order_asked_for()
    {
        string[] codes = [$"{Some.WarehouseCode()}-b", $"{Some.WarehouseCode()}-a"];
        foreach (var code in codes)
        {
            await Warehouses.CreateWarehouseAsync(
                new()
                {
                    Code = code,
                    Name = "Returns",
                    Type = WarehouseType.ReturnsCenter,
                }
            );
        }

        var request = new ListWarehousesRequest
        {
            PageSize = 1,
            Type = WarehouseType.ReturnsCenter,
            Active = true,
            OrderBy = "code",
        };
        var first = await Warehouses.ListWarehousesAsync(request);
        request.PageToken = first.NextPageToken;
        var second = await Warehouses.ListWarehousesAsync(request);
        request.OrderBy = "";
        var other = await Refused(Warehouses.ListWarehousesAsync(request));

        Assert.That(
            first.Warehouses.Concat(second.Warehouses).Select(w => w.Code),
            Is.EqualTo(codes.Order(StringComparer.Ordinal))
        );
        Assert.That(second.NextPageToken, Is.Empty);
        Assert.That(other.Fields, Is.EqualTo(new[] { ("page_token", "FORMAT") }));
    }

    [Test]
    public async Task What_is_not_there_is_neither_edited_nor_deleted()
    {
        foreach (var name in new[] { Some.WarehouseCode(), "wh_999999999" })
        {
            Refusal[] refusals =
            [
                await Refused(Warehouses.UpdateWarehouseAsync(new() { Warehouse = name, Priority = 1 })),
                await Refused(Warehouses.DeleteWarehouseAsync(new() { Warehouse = name })),
            ];
            Assert.That(
                refusals.Select(r => (r.Code, r.Reason)),
                Is.All.EqualTo((StatusCode.NotFound, "WAREHOUSE_UNKNOWN"))
            );
            Assert.That(refusals.Select(r => r.Resources.Single().ResourceName), Is.All.EqualTo(name));
        }
    }
}
