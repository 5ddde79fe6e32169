using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>
/// Edits many stock rows in one call, by the rules of a single edit, once a request id. With <see
/// cref="BulkOnError.Abort"/> in one transaction; with <see cref="BulkOnError.Continue"/> in transactions of <see
/// cref="RowsPerTransaction"/> rows, each of which is found again by the same request: a call that broke off goes on
/// where it was.
/// </summary>
/// <remarks>
/// Rows of one stock are applied in their order. The rows of a transaction stay locked until its end: many thousand
/// of them, to be sold at the same time, are better continued than aborted.
/// </remarks>
public sealed class BulkEditStock : IDisposable
{
    /// <summary>The most rows of a call, unless said otherwise.</summary>
    public const int DefaultRowsMax = 100_000;

    /// <summary>The most refused rows that an answer lists, where it does not tell of every row.</summary>
    public const int ListedMax = 10_000;

    /// <summary>How many rows of a call that continues are applied, or not, together.</summary>
    public const int RowsPerTransaction = 1_000;

    private const int RunningMax = 2;
    private const int AttemptsMax = 5;
    private const int LevelsAtOnce = 1_000;

    private readonly Cell cell;
    private readonly StockDirectory directory;
    private readonly CommittedLevels committed;
    private readonly BulkRoom room;

    // The others wait: these calls may take seconds, and sales are to find connections and processors.
    private readonly SemaphoreSlim running = new(RunningMax);

    /// <param name="cell">Where the stock is.</param>
    /// <param name="directory">Who knows the names.</param>
    /// <param name="committed">Who is told what has changed.</param>
    /// <param name="rowsMax">The most rows of a call.</param>
    public BulkEditStock(Cell cell, StockDirectory directory, CommittedLevels committed, int rowsMax = DefaultRowsMax)
    {
        this.cell = cell;
        this.directory = directory;
        this.committed = committed;
        room = new(rowsMax);
    }

    /// <summary>The most rows of a call.</summary>
    public int RowsMax => room.RowsMax;

    /// <summary>Begins to gather a call's rows. Dispose of them when the call is over.</summary>
    public BulkLines Gather(BulkEdit call) => new(call, room, directory);

