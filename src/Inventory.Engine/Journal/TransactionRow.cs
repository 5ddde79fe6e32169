using Inventory.Engine.Database;

namespace Inventory.Engine.Journal;

/// <summary>A row of the journal that matches, and how far the walk has come.</summary>
internal sealed class TransactionRow
{
    /// <summary>How many rows were looked at.</summary>
    public int Scanned { get; init; }

    /// <summary>None at the end of all rows.</summary>
    public long? FloorPosition { get; init; }

    /// <summary>0: nothing matched.</summary>
    public long Position { get; init; }

    public DateTime At { get; init; }

    /// <summary>0: no stock moved.</summary>
    public long StockId { get; init; }

    public long Version { get; init; }

    public Guid? Document { get; init; }

    public long OnHand { get; init; }

    public long Reserved { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public long Waiting { get; init; }

    public short Kind { get; init; }

    public string Actor { get; init; } = "";

    public string? Reason { get; init; }

    public string? Scope { get; init; }

    public string? Address { get; init; }

    public Guid? Trace { get; init; }

    internal StockAmounts Amounts => new(OnHand, Reserved, Damaged, QualityControl, InTransit, SafetyStock, Waiting);

    internal Transaction ToTransaction(StockOwner? owner, StockAmounts? after) =>
        new()
        {
            Position = Position,
            At = At,
            StockId = StockId,
            Sku = owner?.Sku ?? "",
            Warehouse = owner?.Warehouse ?? "",
            Version = Version,
            Kind = (JournalKind)Kind,
            Actor = Actor,
            Reason = Reason,
            Scope = Scope,
            Address = Address,
            Trace = Trace,
            Document = Document,
            Change = Amounts,
            After = after,
        };
}

/// <summary>What a reservation says about where its changes are.</summary>
internal sealed class TransactionReservation
{
    public long[] StockIds { get; init; } = [];

    public DateTime CreatedAt { get; init; }

    /// <summary>None while more may follow.</summary>
    public DateTime? EndedAt { get; init; }
}

/// <summary>The parameters of the walks; each takes what it needs.</summary>
internal sealed record TransactionParameters
{
    /// <summary>The stock rows; none: all.</summary>
    public long[]? StockIds { get; init; }

    /// <summary>None if the stock rows are named.</summary>
    public int? WarehouseId { get; init; }

    public Guid? ReservationId { get; init; }

    /// <summary>The reservation, if all of it is asked for and not a part of its stock.</summary>
    public Guid? DocumentId { get; init; }

    public string? Actor { get; init; }

    public Guid? Trace { get; init; }

    /// <summary>No kind twice.</summary>
    public short[]? Kinds { get; init; }

    /// <summary>
    /// Whether all of them are kinds that neither sales nor scans write: those that <c>journal_rare_kind</c> has.
    /// </summary>
    public bool Rare => Kinds is { Length: > 0 } && Array.TrueForAll(Kinds, k => k is > 6 and (< 80 or > 85));

    public DateTime From { get; init; }

    public DateTime Before { get; init; }

    public long Position { get; init; }

    public int Scan { get; init; }
}
