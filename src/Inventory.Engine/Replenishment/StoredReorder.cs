using System.Text.Json;

namespace Inventory.Engine.Replenishment;

/// <summary>
/// A reorder as the table has it, and as a stored answer holds it: in JSON, by the columns' names.
/// </summary>
internal sealed record StoredReorder
{
    private static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public Guid ReorderId { get; init; }

    public long ItemId { get; init; }

    public string Sku { get; init; } = "";

    public int WarehouseId { get; init; }

    public string Warehouse { get; init; } = "";

    public int State { get; init; }

    public long Quantity { get; init; }

    public long Received { get; init; }

    public long Position { get; init; }

    public long ReorderPoint { get; init; }

    public int LeadTimeDays { get; init; }

    public bool Automatic { get; init; }

    public string Source { get; init; } = "";

    public long Version { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? ApprovedAt { get; init; }

    public string? ApprovedBy { get; init; }

    public DateTime? ExpectedAt { get; init; }

    public DateTime? EndedAt { get; init; }

    public string? EndedBy { get; init; }

    public string? Reason { get; init; }

    internal static StoredReorder Parse(string answer) => JsonSerializer.Deserialize<StoredReorder>(answer, ByColumn)!;

    internal Reorder ToReorder() =>
        new()
        {
            ReorderId = ReorderId,
            ItemId = ItemId,
            Sku = Sku,
            WarehouseId = WarehouseId,
            Warehouse = Warehouse,
            State = (ReorderState)State,
            Quantity = Quantity,
            Received = Received,
            Position = Position,
            ReorderPoint = ReorderPoint,
            LeadTimeDays = LeadTimeDays,
            Automatic = Automatic,
            Source = Source,
            Version = Version,
            CreatedAt = CreatedAt.ToUniversalTime(),
            ApprovedAt = ApprovedAt?.ToUniversalTime(),
            ApprovedBy = ApprovedBy,
            ExpectedAt = ExpectedAt?.ToUniversalTime(),
            EndedAt = EndedAt?.ToUniversalTime(),
            EndedBy = EndedBy,
            Reason = Reason,
        };
}
