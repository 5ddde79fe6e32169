using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>
/// Edits on hand for people and documents: adds, removes, adjusts, sets; and moves it between states. Never below what
/// is reserved, damaged and in quality control; once a request id; each with a journal row. Edits that arrive together
/// are made by one statement.
/// </summary>
public sealed class EditStock : IAsyncDisposable
{
    private readonly Cell cell;
    private readonly StockDirectory directory;
    private readonly CommittedLevels committed;
    private readonly OpenStock open;
    private readonly Coalescer<Attempt, Judged> lanes;

    /// <summary>Starts the lanes.</summary>
    public EditStock(
        Cell cell,
        StockDirectory directory,
        CommittedLevels committed,
        OpenStock open,
        CoalescerOptions? options = null
    )
    {
        this.cell = cell;
        this.directory = directory;
        this.committed = committed;
        this.open = open;
        options ??= new CoalescerOptions { Operation = "stock.edit" };
        lanes = new(cell, options, new(EditOutcome.Overloaded, null), ExecuteAsync);
    }

    private readonly record struct Judged(EditOutcome Outcome, StockAmounts? Stock);

    private sealed record Attempt(StockEdit Edit, Guid Key, long Fingerprint, long? StockId);

    /// <summary>Makes an edit, once: the same caller, request id and content learn the same answer again.</summary>
    /// <param name="edit">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Lets the caller leave; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async ValueTask<EditAnswer> ExecuteAsync(StockEdit edit, CancellationToken cancellation)
    {
        var target = await ResolvedTarget.FindAsync(edit.Target, cell, directory, cancellation);
        var key = RequestKey.Id(edit.Caller, edit.RequestId);
        var attempt = new Attempt(edit, key, edit.Fingerprint(), target.StockId);
        var judged = await lanes.SubmitAsync(attempt, cancellation);
        if (judged.Outcome == EditOutcome.StockUnknown && edit.Target.StockId is null && target.StockId is not null)
        {
            // The row that was remembered is gone; another may have begun since.
            target = await target.ReadAgainAsync(directory, cancellation);
            judged = await lanes.SubmitAsync(attempt with { StockId = target.StockId }, cancellation);
        }

        if (judged.Outcome != EditOutcome.StockUnknown)
        {
            return await DescribeAsync(judged, cancellation);
        }

        return Unknown(edit.Target, target) is { } unknown ? new(unknown, null)
            : edit.MayOpen ? await OpenAsync(attempt, target, cancellation)
            : new(EditOutcome.StockUnknown, null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lanes.DisposeAsync();

    /// <summary>Why there is no row, and none can begin: a name is not known, or names a kit.</summary>
    private static EditOutcome? Unknown(StockTarget asked, ResolvedTarget target) =>
        asked.StockId is not null ? null
        : target.IsAmbiguous ? EditOutcome.SeveralVariants
        : target.Item is null ? EditOutcome.SkuUnknown
        : target.Warehouse is null ? EditOutcome.WarehouseUnknown
        : target.Item.IsKit ? EditOutcome.ItemIsKit
        : null;

    /// <summary>
    /// Begins the row only now: a replay, and a reuse of the request id, are known by the statement first.
    /// </summary>
    private async Task<EditAnswer> OpenAsync(Attempt attempt, ResolvedTarget target, CancellationToken cancellation)
    {
        var edit = attempt.Edit;
        var refusals = await open.ExecuteAsync(
            [(target.Item!, target.Warehouse!)],
            edit.Kind == EditKind.Add,
            edit.Caller,
            cancellation
        );
        if (refusals is [{ } refusal])
        {
            return new(refusal, null);
        }

        var opened = await ResolvedTarget.FindAsync(edit.Target, cell, directory, cancellation);
        return await DescribeAsync(
            await lanes.SubmitAsync(attempt with { StockId = opened.StockId }, cancellation),
            cancellation
        );
    }

    private async ValueTask<EditAnswer> DescribeAsync(Judged judged, CancellationToken cancellation)
    {
        if (judged.Stock is not { } stock)
        {
            return new(judged.Outcome, null);
        }

        var owners = await directory.DescribeAsync([stock.StockId], cancellation);
        return new(judged.Outcome, stock.ToRecord(owners[stock.StockId]));
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Pending<Attempt, Judged>> batch)
    {
        var chosen = Choose(batch);
        var rows = await EditStatement.ExecuteAsync(connection, Parameters([.. chosen.Select(p => p.Request)]));
        var judged = rows.Select(r => (chosen[r.Place - 1], Outcome: (EditOutcome)r.Outcome, Row: r)).ToList();
        committed.Publish([.. judged.Where(j => j.Outcome == EditOutcome.Edited).Select(j => Level(j.Row))]);
        foreach (var (pending, outcome, row) in judged)
        {
            pending.Settle(new(outcome, Stock(outcome, row)));
        }
    }

    /// <summary>
    /// Once a stock row and once a request; who comes behind is judged in the next batch, in order.
    /// </summary>
    private static List<Pending<Attempt, Judged>> Choose(IReadOnlyList<Pending<Attempt, Judged>> batch)
    {
        var keys = new HashSet<Guid>(batch.Count);
        var stockIds = new HashSet<long>(batch.Count);
        var chosen = new List<Pending<Attempt, Judged>>(batch.Count);
        foreach (var pending in batch)
        {
            var newKey = keys.Add(pending.Request.Key);
            var newRow = pending.Request.StockId is not { } stockId || stockIds.Add(stockId);
            if (newKey && newRow)
            {
                chosen.Add(pending);
            }
        }

        return chosen;
    }

    private static EditParameters Parameters(Attempt[] attempts) =>
        new()
        {
            StockIds = [.. attempts.Select(a => a.StockId).OfType<long>().Order()],
            Keys = [.. attempts.Select(a => a.Key)],
            Fingerprints = [.. attempts.Select(a => a.Fingerprint)],
            TargetIds = [.. attempts.Select(a => a.StockId)],
            Kinds = [.. attempts.Select(a => (short)a.Edit.Kind)],
            Amounts = [.. attempts.Select(a => a.Edit.Amount)],
            Damaged = [.. attempts.Select(a => a.Edit.Damaged)],
            QualityControl = [.. attempts.Select(a => a.Edit.QualityControl)],
            Expected = [.. attempts.Select(a => a.Edit.ExpectedRevision)],
            Actors = [.. attempts.Select(a => a.Edit.Caller.Name)],
            Origins = [.. attempts.Select(a => a.Edit.Caller.Origin)],
            Traces = [.. attempts.Select(a => a.Edit.Caller.Trace)],
            Reasons = [.. attempts.Select(a => a.Edit.JournalReason)],
        };

    private static StockAmounts? Stock(EditOutcome outcome, EditRow row)
    {
        if (outcome == EditOutcome.Replayed)
        {
            return StockAmounts.Parse(row.Answer!);
        }

        if (outcome == EditOutcome.RequestIdReused || row.StockId is not { } stockId)
        {
            return null;
        }

        var edited = outcome == EditOutcome.Edited;
        return new StockAmounts
        {
            StockId = stockId,
            OnHand = edited ? row.Wanted : row.OnHand,
            Reserved = row.Reserved,
            Damaged = edited ? row.DamagedWanted : row.Damaged,
            QualityControl = edited ? row.QualityControlWanted : row.QualityControl,
            InTransit = row.InTransit,
            SafetyStock = row.SafetyStock,
            Waiting = row.Waiting,
            Version = row.Version + (edited ? 1 : 0),
            Revision = row.Revision + (edited ? 1 : 0),
        };
    }

    private static StockLevel Level(EditRow row) =>
        new(
            row.StockId!.Value,
            row.ItemId,
            row.WarehouseId,
            row.Wanted,
            row.Reserved,
            row.Wanted - row.Reserved - row.DamagedWanted - row.QualityControlWanted - row.SafetyStock - row.Waiting,
            row.Version + 1
        );
}