    /// <summary>Applies what was gathered, once.</summary>
    /// <param name="lines">All rows of the call.</param>
    /// <param name="cancellation">
    /// Ends it between statements; what was applied stays, and the same request finds it and goes on.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; how much was applied is unknown, and asking again with the same request id is safe.
    /// </exception>
    /// <exception cref="TimeoutException">Too many look-ups wait; likewise.</exception>
    public async Task<BulkAnswer> ExecuteAsync(BulkLines lines, CancellationToken cancellation)
    {
        if (lines.Refused is { } refused)
        {
            return new() { Outcome = refused };
        }

        await lines.ResolveAsync(cancellation);
        await running.WaitAsync(cancellation);
        try
        {
            return await RunAsync(lines, cancellation);
        }
        finally
        {
            running.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => running.Dispose();

    private async Task<BulkAnswer> RunAsync(BulkLines lines, CancellationToken cancellation)
    {
        var call = lines.Call;
        if (lines.JudgedOnly)
        {
            await using var connection = await cell.Bulk.OpenConnectionAsync(cancellation);
            var judged = await new BulkUnit(call, lines.All, 0).JudgeAsync(connection, cancellation);
            return await AnswerAsync(lines, [judged], cancellation);
        }

        if (call.OnError == BulkOnError.Abort)
        {
            return await AnswerAsync(lines, [await RunUnitAsync(lines, 0, lines.Count, cancellation)], cancellation);
        }

        var answers = new List<BulkUnitAnswer>();
        for (var first = 0; first < lines.Count; first += RowsPerTransaction)
        {
            var count = Math.Min(RowsPerTransaction, lines.Count - first);
            answers.Add(await RunUnitAsync(lines, first, count, cancellation));
            if (answers[^1].IsReused)
            {
                break;
            }
        }

        return await AnswerAsync(lines, answers, cancellation);
    }

    private async Task<BulkUnitAnswer> RunUnitAsync(
        BulkLines lines,
        int first,
        int count,
        CancellationToken cancellation
    )
    {
        var key = Key(lines.Call, first / RowsPerTransaction);
        for (var attempt = 1; ; attempt++)
        {
            var unit = new BulkUnit(lines.Call, lines.Slice(first, count), first);
            await using var connection = await cell.Bulk.OpenConnectionAsync(cancellation);
            try
            {
                if (await unit.RunAsync(connection, key, lines.Fingerprint, cancellation) is { } answer)
                {
                    await TellAsync(unit, lines);
                    return answer;
                }
            }
            catch (PostgresException e) when (IsLostRace(e) && attempt < AttemptsMax)
            {
                // It was rolled back whole; what it met is committed by now, or gone.
                continue;
            }

            if (attempt == AttemptsMax)
            {
                throw new TimeoutException("The rows kept changing under the call.");
            }
        }
    }

    /// <summary>The first transaction's key is the call's: other content is found there before all else.</summary>
    private static Guid Key(BulkEdit call, int unit)
    {
        if (unit == 0)
        {
            return RequestKey.Id(call.Caller, call.RequestId);
        }

        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("bulk");
        content.Text(call.Caller.Name);
        content.Text(call.RequestId);
        content.Number(unit);
        return content.ToId();
    }

    private static bool IsLostRace(PostgresException e) =>
        e.SqlState
            is PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.SerializationFailure;

    private async Task TellAsync(BulkUnit unit, BulkLines lines)
    {
        foreach (var levels in unit.Changed.Select(s => s.ToLevel()).Chunk(LevelsAtOnce))
        {
            committed.Publish(levels);
        }

        var begun = unit.New.Select(s => s.ItemId).ToHashSet();
        if (begun.Count == 0)
        {
            return;
        }

        var items = lines.All.Select(l => l.Item).Where(i => i is not null && begun.Contains(i.ItemId)).Distinct();
        try
        {
            await directory.ReadAsync(
                [.. items.SelectMany(i => new[] { i!.Sku, PublicId.Item(i.ItemId) })],
                CancellationToken.None
            );
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // The rows are there all the same; who looks for one asks the tables before it says that there is none.
        }
    }

    private async Task<BulkAnswer> AnswerAsync(
        BulkLines lines,
        IReadOnlyList<BulkUnitAnswer> answers,
        CancellationToken cancellation
    )
    {
        if (answers.Any(a => a.IsReused))
        {
            return new() { Outcome = BulkOutcome.RequestIdReused };
        }

        var call = lines.Call;
        var refused = answers.Sum(a => a.RefusedCount);
        var isBad = refused + lines.UnsoundCount > 0;
        var isAborted = lines.IsCutShort || (isBad && call.OnError == BulkOnError.Abort);
        var listed = answers.SelectMany(a => a.Listed).Take(call.EveryRow ? int.MaxValue : ListedMax).ToList();
        return new()
        {
            Outcome =
                isAborted ? BulkOutcome.Aborted
                : isBad ? BulkOutcome.WithRefusals
                : BulkOutcome.Applied,
            AppliedCount = isAborted ? 0 : answers.Sum(a => a.AppliedCount),
            RefusedCount = refused,
            Replayed = answers.All(a => a.IsReplayed),
            Results = await DescribeAsync(listed, cancellation),
        };
    }

    private async Task<IReadOnlyList<BulkResult>> DescribeAsync(List<BulkJudged> judged, CancellationToken cancellation)
    {
        long[] nameless =
        [
            .. judged
                .Where(j => j.Stock is not null && j.Target.StockId is not null)
                .Select(j => j.Stock!.StockId)
                .Distinct(),
        ];
        var owners = await directory.DescribeAsync(nameless, cancellation);
        return [.. judged.Select(j => new BulkResult(j.Index, j.Outcome, j.Target, j.Settled?.ToRecord(Owner(j))))];

        StockOwner Owner(BulkJudged row) =>
            row.Target.StockId is null ? new(row.Target.Sku, row.Target.Warehouse) : owners[row.Stock!.StockId];
    }
}
