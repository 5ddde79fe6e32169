namespace Inventory.Faults.Checking;

/// <summary>The tables as one snapshot shows them.</summary>
public sealed record Tables(
    IReadOnlyList<StockRow> Stock,
    IReadOnlyList<ReservationRow> Reservations,
    IReadOnlyList<JournalRow> Journal
);

public sealed record StockRow(long StockId, string Sku, string Warehouse)
{
    public long OnHand { get; init; }

    public long Reserved { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public long Available { get; init; }

    public long Version { get; init; }

    public override string ToString() => $"stock {StockId} ({Sku}@{Warehouse})";
}

public sealed record ReservationRow(Guid ReservationId, string Caller, string RequestId)
{
    public const int Held = 2;
    public const int Confirmed = 3;
    public const int Fulfilled = 4;
    public const int Expired = 7;

    public int State { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime ExpiresAt { get; init; }

    public DateTime? EndedAt { get; init; }

    public IReadOnlyList<long> StockIds { get; init; } = [];

    public IReadOnlyList<long> Quantities { get; init; } = [];

    /// <summary>What is held of each line, or was when it ended, where that is not all; none: all.</summary>
    public IReadOnlyList<long>? HeldParts { get; init; }

    /// <summary>What was confirmed of each line before the end; none: nothing.</summary>
    public IReadOnlyList<long>? ConfirmedParts { get; init; }

    /// <summary>What has come back of each line; none: nothing.</summary>
    public IReadOnlyList<long>? Returned { get; init; }

    public IEnumerable<(long StockId, long Quantity)> Lines => StockIds.Zip(Quantities);

    /// <summary>What is reserved for it now.</summary>
    public IEnumerable<(long StockId, long Quantity)> Reserved =>
        State == Held ? StockIds.Zip(HeldParts ?? Quantities) : [];

    /// <summary>What of a line was sold.</summary>
    public long Sold(int line) =>
        (ConfirmedParts?[line] ?? 0) + (State is Confirmed or Fulfilled ? (HeldParts ?? Quantities)[line] : 0);

    public override string ToString() => $"reservation {RequestId} ({ReservationId}, state {State})";
}

/// <summary>A delta that is none is 0 here.</summary>
public sealed record JournalRow(long Position, long Xid, DateTime At, long StockId, long Version)
{
    public Guid? Document { get; init; }

    public long OnHand { get; init; }

    public long Reserved { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public string? Reason { get; init; }

    public override string ToString() => $"journal {Position} (stock {StockId} version {Version})";
}
