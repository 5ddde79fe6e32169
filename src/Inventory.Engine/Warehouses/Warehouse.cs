namespace Inventory.Engine.Warehouses;

/// <summary>What a warehouse is for. Append only; a number is never used again.</summary>
public enum WarehouseType
{
    /// <summary>Supplies other warehouses and ships to customers.</summary>
    DistributionCenter = 1,

    /// <summary>Ships to customers.</summary>
    FulfillmentCenter = 2,

    /// <summary>Sells over the counter.</summary>
    Store = 3,

    /// <summary>A supplier's stock, shipped from there.</summary>
    Supplier = 4,

    /// <summary>Takes goods back.</summary>
    ReturnsCenter = 5,
}

/// <summary>Where a warehouse is. What is not known is empty.</summary>
public sealed record WarehouseLocation
{
    /// <summary>Street and number, on one line.</summary>
    public string Address { get; init; } = "";

    /// <summary>The city.</summary>
    public string City { get; init; } = "";

    /// <summary>State, province or the like.</summary>
    public string Region { get; init; } = "";

    /// <summary>As the country writes it.</summary>
    public string PostalCode { get; init; } = "";

    /// <summary>ISO 3166-1 alpha-2, two capital letters.</summary>
    public string CountryCode { get; init; } = "";

    /// <summary>Degrees, -90 to 90.</summary>
    public double? Latitude { get; init; }

    /// <summary>Degrees, -180 to 180.</summary>
    public double? Longitude { get; init; }
}

/// <summary>A place that keeps stock.</summary>
public sealed record Warehouse
{
    /// <summary>Its key.</summary>
    public required int WarehouseId { get; init; }

    /// <summary>The callers' own key.</summary>
    public required string Code { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required WarehouseType Type { get; init; }

    /// <summary>Reservations that name no warehouse draw on the lowest first.</summary>
    public required int Priority { get; init; }

    /// <summary>Whether new reservations may draw on it.</summary>
    public required bool Active { get; init; }

    /// <summary>Where it is.</summary>
    public required WarehouseLocation Location { get; init; }

    /// <summary>1 at first, raised by each edit.</summary>
    public required long Revision { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was last edited, UTC.</summary>
    public required DateTime UpdatedAt { get; init; }
}
