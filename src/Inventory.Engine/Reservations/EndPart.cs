using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Ends holds in part: confirms some lines and keeps or releases the rest, or releases some lines and keeps the rest.
/// Also takes a lapsed hold again to confirm it, if its stock is still there. Once a request id. The whole end of a
/// hold is <see cref="EndReservations"/>, which is the hot one.
/// </summary>
public sealed class EndPart : IAsyncDisposable
{
    private readonly StockDirectory directory;
    private readonly CommittedLevels committed;
    private readonly ExpireHolds expiry;
    private readonly Coalescer<Attempt, Judged> lanes;

    /// <summary>Starts the lanes.</summary>
    public EndPart(Cell cell, StockDirectory directory, CommittedLevels committed, ExpireHolds expiry)
    {
        this.directory = directory;
        this.committed = committed;
        this.expiry = expiry;
        // One at a time: each is planned from its reservation as it is, which no statement for many could do as simply.
        var options = new CoalescerOptions { Operation = "reservations.end_part", BatchSizeMax = 1 };
        lanes = new(cell, options, new(EndOutcome.Overloaded, null), ExecuteAsync);
    }

    private sealed record Attempt(EndPartRequest Request, IReadOnlyList<ReserveLine> Lines);

    private readonly record struct Judged(
        EndOutcome Outcome,
        ReservationRow? Row,
        IReadOnlyList<PartRefusal>? Refusals = null
    );

    /// <summary>Ends a part of a hold.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Lets the caller leave; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async ValueTask<EndAnswer> ExecuteAsync(EndPartRequest request, CancellationToken cancellation)
    {
        var lines = await LineNames.ResolveAsync(directory, request.Lines, cancellation);
        var judged = await lanes.SubmitAsync(new(request, lines), cancellation);
        if (judged.Row is not { } row)
        {
            return new(judged.Outcome, null);
        }

        var owners = await directory.DescribeAsync(row.StockIds, cancellation);
        return new(judged.Outcome, row.ToReservation(owners), judged.Refusals);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lanes.DisposeAsync();

    /// <summary>
    /// One look and one try. What has changed in between, or had to wait for due holds, stays for the next batch.
    /// </summary>
    private async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Pending<Attempt, Judged>> batch)
    {
        var pending = batch[0];
        var (request, lines) = pending.Request;
        var row = await PartStatement.LookAsync(connection, request.Keys, request.ReservationId);
        if (Decide(request, row) is { } decided)
        {
            pending.Settle(decided);
            return;
        }

        var owners = await directory.DescribeAsync(row.StockIds, CancellationToken.None);
        var refusals = new List<PartRefusal>();
        if (PartPlan.Make(request, lines, row, owners, refusals) is not { } plan)
        {
            pending.Settle(new(EndOutcome.MoreThanHeld, row.Shown(), refusals));
            return;
        }

        var result = await PartStatement.ActAsync(connection, request, row, plan);
        if (result.Done)
        {
            committed.Publish(result.Levels());
            pending.Settle(new(EndOutcome.Ended, plan.Applied(result.Now)));
        }
        else if (result.Same && result.Refusal is { } refusal)
        {
            if (result.OthersDue == true)
            {
                await expiry.EndDueAsync(result.ShortStockIds!, CancellationToken.None);
                return;
            }

            pending.Settle(new((EndOutcome)refusal, row.Shown(), plan.Short(result, owners)));
        }
    }

    /// <summary>
    /// What needs no stock to be judged, in the order of judgement; none if the part is to be planned.
    /// </summary>
    private static Judged? Decide(EndPartRequest request, PartRow row)
    {
        if (row.Seen is { } seen)
        {
            return seen == request.Fingerprint()
                ? new(EndOutcome.Replayed, row.Shown())
                : new(EndOutcome.RequestIdReused, null);
        }

        if (row.ReservationId == Guid.Empty)
        {
            return new(EndOutcome.NotFound, null);
        }

        if (row.Live || (row.IsLapsed && request.Reacquires && request.Target == ReservationState.Confirmed))
        {
            return null;
        }

        return new(
            request.Lines.Count == 0 && row.State == (short)request.Target ? EndOutcome.Replayed
                : row.IsLapsed ? EndOutcome.Expired
                : EndOutcome.OtherState,
            row.Shown()
        );
    }
}
