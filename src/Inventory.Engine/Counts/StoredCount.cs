using System.Text.Json;

namespace Inventory.Engine.Counts;

/// <summary>A count as the table has it, and as a stored answer holds it: in JSON, by the columns' names.</summary>
internal sealed record StoredCount
{
    internal static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public Guid CountId { get; init; }

    public int WarehouseId { get; init; }

    public string Warehouse { get; init; } = "";

    public int State { get; init; }

    public bool Whole { get; init; }

    public bool Blind { get; init; }

    public long Version { get; init; }

    public string Caller { get; init; } = "";

    public string RequestId { get; init; } = "";

    public string? Reason { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? EndedAt { get; init; }

    internal static StockCount Parse(string answer) =>
        JsonSerializer.Deserialize<StoredCount>(answer, ByColumn)!.ToCount();

    internal StockCount ToCount() =>
        new()
        {
            CountId = CountId,
            WarehouseId = WarehouseId,
            Warehouse = Warehouse,
            State = (CountState)State,
            Whole = Whole,
            Blind = Blind,
            Version = Version,
            Caller = Caller,
            RequestId = RequestId,
            Reason = Reason,
            CreatedAt = CreatedAt.ToUniversalTime(),
            EndedAt = EndedAt?.ToUniversalTime(),
        };
}
