using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Puts each line beside the warehouses that have its item, and says why each is drawn on or passed over.
/// </summary>
internal static class ExplainLines
{
    /// <summary>Of a request that is judged: what its proposal draws, or would have drawn.</summary>
    /// <param name="attempt">With its proposal, if it would be held.</param>
    /// <param name="refused">If it would not.</param>
    /// <param name="stock">All rows of its items, by priority.</param>
    internal static ExplainedLine[] Of(ReserveAttempt attempt, ReserveAnswer? refused, List<ExplainedStock> stock)
    {
        var left = refused is null ? attempt.Proposal.ToDictionary(p => p.StockId, p => p.Quantity) : [];
        var drawn = new Dictionary<Demand, Dictionary<long, long>>();
        foreach (var demand in attempt.Demands.OrderBy(d => d.IsAnywhere))
        {
            drawn[demand] = Share(demand, attempt.Amount(demand.LineAt), left);
        }

        return [.. attempt.Demands.GroupBy(d => d.LineAt).Select(l => Line([.. l]))];

        ExplainedLine Line(Demand[] parts)
        {
            var d = parts[0];
            return new(
                (d.Kit ?? d.Item)?.Sku ?? d.Line.Sku,
                d.Line.Warehouse is null ? null : d.Warehouse?.Code ?? d.Line.Warehouse,
                d.Line.Quantity,
                refused is null ? attempt.Amount(d.LineAt) : 0,
                refused?.Refusals.FirstOrDefault(r => r.Sku == d.Line.Sku && r.Warehouse == d.Line.Warehouse)?.Outcome,
                [
                    .. parts.SelectMany(p =>
                        Sources(stock.Where(s => s.ItemId == p.Item?.ItemId), p.Warehouse?.Code, drawn[p])
                    ),
                ]
            );
        }
    }

    /// <summary>Of a reservation that is there: what it has drawn, beside what the warehouses have now.</summary>
    internal static ExplainedLine[] Of(Reservation reservation, List<ExplainedStock> stock)
    {
        var lines =
            reservation.Lines
            ??
            [
                .. reservation
                    .Allocations.GroupBy(a => a.Sku)
                    .Select(g => new ReservationLine(g.Key, g.Sum(a => a.Quantity), 0, [.. g])),
            ];
        return
        [
            .. lines.Select(l => new ExplainedLine(
                l.Sku,
                null,
                l.Quantity,
                l.Quantity - l.ShortQuantity,
                null,
                [.. l.Allocations.Select(a => a.Sku).Append(l.Sku).Distinct().SelectMany(sku => Drawn(l, sku, stock))]
            )),
        ];
    }

    /// <summary>What a line has drawn of one SKU: its own, or that of a part.</summary>
    private static ExplainedSource[] Drawn(ReservationLine line, string sku, List<ExplainedStock> stock)
    {
        var rows = stock.FindAll(s => s.Sku == sku);
        var drawn = rows.ToDictionary(
            s => s.StockId,
            s => line.Allocations.Where(a => a.Sku == sku && a.Warehouse == s.Warehouse).Sum(a => a.Quantity)
        );
        return Sources(rows, null, drawn);
    }

    // Lines that name their warehouse have it for themselves first, as they had when the proposal was made.
    private static Dictionary<long, long> Share(Demand demand, long amount, Dictionary<long, long> left)
    {
        var drawn = new Dictionary<long, long>();
        var missing = amount * demand.Each;
        foreach (var row in demand.Rows)
        {
            var part = Math.Min(missing, left.GetValueOrDefault(row.StockId));
            if (part > 0)
            {
                missing -= part;
                left[row.StockId] -= part;
                drawn[row.StockId] = part;
            }
        }

        return drawn;
    }

    private static ExplainedSource[] Sources(
        IEnumerable<ExplainedStock> stock,
        string? named,
        Dictionary<long, long> drawn
    )
    {
        var isHeld = drawn.Values.Any(q => q > 0);
        return
        [
            .. stock.Select(s =>
            {
                var quantity = drawn.GetValueOrDefault(s.StockId);
                return new ExplainedSource(s, quantity, Choice(s, named, quantity, isHeld));
            }),
        ];
    }

    private static SourceChoice Choice(ExplainedStock stock, string? named, long quantity, bool isHeld) =>
        quantity > 0 ? SourceChoice.Drawn
        : named is not null && named != stock.Warehouse ? SourceChoice.OtherNamed
        : stock.Discontinued ? SourceChoice.ItemDiscontinued
        : !stock.Active ? SourceChoice.WarehouseInactive
        : stock.Sellable == 0 ? SourceChoice.Empty
        : isHeld ? SourceChoice.NotNeeded
        : SourceChoice.TooLittle;
}
