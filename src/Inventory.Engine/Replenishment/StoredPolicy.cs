using System.Text.Json;

namespace Inventory.Engine.Replenishment;

/// <summary>A policy as the tables have it, and as a stored answer holds it: in JSON, by the columns' names.</summary>
internal sealed record StoredPolicy
{
    private static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public long ItemId { get; init; }

    public string Sku { get; init; } = "";

    public int WarehouseId { get; init; }

    public string Warehouse { get; init; } = "";

    public long? ReorderPoint { get; init; }

    public long? ReorderQuantity { get; init; }

    public long? OrderUpTo { get; init; }

    public int LeadTimeDays { get; init; }

    public double ServiceLevel { get; init; }

    public bool Automatic { get; init; }

    public string Source { get; init; } = "";

    public long Version { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    public string UpdatedBy { get; init; } = "";

    internal static StoredPolicy Parse(string answer) => JsonSerializer.Deserialize<StoredPolicy>(answer, ByColumn)!;

    internal ReorderPolicy ToPolicy() =>
        new()
        {
            ItemId = ItemId,
            Sku = Sku,
            WarehouseId = WarehouseId,
            Warehouse = Warehouse,
            Amounts = ReorderPoint is { } point ? new(point, ReorderQuantity, OrderUpTo) : null,
            LeadTimeDays = LeadTimeDays,
            ServiceLevel = ServiceLevel,
            Automatic = Automatic,
            Source = Source,
            Version = Version,
            CreatedAt = CreatedAt.ToUniversalTime(),
            UpdatedAt = UpdatedAt.ToUniversalTime(),
            UpdatedBy = UpdatedBy,
        };
}
