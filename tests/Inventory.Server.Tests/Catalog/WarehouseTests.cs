using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class WarehouseTests : ServerFixture
{
    [Test]
    public async Task A_warehouse_is_made_with_all_that_is_said_of_it()
    {
        var request = new CreateWarehouseRequest
        {
            RequestId = Some.RequestId(),
            Code = Some.WarehouseCode(),
            Name = "North",
            Type = WarehouseType.Store,
            Priority = 7,
            Active = false,
            Location = new Location
            {
                Address = "Kai 3",
                City = "Hamburg",
                Region = "HH",
                PostalCode = "20457",
                CountryCode = "DE",
                Latitude = 53.54,
                Longitude = -0.0,
            },
        };

        var made = await Warehouses.CreateWarehouseAsync(request);
        var again = await Warehouses.CreateWarehouseAsync(request);

        var warehouse = made.Warehouse;
        Assert.That((made.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(again.Warehouse, Is.EqualTo(warehouse));
        Assert.That(warehouse.WarehouseId, Does.StartWith("wh_"));
        Assert.That((warehouse.Code, warehouse.Name), Is.EqualTo((request.Code, "North")));
        Assert.That(
            (warehouse.Type, warehouse.Priority, warehouse.Active),
            Is.EqualTo((WarehouseType.Store, 7, false))
        );
        Assert.That(warehouse.Location.City, Is.EqualTo("Hamburg"));
        Assert.That(warehouse.Location.Latitude, Is.EqualTo(53.54));
        foreach (var name in new[] { warehouse.Code, warehouse.WarehouseId })
        {
            Assert.That(
                (await Warehouses.GetWarehouseAsync(new() { Warehouse = name })).Warehouse,
                Is.EqualTo(warehouse)
            );
        }
    }

    [Test]
    public async Task A_warehouse_that_says_little_is_an_active_distribution_center()
    {
        var made = (
            await Warehouses.CreateWarehouseAsync(new() { Code = Some.WarehouseCode(), Name = "South" })
        ).Warehouse;

        Assert.That((made.Type, made.Priority, made.Active), Is.EqualTo((WarehouseType.DistributionCenter, 100, true)));
        Assert.That(made.Location, Is.EqualTo(new Location()));
    }

    [Test]
    public async Task A_code_is_of_one_warehouse_only()
    {
        var code = await Given.Warehouse();

        var refusal = await Refused(Warehouses.CreateWarehouseAsync(new() { Code = code, Name = "Again" }));

        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.AlreadyExists, "WAREHOUSE_CODE_TAKEN")));
        Assert.That(refusal.Resources.Single().ResourceName, Is.EqualTo(code));
    }

    [Test]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (var name in new[] { Some.WarehouseCode(), "wh_999999999", "wh_99999999999999999999" })
        {
            var refusal = await Refused(Warehouses.GetWarehouseAsync(new() { Warehouse = name }));
            Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.NotFound, "WAREHOUSE_UNKNOWN")));
        }
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once()
    {
        var refusal = await Refused(
            Warehouses.CreateWarehouseAsync(
                new()
                {
                    Code = "wh_1",
                    Name = "x\u0007",
                    Type = (WarehouseType)99,
                    Priority = -1,
                    Location = new Location
                    {
                        Address = new string('a', 501),
                        CountryCode = "de",
                        Latitude = double.NaN,
                    },
                }
            )
        );

        Assert.That(
            refusal.Fields,
            Is.EqualTo(
                new[]
                {
                    ("code", "FORMAT"),
                    ("name", "CHARACTERS"),
                    ("type", "UNKNOWN_VALUE"),
                    ("priority", "OUT_OF_RANGE"),
                    ("location.address", "TOO_LONG"),
                    ("location.country_code", "FORMAT"),
                    ("location.latitude", "OUT_OF_RANGE"),
                    ("location", "CONFLICT"),
                }
            )
        );
    }
}
