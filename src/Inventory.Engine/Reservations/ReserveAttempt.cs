using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// A request on its way: its identity, its demands, and the allocation that the next statement is to judge.
/// </summary>
internal sealed class ReserveAttempt
{
    private readonly Demand[] demands;
    private readonly WarehouseList warehouses;
    private long[]? amounts;

    /// <param name="request">As asked.</param>
    /// <param name="lines">Its lines, summed.</param>
    /// <param name="demands">What they need, those of one line beside each other.</param>
    /// <param name="warehouses">In the order of their priority.</param>
    internal ReserveAttempt(
        ReserveRequest request,
        IReadOnlyList<ReserveLine> lines,
        Demand[] demands,
        WarehouseList warehouses
    )
    {
        Request = request;
        Lines = lines;
        this.demands = demands;
        this.warehouses = warehouses;
        Id = ReservationKey.Id(request.Caller, request.RequestId);
        Fingerprint = ReservationKey.Fingerprint(request, lines);
        if (HasUnknown)
        {
            return;
        }

        if (request.Source != ReserveSource.HighestStock || TryGetOnlyRow(out _, out _))
        {
            Propose(Unlimited.Instance);
        }
        else
        {
            LooksFirst = Array.TrueForAll(demands, d => d.Rows.Length > 0 && !d.IsClosed);
        }
    }

    internal ReserveRequest Request { get; }

    /// <summary>Lines of one SKU and warehouse summed, in the order of their names.</summary>
    internal IReadOnlyList<ReserveLine> Lines { get; }

    internal IReadOnlyList<Demand> Demands => demands;

    internal Guid Id { get; }

    internal long Fingerprint { get; }

    /// <summary>What is to be taken from where: one element a stock row. Empty if a line is not known.</summary>
    internal (long StockId, long Quantity)[] Proposal { get; private set; } = [];

    /// <summary>
    /// Goes into its first batch without a proposal: where there is the most is known only when the statement has seen
    /// the rows.
    /// </summary>
    internal bool LooksFirst { get; }

    /// <summary>
    /// It fits alone but not behind those before it, so the next batch judges it after those that fit.
    /// </summary>
    internal bool StandsBehind { get; set; }

    internal bool HasUnknown => Array.Exists(demands, d => d.IsUnknown);

    /// <summary>It is to hold less than was asked: that no more fits was proved.</summary>
    internal bool IsShort => amounts is not null;

    /// <summary>What is kept of it beside its allocation; none if its allocation says it all.</summary>
    internal ReserveTerms? Terms =>
        Request is { Source: ReserveSource.Priority, Fill: ReserveFill.AllOrNothing }
        && !Array.Exists(demands, d => d.Kit is not null)
            ? null
            : ReserveTerms.Of(this);

    /// <summary>How much of a line is to be held, in units of the line.</summary>
    internal long Amount(int line) => amounts?[line] ?? Lines[line].Quantity;

    /// <summary>
    /// Makes a proposal from what is thought to be available, for the amounts that are to be held: all that was asked,
    /// until less was proved.
    /// </summary>
    /// <returns>Whether there is one; if not, the proposal stays as it was.</returns>
    internal bool Propose(IShelf shelf)
    {
        if (TryGetOnlyRow(out var stockId, out var quantity))
        {
            if (shelf.Available(stockId) < quantity)
            {
                return false;
            }

            if (Proposal.Length == 0 || Proposal[0].Quantity != quantity)
            {
                Proposal = [(stockId, quantity)];
            }

            return true;
        }

        if (Allocate.From(demands, amounts, Request.Source, warehouses, shelf) is not { } taken)
        {
            return false;
        }

        Proposal = taken;
        return true;
    }

    /// <summary>
    /// Sets how much is to be held of each line by what is proved to be there, due holds counted, and makes a proposal
    /// for it. Nothing else makes the amounts smaller: a statement that finds too little may not have met due holds.
    /// </summary>
    /// <returns>Whether anything is to be held; if not, the request is refused.</returns>
    internal bool Aim(IShelf proved)
    {
        if (Request.Fill != ReserveFill.AllOrNothing)
        {
            if (LineAmounts.Find(demands, Request.Fill, proved) is not { } found)
            {
                return false;
            }

            amounts = Lines.Select((line, i) => line.Quantity == found[i]).All(whole => whole) ? null : found;
        }

        return Propose(proved);
    }

    /// <summary>
    /// Proposes where it waits: each line, whole, at the first of its rows that serves new holds. One row, so that its
    /// place there is one place, and what it is to get is taken nowhere else.
    /// </summary>
    /// <returns>Whether there is such a row for each line.</returns>
    internal bool TryWait(RefusalProof proof)
    {
        var taken = new SortedDictionary<long, long>();
        foreach (var demand in demands)
        {
            var row = Array.FindIndex(
                demand.Rows,
                r => proof.Rows.TryGetValue(r.StockId, out var known) && known.Closed == RowClosed.No
            );
            if (row < 0 || demand.IsClosed || demand.IsUnknown)
            {
                return false;
            }

            var stockId = demand.Rows[row].StockId;
            taken[stockId] = taken.GetValueOrDefault(stockId) + demand.Wanted(amounts: null);
        }

        Proposal = [.. taken.Select(t => (t.Key, t.Value))];
        return true;
    }

    /// <summary>
    /// Whether all that was asked would fit. The proposal stays as it was: what is remembered of a shelf must not
    /// choose the warehouse.
    /// </summary>
    internal bool CouldFit(IShelf shelf) =>
        TryGetOnlyRow(out var stockId, out var quantity)
            ? shelf.Available(stockId) >= quantity
            : Allocate.From(demands, amounts, ReserveSource.Priority, warehouses, shelf) is not null;

    /// <summary>The common case: one line, one row, one possible proposal.</summary>
    private bool TryGetOnlyRow(out long stockId, out long quantity)
    {
        var isOnly = demands is [{ Rows.Length: 1, IsUnknown: false, IsClosed: false }];
        (stockId, quantity) = isOnly ? (demands[0].Rows[0].StockId, demands[0].Wanted(amounts)) : (0, 0);
        return isOnly;
    }

    private sealed class Unlimited : IShelf
    {
        internal static readonly Unlimited Instance = new();

        public long Available(long stockId) => long.MaxValue / 2;
    }
}
