using System.Text.Json;

namespace Inventory.Engine.Transfers;

/// <summary>
/// A transfer as the table has it, and as a stored answer holds it: in JSON, by the columns' names.
/// </summary>
internal sealed record StoredTransfer
{
    private static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public Guid TransferId { get; init; }

    public long ItemId { get; init; }

    public string Sku { get; init; } = "";

    public int FromWarehouseId { get; init; }

    public string FromWarehouse { get; init; } = "";

    public int ToWarehouseId { get; init; }

    public string ToWarehouse { get; init; } = "";

    public int State { get; init; }

    public long Quantity { get; init; }

    public long Received { get; init; }

    public long Lost { get; init; }

    public long Returned { get; init; }

    public long Version { get; init; }

    public string Caller { get; init; } = "";

    public string RequestId { get; init; } = "";

    public string? Reason { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? ShippedAt { get; init; }

    public DateTime? EndedAt { get; init; }

    internal static StoredTransfer Parse(string answer) =>
        JsonSerializer.Deserialize<StoredTransfer>(answer, ByColumn)!;

    internal Transfer ToTransfer() =>
        new()
        {
            TransferId = TransferId,
            ItemId = ItemId,
            Sku = Sku,
            FromWarehouseId = FromWarehouseId,
            FromWarehouse = FromWarehouse,
            ToWarehouseId = ToWarehouseId,
            ToWarehouse = ToWarehouse,
            State = (TransferState)State,
            Quantity = Quantity,
            Received = Received,
            Lost = Lost,
            Returned = Returned,
            Version = Version,
            Caller = Caller,
            RequestId = RequestId,
            Reason = Reason,
            CreatedAt = CreatedAt.ToUniversalTime(),
            ShippedAt = ShippedAt?.ToUniversalTime(),
            EndedAt = EndedAt?.ToUniversalTime(),
        };
}
