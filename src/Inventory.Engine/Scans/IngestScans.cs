using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Npgsql;

namespace Inventory.Engine.Scans;

/// <summary>
/// Takes what devices read: each scan once by its device and sequence, for ever, and every one is kept. Those that come
/// together, of many devices, are judged in one transaction of two round trips.
/// </summary>
/// <remarks>
/// The scans of a device go through one lane, in the order in which they came. A lane holds its stock rows from one
/// round trip to the next; should the node be frozen there, the database lets go of them after five seconds.
/// </remarks>
public sealed class IngestScans : IAsyncDisposable
{
    /// <summary>The most scans of a call.</summary>
    public const int ScansMax = 500;

    /// <summary>Reads of a tag that are less than this apart count once, unless said otherwise.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromSeconds(5);

    /// <summary>The most scans that one transaction judges.</summary>
    private const int BatchScansMax = 2_000;

    private const int AttemptsMax = 5;

    private readonly CommittedLevels committed;
    private readonly ScanBarcodes barcodes;
    private readonly Coalescer<Parcel, Taken>[] lanes;

    /// <summary>Starts the lanes.</summary>
    /// <param name="cell">Where the stock is.</param>
    /// <param name="directory">Who knows the names.</param>
    /// <param name="committed">Who is told what has changed.</param>
    /// <param name="open">Begins stock rows.</param>
    /// <param name="window">Reads of a tag that are less than this apart count once; zero: each counts.</param>
    /// <param name="laneCount">How many batches run side by side.</param>
    public IngestScans(
        Cell cell,
        StockDirectory directory,
        CommittedLevels committed,
        OpenStock open,
        TimeSpan? window = null,
        int laneCount = 2
    )
    {
        this.committed = committed;
        Window = window ?? DefaultWindow;
        barcodes = new(cell);
        Names = new(directory, barcodes, open);
        var options = new CoalescerOptions { Operation = "scans.ingest", Lanes = 1 };
        lanes =
        [
            .. Enumerable
                .Range(0, laneCount)
                .Select(_ => new Coalescer<Parcel, Taken>(cell, options, new(TakenOutcome.Overloaded), ExecuteAsync)),
        ];
    }

    private enum TakenOutcome
    {
        Taken = 1,

        /// <summary>A name stands for something else by now; nothing was done.</summary>
        Stale = 2,

        Overloaded = 3,
    }

    /// <summary>Reads of a tag that are less than this apart count once.</summary>
    internal TimeSpan Window { get; }

    internal ResolveScans Names { get; }

    /// <summary>Scans of one lane from one call.</summary>
    private sealed record Parcel(string Caller, ResolvedScan[] Scans);

    private readonly record struct Taken(TakenOutcome Outcome, ScanVerdict[]? Verdicts = null);

    /// <summary>Takes scans. When it answers, all of them are durable.</summary>
    /// <param name="caller">The principal; the journal's actor.</param>
    /// <param name="scans">At most <see cref="ScansMax"/>, in the order in which they were read.</param>
    /// <param name="cancellation">
    /// Lets the caller leave; they may be taken all the same, and the same scans find themselves.
    /// </param>
    /// <returns>
    /// One element a scan, in the order of the scans; none if too many wait, and then some may be taken all the same.
    /// </returns>
    /// <exception cref="NpgsqlException">
    /// The database is away; which were taken is unknown, and sending all again is safe.
    /// </exception>
    /// <exception cref="TimeoutException">Too many look-ups wait, or names kept changing; likewise.</exception>
    public async Task<IReadOnlyList<ScanVerdict>?> ExecuteAsync(
        string caller,
        IReadOnlyList<NewScan> scans,
        CancellationToken cancellation
    )
    {
        var verdicts = new ScanVerdict[scans.Count];
        var parts = Enumerable
            .Range(0, scans.Count)
            .GroupBy(i => (int)((uint)string.GetHashCode(scans[i].DeviceId) % (uint)lanes.Length))
            .Select(g => (Lane: lanes[g.Key], Places: g.ToArray()))
            .ToArray();
        var taken = await Task.WhenAll(
            parts.Select(p => TakeAsync(p.Lane, caller, [.. p.Places.Select(i => scans[i])], cancellation))
        );
        for (var part = 0; part < parts.Length; part++)
        {
            if (taken[part] is not { } found)
            {
                return null;
            }

            for (var i = 0; i < found.Length; i++)
            {
                verdicts[parts[part].Places[i]] = found[i];
            }
        }

        return verdicts;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in lanes)
        {
            await lane.DisposeAsync();
        }

        await barcodes.DisposeAsync();
    }

    private async Task<ScanVerdict[]?> TakeAsync(
        Coalescer<Parcel, Taken> lane,
        string caller,
        NewScan[] scans,
        CancellationToken cancellation
    )
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var resolved = await Names.ExecuteAsync(caller, scans, isFresh: attempt > 1, cancellation);
            var taken = await lane.SubmitAsync(new(caller, resolved), cancellation);
            if (taken.Outcome != TakenOutcome.Stale)
            {
                return taken.Verdicts;
            }
        }

        throw new TimeoutException("What the scans name kept changing.");
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Pending<Parcel, Taken>> batch)
    {
        var chosen = Choose(batch);
        while (!await TryAsync(connection, chosen))
        {
            // Another server has just kept some of the same scans: they are seen now.
        }
    }

    private async Task<bool> TryAsync(NpgsqlConnection connection, List<Pending<Parcel, Taken>> chosen)
    {
        ResolvedScan[] scans = [.. chosen.SelectMany(p => p.Request.Scans)];
        await using var transaction = await connection.BeginTransactionAsync();
        var found = await ScanStatements.TakeAsync(connection, TakenScans.Of(scans, Window));
        var judging = new ScanBatch(found, Window);
        var settled = new List<(Pending<Parcel, Taken> Pending, Taken Taken)>(chosen.Count);
        var place = 0;
        foreach (var pending in chosen)
        {
            var (caller, parcel) = pending.Request;
            var first = place;
            place += parcel.Length;
            settled.Add(
                judging.IsStale(parcel)
                    ? (pending, new(TakenOutcome.Stale))
                    : (
                        pending,
                        new(TakenOutcome.Taken, [.. parcel.Select((s, i) => judging.Judge(caller, s, first + i))])
                    )
            );
        }

        if (judging.Kept.Count > 0)
        {
            if (!await ScanStatements.WriteAsync(connection, WrittenScans.Of(judging)))
            {
                await transaction.RollbackAsync();
                return false;
            }

            await transaction.CommitAsync();
            committed.Publish([.. judging.Changed.Select(s => s.ToLevel())]);
        }

        foreach (var (pending, taken) in settled)
        {
            pending.Settle(taken);
        }

        return true;
    }

    /// <summary>As many as one transaction judges; who comes behind is in the next, in order.</summary>
    private static List<Pending<Parcel, Taken>> Choose(IReadOnlyList<Pending<Parcel, Taken>> batch)
    {
        var chosen = new List<Pending<Parcel, Taken>>(batch.Count);
        var scans = 0;
        foreach (var pending in batch)
        {
            if (chosen.Count > 0 && scans + pending.Request.Scans.Length > BatchScansMax)
            {
                break;
            }

            scans += pending.Request.Scans.Length;
            chosen.Add(pending);
        }

        return chosen;
    }
}
