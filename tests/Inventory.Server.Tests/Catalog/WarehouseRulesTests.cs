using Google.Protobuf.WellKnownTypes;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Catalog;

/// <summary>Bad input to edits, ends and lists of warehouses: every violation at once, and nothing written.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WarehouseRulesTests : ServerFixture
{
    [Test]
    public async Task Every_field_of_an_edit_that_is_wrong_is_named_at_once_and_nothing_is_written()
    {
        var code = await Given.Warehouse();
        var update = await Refused(
            Warehouses.UpdateWarehouseAsync(
                new()
                {
                    RequestId = "\t",
                    Warehouse = code,
                    ExpectedVersion = 0,
                    UpdateMask = new FieldMask { Paths = { "name", "code", "", "location.city" } },
                    Name = new string('n', 201),
                    Type = (WarehouseType)77,
                    Priority = -1,
                    Location = new Location { CountryCode = "de", Longitude = 181 },
                }
            )
        );

        Assert.That(
            update.Fields,
            Is.EqualTo(
                new[]
                {
                    ("request_id", "CHARACTERS"),
                    ("expected_version", "OUT_OF_RANGE"),
                    ("update_mask.paths[1]", "UNKNOWN_VALUE"),
                    ("update_mask.paths[2]", "UNKNOWN_VALUE"),
                    ("update_mask.paths[3]", "UNKNOWN_VALUE"),
                    ("name", "TOO_LONG"),
                    ("type", "UNKNOWN_VALUE"),
                    ("priority", "OUT_OF_RANGE"),
                    ("location.country_code", "FORMAT"),
                    ("location.longitude", "OUT_OF_RANGE"),
                    ("location", "CONFLICT"),
                }
            )
        );
        Assert.That((await Warehouses.GetWarehouseAsync(new() { Warehouse = code })).Warehouse.Version, Is.EqualTo(1));
    }

    [Test]
    public async Task An_edit_of_nothing_and_a_mask_without_end_are_refused()
    {
        var nothing = await Refused(Warehouses.UpdateWarehouseAsync(new() { Warehouse = new string('w', 65) }));
        var endless = await Refused(
            Warehouses.UpdateWarehouseAsync(
                new()
                {
                    Warehouse = "w",
                    Priority = 1,
                    UpdateMask = new FieldMask { Paths = { Enumerable.Repeat("priority", 101) } },
                }
            )
        );

        Assert.That(nothing.Fields, Is.EqualTo(new[] { ("warehouse", "TOO_LONG"), ("update_mask", "REQUIRED") }));
        Assert.That(endless.Fields, Is.EqualTo(new[] { ("update_mask", "OUT_OF_RANGE") }));
    }

    [Test]
    public async Task Every_field_of_an_end_and_of_a_list_that_is_wrong_is_named_at_once()
    {
        var delete = await Refused(
            Warehouses.DeleteWarehouseAsync(new() { RequestId = new string('r', 65), ExpectedVersion = -1 })
        );
        var list = await Refused(
            Warehouses.ListWarehousesAsync(
                new()
                {
                    PageSize = -1,
                    PageToken = new string('t', 2_001),
                    Type = (WarehouseType)77,
                    OrderBy = "name; DROP TABLE warehouse",
                }
            )
        );
        var malformed = await Refused(Warehouses.ListWarehousesAsync(new() { PageToken = "%%%", PageSize = 1_000 }));
        var large = await Refused(Warehouses.ListWarehousesAsync(new() { PageSize = 1_001 }));

        Assert.That(
            delete.Fields,
            Is.EqualTo(
                new[] { ("request_id", "TOO_LONG"), ("warehouse", "REQUIRED"), ("expected_version", "OUT_OF_RANGE") }
            )
        );
        Assert.That(
            list.Fields,
            Is.EqualTo(
                new[]
                {
                    ("page_size", "OUT_OF_RANGE"),
                    ("page_token", "TOO_LONG"),
                    ("type", "UNKNOWN_VALUE"),
                    ("order_by", "UNKNOWN_VALUE"),
                }
            )
        );
        Assert.That(malformed.Fields, Is.EqualTo(new[] { ("page_token", "FORMAT") }));
        Assert.That(large.Fields, Is.EqualTo(new[] { ("page_size", "OUT_OF_RANGE") }));
    }
}
