using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations.Waiting;

/// <summary>What an attempt waits for, and what it is to claim behind those who wait already.</summary>
/// <param name="Lines">One for each demand.</param>
/// <param name="Claims">By what the proof found.</param>
internal sealed record WaitProposal(IReadOnlyList<WaitingLine> Lines, IReadOnlyList<WaitingClaim> Claims)
{
    internal static WaitProposal Of(ReserveAttempt attempt, RefusalProof proof, WarehouseList warehouses)
    {
        var lines = attempt
            .Demands.OrderBy(d => d.IsAnywhere)
            .Select(
                (d, at) =>
                    new WaitingLine(
                        Place: 0,
                        (short)(at + 1),
                        d.Item!.ItemId,
                        d.Warehouse?.WarehouseId,
                        attempt.Request.Source,
                        d.Wanted(amounts: null)
                    )
            )
            .ToList();
        var items = lines.Select(l => l.ItemId).ToHashSet();
        var rows = proof
            .Rows.Values.Where(r => items.Contains(r.ItemId))
            .OrderBy(r => warehouses.Rank(r.Keys.WarehouseId))
            .Select(r => new WaitingRow(
                r.Keys.StockId,
                r.ItemId,
                r.Keys.WarehouseId,
                r.Closed == RowClosed.No,
                r.Available
            ))
            .ToList();
        return new(lines, ShareOut.Among(rows, lines));
    }
}
