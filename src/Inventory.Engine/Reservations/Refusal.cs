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

    /// <summary>Whether goods are there of which it is not known yet whether those who wait take them.</summary>
    internal static bool IsUnsettled(ReserveAttempt attempt, RefusalProof proof) =>
        attempt.Demands.Any(d => d.Rows.Any(r => proof.Rows.TryGetValue(r.StockId, out var row) && row.Unsettled));

    /// <summary>
    /// The refusal with every line that is in the way for the first reason in the order of judgement.
    /// </summary>
    internal static ReserveAnswer Of(ReserveAttempt attempt, RefusalProof proof)
    {
        var fill = attempt.Request.Fill;
        var refusals = Lines(attempt, proof, d => LineAmounts.Least(d.Line, fill));
        if (refusals.Count == 0)
        {
            // No line insists, and nothing of any line is there.
            refusals = Lines(attempt, proof, d => fill == ReserveFill.WholeLines ? d.Line.Quantity : 1);
        }

        var first = refusals.Min(r => r.Outcome);
        return new(first, null, [.. refusals.Where(r => r.Outcome == first)]);
    }

    // A storm on a sold-out row runs through here for each of its callers, so it gathers nothing: what one line needs
    // stands beside each other. Of a kit's parts the first reason counts, and the part that allows the fewest.
    private static List<LineRefusal> Lines(ReserveAttempt attempt, RefusalProof proof, Func<Demand, long> least)
    {
        var refusals = new List<LineRefusal>(1);
        var refused = -1;
        foreach (var demand in attempt.Demands)
        {
            if ((!demand.IsUnknown && least(demand) <= 0) || Part(attempt, demand, proof, least) is not { } part)
            {
                continue;
            }

            if (demand.LineAt != refused)
            {
                refused = demand.LineAt;
                refusals.Add(part);
            }
            else if ((part.Outcome, part.Available).CompareTo((refusals[^1].Outcome, refusals[^1].Available)) < 0)
            {
                refusals[^1] = part;
            }
        }

        return refusals;
    }

    private static LineRefusal? Part(
        ReserveAttempt attempt,
        Demand demand,
        RefusalProof proof,
        Func<Demand, long> least
    )
    {
        if (demand.IsUnknown)
        {
            return Because(demand.Item is null ? ReserveOutcome.SkuUnknown : ReserveOutcome.WarehouseUnknown, 0, null);
        }

        var rows = Candidates(demand, proof).ToList();
        if (demand.IsClosed || rows.Exists(r => r.Closed == RowClosed.Discontinued))
        {
            return Because(ReserveOutcome.ItemDiscontinued, 0, null);
        }

        if (rows.Count > 0 && rows.TrueForAll(r => r.Closed == RowClosed.WarehouseInactive))
        {
            return Because(ReserveOutcome.WarehouseInactive, 0, null);
        }

        var available = rows.Sum(r => Math.Max(0, proof.Available(r.Keys.StockId)));
        return available < Asked(attempt, demand, least)
            ? Because(ReserveOutcome.StockShort, available / demand.Each, rows.Min(r => r.LapsesAt))
            : null;

        LineRefusal Because(ReserveOutcome outcome, long has, DateTime? lapsesAt) =>
            new(outcome, demand.Line.Sku, demand.Line.Warehouse, demand.Line.Quantity, has, lapsesAt)
            {
                MinQuantity = demand.Line.MinQuantity,
            };
    }

    /// <summary>
    /// What must be there for a line. Lines that name a warehouse draw on it first; a line that names none has what
    /// they leave. Lines that may be left out do not stand in each other's way.
    /// </summary>
    private static long Asked(ReserveAttempt attempt, Demand demand, Func<Demand, long> least) =>
        attempt.Request.Fill == ReserveFill.WholeLines
            ? least(demand) * demand.Each
            : attempt
                .Demands.Where(d => d.Item?.ItemId == demand.Item!.ItemId)
                .Where(d => demand.Warehouse is null || d.Warehouse?.WarehouseId == demand.Warehouse.WarehouseId)
                .Sum(d => least(d) * d.Each);

    private static IEnumerable<ProvenRow> Candidates(Demand demand, RefusalProof proof) =>
        proof.Rows.Values.Where(r =>
            r.ItemId == demand.Item!.ItemId
            && (demand.Warehouse is null || r.Keys.WarehouseId == demand.Warehouse.WarehouseId)
        );
}
