namespace Inventory.Faults.Histories;

/// <summary>What a caller asked of the system.</summary>
public abstract record Ask;

/// <summary>To hold stock.</summary>
public sealed record ReserveAsk(string Caller, string RequestId, TimeSpan Hold, params IReadOnlyList<AskLine> Lines)
    : Ask
{
    /// <summary>Whether the other asks for the same, however its lines stand.</summary>
    public bool IsSameAs(ReserveAsk other) => Hold == other.Hold && Sums(this).SetEquals(Sums(other));

    public override string ToString() => $"reserve {RequestId} {string.Join(", ", Lines)} for {Hold}";

    private static HashSet<(string, string?, long)> Sums(ReserveAsk ask) =>
        [
            .. ask
                .Lines.GroupBy(line => (line.Sku, line.Warehouse))
                .Select(lines => (lines.Key.Sku, lines.Key.Warehouse, lines.Sum(line => line.Quantity))),
        ];
}

/// <summary>One line; without a warehouse, from any.</summary>
public sealed record AskLine(string Sku, long Quantity, string? Warehouse = null)
{
    public override string ToString() => $"{Quantity} {Sku}@{Warehouse ?? "any"}";
}

/// <summary>To end a hold: by its sale or without one.</summary>
public sealed record EndAsk(Guid ReservationId, ReservationEnd End) : Ask
{
    public override string ToString() => $"{End} {ReservationId}";
}

/// <summary>
/// To sell some of one item of a hold, or to give it back. What is left stays held; late, a lapsed hold is taken again
/// for it.
/// </summary>
public sealed record PartAsk(
    Guid ReservationId,
    string RequestId,
    string Sku,
    long Quantity,
    ReservationEnd End,
    bool IsLate = false
) : Ask
{
    public override string ToString() =>
        $"{End} {Quantity} {Sku} of {ReservationId} by {RequestId}{(IsLate ? ", late too" : "")}";
}

/// <summary>The numbers are those of the table's column <c>state</c>.</summary>
public enum ReservationEnd
{
    Confirmed = 3,
    Cancelled = 5,
    Failed = 6,
}

/// <summary>To hold for longer.</summary>
public sealed record ExtendAsk(Guid ReservationId, DateTimeOffset Until) : Ask;

/// <summary>To change what is on hand. Its id is the journal's reason, by which its effect is found.</summary>
public sealed record AdjustAsk(string RequestId, string Sku, string Warehouse, long Difference) : Ask
{
    public override string ToString() => $"adjust {RequestId} {Sku}@{Warehouse} by {Difference}";
}
