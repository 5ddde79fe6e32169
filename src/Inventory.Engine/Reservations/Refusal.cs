namespace Inventory.Engine.Reservations;

/// <summary>
/// Says why a proved refusal is one, in the order of judgement: unknown, discontinued, inactive, short.
/// </summary>
internal static class Refusal
{
    /// <summary>
    /// Whether an item has rows that the attempt did not know of, or has lost some that it knew, perhaps with the item
    /// itself: it is resolved and judged anew then.
    /// </summary>
    internal static bool MissesRows(ReserveAttempt attempt, RefusalProof proof) =>
        attempt.Demands.Any(d =>
            !d.IsUnknown
            && (
                Candidates(d, proof).Any(row => !d.Rows.Contains(row.Keys))
                || d.Rows.Any(row => !proof.Rows.ContainsKey(row.StockId))
            )
        );

    /// <summary>
    /// The refusal with every line that is in the way for the first reason in the order of judgement.
    /// </summary>
    internal static ReserveAnswer Of(ReserveAttempt attempt, RefusalProof proof)
    {
        var refusals = attempt.Demands.Select(d => Line(attempt, d, proof)).OfType<LineRefusal>().ToList();
        var first = refusals.Min(r => r.Outcome);
        return new(first, null, [.. refusals.Where(r => r.Outcome == first)]);
    }

    private static LineRefusal? Line(ReserveAttempt attempt, Demand demand, RefusalProof proof)
    {
        if (demand.IsUnknown)
        {
            return Because(demand.Item is null ? ReserveOutcome.SkuUnknown : ReserveOutcome.WarehouseUnknown, 0, null);
        }

        var rows = Candidates(demand, proof).ToList();
        if (rows.Exists(r => r.Closed == RowClosed.Discontinued))
        {
            return Because(ReserveOutcome.ItemDiscontinued, 0, null);
        }

        if (rows.Count > 0 && rows.TrueForAll(r => r.Closed == RowClosed.WarehouseInactive))
        {
            return Because(ReserveOutcome.WarehouseInactive, 0, null);
        }

        // Lines that name a warehouse draw on it first; a line that names none has what they leave.
        var available = rows.Sum(r => Math.Max(0, proof.Available(r.Keys.StockId)));
        var asked = attempt
            .Demands.Where(d => d.Item?.ItemId == demand.Item!.ItemId)
            .Where(d => demand.Warehouse is null || d.Warehouse?.WarehouseId == demand.Warehouse.WarehouseId)
            .Sum(d => d.Line.Quantity);
        return available < asked ? Because(ReserveOutcome.StockShort, available, rows.Min(r => r.LapsesAt)) : null;

        LineRefusal Because(ReserveOutcome outcome, long has, DateTime? lapsesAt) =>
            new(outcome, demand.Line.Sku, demand.Line.Warehouse, demand.Line.Quantity, has, lapsesAt);
    }

    private static IEnumerable<ProvenRow> Candidates(Demand demand, RefusalProof proof) =>
        proof.Rows.Values.Where(r =>
            r.ItemId == demand.Item!.ItemId
            && (demand.Warehouse is null || r.Keys.WarehouseId == demand.Warehouse.WarehouseId)
        );
}
