using Inventory.Engine.Database;
using Inventory.Engine.Reservations;

namespace Inventory.Engine.Returns;

/// <summary>A line whose names are resolved.</summary>
/// <param name="Asked">As asked, but by SKU and warehouse code.</param>
/// <param name="Item">None if it is not known any more.</param>
/// <param name="Warehouse">None if none is named, or it is not known.</param>
/// <param name="StockId">The row that takes it in; none if it is still to be begun, or is where it came from.</param>
internal readonly record struct ResolvedReturn(
    ReturnLine Asked,
    ItemRows? Item,
    WarehouseRow? Warehouse,
    long? StockId
);

/// <summary>
/// Which of a reservation's lines a return is counted against, and which stock rows take it in, as the reservation
/// stood when it was read.
/// </summary>
internal sealed class ReturnPlan
{
    private readonly ReservationRow row;
    private readonly IReadOnlyDictionary<long, StockOwner> owners;
    private readonly Dictionary<long, ReturnMove> moves = [];

    private ReturnPlan(ReservationRow row, IReadOnlyDictionary<long, StockOwner> owners)
    {
        this.row = row;
        this.owners = owners;
        Returned = [.. row.StockIds.Select((_, i) => row.ReturnedOf(i))];
    }

    /// <summary>What has come back of each line, this return included.</summary>
    internal long[] Returned { get; }

    /// <summary>One element a stock row, in their order.</summary>
    internal IReadOnlyList<ReturnMove> Moves => [.. moves.Values.OrderBy(m => m.StockId)];

    internal List<PartRefusal> Refusals { get; } = [];

    /// <summary>
    /// Plans it: lines that name a warehouse first, each counted against what that warehouse sold before the others.
    /// </summary>
    internal static ReturnPlan Make(
        IReadOnlyList<ResolvedReturn> lines,
        ReservationRow row,
        IReadOnlyDictionary<long, StockOwner> owners
    )
    {
        var plan = new ReturnPlan(row, owners);
        foreach (var line in lines.OrderBy(l => l.Asked.Warehouse is null))
        {
            plan.Add(line);
        }

        return plan;
    }

    private void Add(ResolvedReturn line)
    {
        var missing = line.Asked.Quantity;
        var sellers = Enumerable
            .Range(0, row.StockIds.Length)
            .Where(i => owners[row.StockIds[i]].Sku == line.Asked.Sku)
            .OrderBy(i => owners[row.StockIds[i]].Warehouse != line.Asked.Warehouse);
        foreach (var i in sellers)
        {
            var part = Math.Min(missing, row.SoldOf(i) - Returned[i]);
            if (part > 0)
            {
                missing -= part;
                Returned[i] += part;
                TakeIn(line.Asked.Warehouse is null ? row.StockIds[i] : line.StockId ?? 0, part, line.Asked.Condition);
            }
        }

        if (missing > 0)
        {
            Refusals.Add(new(line.Asked.Sku, line.Asked.Warehouse, line.Asked.Quantity, line.Asked.Quantity - missing));
        }
    }

    private void TakeIn(long stockId, long quantity, ReturnCondition condition)
    {
        var move = moves.GetValueOrDefault(stockId, new(stockId, 0, 0, 0));
        moves[stockId] = move with
        {
            OnHand = move.OnHand + quantity,
            Damaged = move.Damaged + (condition == ReturnCondition.Damaged ? quantity : 0),
            QualityControl = move.QualityControl + (condition == ReturnCondition.QualityControl ? quantity : 0),
        };
    }
}

/// <summary>What one stock row takes in: on hand in all, and what of it cannot be sold.</summary>
internal readonly record struct ReturnMove(long StockId, long OnHand, long Damaged, long QualityControl);
