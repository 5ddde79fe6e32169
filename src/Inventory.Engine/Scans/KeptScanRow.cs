using Inventory.Engine.Stock;

namespace Inventory.Engine.Scans;

/// <summary>A scan as the table has it.</summary>
internal sealed class KeptScanRow
{
    public Guid ScanId { get; init; }

    public DateTime ReceivedAt { get; init; }

    public DateTime? ScannedAt { get; init; }

    public long Sequence { get; init; }

    public long Quantity { get; init; }

    public long? Available { get; init; }

    public DateTime? SettledAt { get; init; }

    public int Meaning { get; init; }

    public int StockState { get; init; }

    public int State { get; init; }

    public int? Problem { get; init; }

    public string DeviceId { get; init; } = "";

    public string Caller { get; init; } = "";

    public string Identifier { get; init; } = "";

    public string? Gtin { get; init; }

    public string? Tag { get; init; }

    public string Warehouse { get; init; } = "";

    public string? ToWarehouse { get; init; }

    public string? Reason { get; init; }

    public string? Reference { get; init; }

    public string? Detail { get; init; }

    public string? SettledBy { get; init; }

    public string? Note { get; init; }

    public string? Sku { get; init; }

    internal KeptScan ToScan() =>
        new()
        {
            ScanId = ScanId,
            ReceivedAt = ReceivedAt,
            Scan = ToNew(),
            Caller = Caller,
            State = (ScanState)State,
            Problem = (ScanProblem?)Problem,
            Detail = Detail,
            Available = Available,
            Sku = Sku,
            SettledAt = SettledAt,
            SettledBy = SettledBy,
            Note = Note,
        };

    private NewScan ToNew() =>
        new()
        {
            DeviceId = DeviceId,
            Sequence = Sequence,
            ScannedAt = ScannedAt,
            Identifier = Identifier,
            Gtin = Gtin,
            Tag = Tag,
            Quantity = Quantity,
            Warehouse = Warehouse,
            ToWarehouse = ToWarehouse,
            Meaning = Meaning == 0 ? null : (ScanMeaning)Meaning,
            State = (StockState)StockState,
            Reason = Reason,
            Reference = Reference,
            // What was wrong with the scan itself stays wrong; what the tables lacked may be there by now.
            Flaw = (ScanProblem?)Problem
                is { } problem
                    and (ScanProblem.FieldInvalid or ScanProblem.IdentifierMalformed)
                ? new(problem, Detail)
                : null,
        };
}
