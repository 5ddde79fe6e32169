using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// What a part of a hold comes to, line by line, as the reservation stood when it was read. The statement carries it
/// out only if the reservation still stands so.
/// </summary>
internal sealed class PartPlan
{
    private readonly PartRow row;
    private readonly long[] taken;

    private PartPlan(PartRow row, long[] taken)
    {
        this.row = row;
        this.taken = taken;
    }

    /// <summary>The state after it.</summary>
    internal required ReservationState State { get; init; }

    /// <summary>What is still held of each line; none where the whole says it.</summary>
    internal required long[]? Held { get; init; }

    /// <summary>What is confirmed of each line; likewise.</summary>
    internal required long[]? Confirmed { get; init; }

    /// <summary>Changes of stock, one element a stock row that changes.</summary>
    internal required IReadOnlyList<PartMove> Moves { get; init; }

    /// <summary>A lapsed hold is taken again: its stock is judged like that of a new one.</summary>
    internal bool IsLate => !row.Live;

    internal bool Ends => State != ReservationState.Held;

    /// <summary>
    /// Plans it: lines that name their warehouse first, then those that take what the others left.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="lines">Its lines by SKU and warehouse code.</param>
    /// <param name="row">The reservation; held, or lapsed and to be taken again.</param>
    /// <param name="owners">Of its stock rows.</param>
    /// <param name="refusals">Filled where a line asks for more than is held.</param>
    internal static PartPlan? Make(
        EndPartRequest request,
        IReadOnlyList<ReserveLine> lines,
        PartRow row,
        IReadOnlyDictionary<long, StockOwner> owners,
        List<PartRefusal> refusals
    )
    {
        var shares = new LineShares([.. row.StockIds.Select(id => owners[id])], i => row.HeldOf(i));
        var taken = lines.Count == 0 ? shares.TakeAll() : shares.Take(lines, refusals);
        if (refusals.Count > 0)
        {
            return null;
        }

        var whole = lines.Count == 0;
        return request.Target == ReservationState.Confirmed
            ? Confirm(row, taken, keeps: request.KeepsRemainder && row.Live, whole)
            : Release(row, taken, request.Target);
    }

    private static PartPlan Confirm(PartRow row, long[] taken, bool keeps, bool whole)
    {
        var left = row.StockIds.Select((_, i) => keeps ? row.HeldOf(i) - taken[i] : 0).ToArray();
        return new PartPlan(row, taken)
        {
            State = left.Any(q => q > 0) ? ReservationState.Held : ReservationState.Confirmed,
            // The end of the whole needs no amounts of its own: the state says that what was held is sold.
            Held = whole ? row.Held : left,
            Confirmed = whole ? row.Confirmed : [.. taken.Select((q, i) => row.ConfirmedOf(i) + q)],
            Moves =
            [
                .. row
                    .StockIds.Select(
                        (id, i) =>
                            new PartMove(
                                id,
                                OnHand: -taken[i],
                                Reserved: row.IsReserved ? left[i] - row.HeldOf(i) : 0,
                                Kind: taken[i] == 0 ? GivenBack(row)
                                    : row.Live ? JournalKind.Confirmed
                                    : JournalKind.Reacquired
                            )
                    )
                    .Where(m => m.OnHand != 0 || m.Reserved != 0),
            ],
        };
    }

    private static PartPlan Release(PartRow row, long[] taken, ReservationState target)
    {
        var left = row.StockIds.Select((_, i) => row.HeldOf(i) - taken[i]).ToArray();
        return new PartPlan(row, taken)
        {
            State = left.Any(q => q > 0) ? ReservationState.Held : target,
            Held = left,
            Confirmed = [.. row.StockIds.Select((_, i) => row.ConfirmedOf(i))],
            Moves =
            [
                .. row
                    .StockIds.Select((id, i) => new PartMove(id, 0, -taken[i], JournalKind.Released))
                    .Where(m => m.Reserved != 0),
            ],
        };
    }

    private static JournalKind GivenBack(PartRow row) => row.Live ? JournalKind.Released : JournalKind.Expired;

    /// <summary>The reservation as it is once the plan is carried out.</summary>
    internal PartRow Applied(DateTime now)
    {
        row.State = (short)State;
        row.Held = Held;
        row.Confirmed = Confirmed;
        row.EndedAt = Ends ? now : row.EndedAt;
        row.Version++;
        return row;
    }

    /// <summary>The lines whose rows don't have what is to be taken again.</summary>
    internal IReadOnlyList<PartRefusal> Short(PartResult result, IReadOnlyDictionary<long, StockOwner> owners) =>
        [
            .. result.ShortStockIds!.Select(
                (id, i) =>
                    new PartRefusal(
                        owners[id].Sku,
                        owners[id].Warehouse,
                        taken[Array.IndexOf(row.StockIds, id)],
                        Math.Max(0, result.ShortAvailable![i])
                    )
            ),
        ];
}

/// <summary>A change of one stock row.</summary>
/// <param name="StockId">The row.</param>
/// <param name="OnHand">Added to on hand.</param>
/// <param name="Reserved">Added to reserved.</param>
/// <param name="Kind">What the journal calls it.</param>
internal readonly record struct PartMove(long StockId, long OnHand, long Reserved, JournalKind Kind);
