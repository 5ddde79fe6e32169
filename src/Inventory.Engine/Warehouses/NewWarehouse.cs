using Inventory.Engine.Database;

namespace Inventory.Engine.Warehouses;

/// <summary>Asks to make a warehouse. It has been validated.</summary>
public sealed record NewWarehouse
{
    /// <summary>The principal; part of the request's identity.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; without one, asking again is another request.</summary>
    public string? RequestId { get; init; }

    /// <summary>1 to 64 characters, not beginning with <see cref="PublicId.WarehousePrefix"/>.</summary>
    public required string Code { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public WarehouseType Type { get; init; } = WarehouseType.DistributionCenter;

    /// <summary>Reservations that name no warehouse draw on the lowest first.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>Whether new reservations may draw on it.</summary>
    public bool Active { get; init; } = true;

    /// <summary>Where it is.</summary>
    public WarehouseLocation Location { get; init; } = new();

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CreateWarehouse);
        content.Text(Code);
        content.Text(Name);
        content.Number((long)Type);
        content.Number((long)Priority);
        content.Number(Active ? 1L : 0L);
        content.Text(Location.Address);
        content.Text(Location.City);
        content.Text(Location.Region);
        content.Text(Location.PostalCode);
        content.Text(Location.CountryCode);
        content.Number(Bits(Location.Latitude));
        content.Number(Bits(Location.Longitude));
        return content.ToFingerprint();
    }

    private static long? Bits(double? degrees) => degrees is { } number ? BitConverter.DoubleToInt64Bits(number) : null;
}
