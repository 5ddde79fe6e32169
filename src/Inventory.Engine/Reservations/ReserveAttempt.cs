namespace Inventory.Engine.Reservations;

/// <summary>
/// A request on its way: its identity, its demands, and the allocation that the next statement is to judge.
/// </summary>
internal sealed class ReserveAttempt
{
    private readonly Demand[] demands;

    internal ReserveAttempt(ReserveRequest request, IReadOnlyList<ReserveLine> lines, Demand[] demands)
    {
        Request = request;
        this.demands = demands;
        Id = ReservationKey.Id(request.Caller, request.RequestId);
        Fingerprint = ReservationKey.Fingerprint(request, lines);
        Propose(Unlimited.Instance);
    }

    internal ReserveRequest Request { get; }

    internal IReadOnlyList<Demand> Demands => demands;

    internal Guid Id { get; }

    internal long Fingerprint { get; }

    /// <summary>What is to be taken from where: one element a stock row. Empty if a line is not known.</summary>
    internal (long StockId, long Quantity)[] Proposal { get; private set; } = [];

    /// <summary>
    /// It fits alone but not behind those before it, so the next batch judges it after those that fit.
    /// </summary>
    internal bool StandsBehind { get; set; }

    internal bool HasUnknown => Array.Exists(demands, d => d.IsUnknown);

    /// <summary>
    /// Makes a proposal from what is thought to be available, a warehouse of a higher priority first, lines that name
    /// their warehouse before lines that do not.
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

            if (Proposal.Length == 0)
            {
                Proposal = [(stockId, quantity)];
            }

            return true;
        }

        if (Allocate(shelf) is not { } taken)
        {
            return false;
        }

        Proposal = [.. taken];
        return true;
    }

    /// <summary>
    /// Whether there would be a proposal. It stays as it was: what is remembered of a shelf must not choose the
    /// warehouse.
    /// </summary>
    internal bool CouldFit(IShelf shelf) =>
        TryGetOnlyRow(out var stockId, out var quantity)
            ? shelf.Available(stockId) >= quantity
            : Allocate(shelf) is not null;

    /// <summary>The common case: one line, one row, one possible proposal.</summary>
    private bool TryGetOnlyRow(out long stockId, out long quantity)
    {
        var isOnly = demands is [{ Rows.Length: 1, IsUnknown: false }];
        (stockId, quantity) = isOnly ? (demands[0].Rows[0].StockId, demands[0].Line.Quantity) : (0, 0);
        return isOnly;
    }

    private List<(long StockId, long Quantity)>? Allocate(IShelf shelf)
    {
        var taken = new List<(long StockId, long Quantity)>(demands.Length);
        var fits =
            Array.TrueForAll(demands, d => d.Line.Warehouse is null || Take(d, shelf, taken))
            && Array.TrueForAll(demands, d => d.Line.Warehouse is not null || Take(d, shelf, taken));
        return fits ? taken : null;
    }

    private static bool Take(Demand demand, IShelf shelf, List<(long StockId, long Quantity)> taken)
    {
        var missing = demand.IsUnknown ? long.MaxValue : demand.Line.Quantity;
        foreach (var row in demand.IsUnknown ? [] : demand.Rows)
        {
            var at = taken.FindIndex(t => t.StockId == row.StockId);
            var left = shelf.Available(row.StockId) - (at < 0 ? 0 : taken[at].Quantity);
            var part = Math.Min(left, missing);
            if (part > 0)
            {
                missing -= part;
                if (at < 0)
                {
                    taken.Add((row.StockId, part));
                }
                else
                {
                    taken[at] = (row.StockId, taken[at].Quantity + part);
                }
            }
        }

        return missing == 0;
    }

    private sealed class Unlimited : IShelf
    {
        internal static readonly Unlimited Instance = new();

        public long Available(long stockId) => long.MaxValue / 2;
    }
}

/// <summary>What is thought to be available. Advice for a proposal; the statement decides.</summary>
internal interface IShelf
{
    /// <summary>How much could be held of a row; 0 or less if nothing.</summary>
    long Available(long stockId);
}
