using System.Text.Json;

namespace Inventory.Engine.Warehouses;

/// <summary>
/// A row of the warehouse table as the statements read it, and as an edit's stored answer holds it: in JSON, by the
/// columns' names.
/// </summary>
internal sealed class StoredWarehouse
{
    private static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public int WarehouseId { get; init; }

    public required string Code { get; init; }

    public required string Name { get; init; }

    public int Type { get; init; }

    public int Priority { get; init; }

    public bool Active { get; init; }

    public required string Address { get; init; }

    public required string City { get; init; }

    public required string Region { get; init; }

    public required string PostalCode { get; init; }

    public required string CountryCode { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    public long Revision { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    internal static StoredWarehouse Parse(string answer) =>
        JsonSerializer.Deserialize<StoredWarehouse>(answer, ByColumn)!;

    internal Warehouse ToWarehouse() =>
        new()
        {
            WarehouseId = WarehouseId,
            Code = Code,
            Name = Name,
            Type = (WarehouseType)Type,
            Priority = Priority,
            Active = Active,
            Location = new WarehouseLocation
            {
                Address = Address,
                City = City,
                Region = Region,
                PostalCode = PostalCode,
                CountryCode = CountryCode,
                Latitude = Latitude,
                Longitude = Longitude,
            },
            Revision = Revision,
            CreatedAt = CreatedAt.ToUniversalTime(),
            UpdatedAt = UpdatedAt.ToUniversalTime(),
        };
}
