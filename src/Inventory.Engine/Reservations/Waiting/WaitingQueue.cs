namespace Inventory.Engine.Reservations.Waiting;

/// <summary>An item's rows, the lines that wait for it and their claims, as one snapshot shows them.</summary>
internal sealed class WaitingQueue
{
    public long Turn { get; init; }

    /// <summary>In the order of the warehouses' priority.</summary>
    public long[]? StockIds { get; init; }

    public int[]? WarehouseIds { get; init; }

    public bool[]? Open { get; init; }

    public long[]? Free { get; init; }

    /// <summary>First come first.</summary>
    public long[]? LinePlaces { get; init; }

    public short[]? Lines { get; init; }

    /// <summary>0 where a line names none.</summary>
    public int[]? LineWarehouseIds { get; init; }

    public short[]? Sources { get; init; }

    public long[]? LineQuantities { get; init; }

    public long[]? ClaimPlaces { get; init; }

    public short[]? ClaimLines { get; init; }

    public long[]? ClaimStockIds { get; init; }

    public long[]? Assigned { get; init; }

    public long[]? Claimed { get; init; }

    internal List<WaitingRow> Rows(long itemId) =>
        [.. (StockIds ?? []).Select((id, i) => new WaitingRow(id, itemId, WarehouseIds![i], Open![i], Free![i]))];

    internal IEnumerable<WaitingLine> WaitingLines(long itemId) =>
        (LinePlaces ?? []).Select(
            (place, i) =>
                new WaitingLine(
                    place,
                    Lines![i],
                    itemId,
                    LineWarehouseIds![i] is var named && named != 0 ? named : null,
                    (ReserveSource)Sources![i],
                    LineQuantities![i]
                )
        );

    /// <summary>What must change for the claims to be these; those that are over have no quantity.</summary>
    internal List<WaitingClaim> ChangesTo(IEnumerable<WaitingClaim> claims)
    {
        var old = (ClaimPlaces ?? [])
            .Select((place, i) => new WaitingClaim(place, ClaimLines![i], ClaimStockIds![i], Assigned![i], Claimed![i]))
            .ToDictionary(c => (c.Place, c.Line, c.StockId));
        var changes = new List<WaitingClaim>();
        foreach (var claim in claims)
        {
            if (!old.Remove((claim.Place, claim.Line, claim.StockId), out var before) || before != claim)
            {
                changes.Add(claim);
            }
        }

        changes.AddRange(
            old.Values.Where(c => c.Quantity > 0).Select(gone => gone with { Assigned = 0, Quantity = 0 })
        );
        return changes;
    }
}
