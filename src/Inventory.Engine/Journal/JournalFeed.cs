using System.Diagnostics;
using Inventory.Engine.Database;
using Inventory.Engine.Telemetry;

namespace Inventory.Engine.Journal;

/// <summary>
/// The one follower of a server on behalf of all its watchers: reads each change once, and tells those who listen.
/// While nobody watches it reads nothing. A commit of this server rings it; those of others it finds by itself.
/// </summary>
public sealed class JournalFeed : IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly Cell cell;
    private readonly CommittedLevels committed;
    private readonly WatchMetrics metrics;
    private readonly FollowJournal journal;
    private readonly FollowChanges changes;
    private readonly List<IFeedListener> listeners = [];
    private readonly Lock gate = new();
    private readonly List<FeedPlace> waiting = [];
    private readonly List<FeedPlace> returning = [];
    private readonly SemaphoreSlim bell = new(0, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private volatile FeedThrough? through;
    private volatile bool watched;
    private JournalCursor? cursor;
    private JournalCursor? returnCursor;
    private int rung;

    /// <summary>Sleeps until somebody watches.</summary>
    public JournalFeed(Cell cell, CommittedLevels committed, WatchMetrics metrics)
    {
        this.cell = cell;
        this.committed = committed;
        this.metrics = metrics;
        journal = new(cell);
        changes = new(cell);
        metrics.ObserveLag(() => through is { } now ? Stopwatch.GetElapsedTime(now.PassedAt) : null);
        committed.Committed += Heard;
        running = Task.Run(RunAsync);
    }

    /// <summary>The most changes that are read at once.</summary>
    public int PageSize { get; init; } = 20_000;

    /// <summary>Who has missed more changes than this begins anew.</summary>
    public long ReturnChangesMax { get; init; } = 1_000_000;

    /// <summary>Commits of other servers are looked for this often.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The least time from one pass to the next, however often it is rung: what happens within it is told once.
    /// </summary>
    public TimeSpan PassEveryMin { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Called when a pass fails; the next one reads the same again.</summary>
    public event Action<Exception>? Failed;

    internal FeedThrough? Through => through;

    /// <summary>Ends the loop. Watchers are not told: their server is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        committed.Committed -= Heard;
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    internal void Listen(IFeedListener listener)
    {
        lock (gate)
        {
            listeners.Add(listener);
        }
    }

    /// <summary>Somebody has come or left, or takes more.</summary>
    internal void Ring()
    {
        if (Interlocked.Exchange(ref rung, 1) == 0)
        {
            bell.Release();
        }
    }

    /// <summary>A place wants to be told what it has missed.</summary>
    internal void Return(FeedPlace place)
    {
        lock (gate)
        {
            waiting.Add(place);
        }

        Ring();
    }

    private void Heard(IReadOnlyList<StockLevel> levels)
    {
        if (watched)
        {
            Ring();
        }
    }

    private IFeedListener[] Listeners()
    {
        lock (gate)
        {
            return [.. listeners];
        }
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                watched = Array.Exists(Listeners(), l => l.IsWatched);
                if (!watched)
                {
                    (cursor, through) = (null, null);
                    await WaitAsync(Timeout.InfiniteTimeSpan);
                    continue;
                }

                var began = Stopwatch.GetTimestamp();
                if (!await StepAsync(began, stopping.Token))
                {
                    await WaitAsync(PollEvery);
                    await Task.Delay(Rest(began), stopping.Token);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, the feed must go on: the same page is read and told again.
                Failed?.Invoke(e);
                Array.ForEach(Listeners(), l => l.Fail(e));
                await RetryAsync();
            }
        }
    }

    private async Task WaitAsync(TimeSpan longest)
    {
        if (await bell.WaitAsync(longest, stopping.Token))
        {
            Interlocked.Exchange(ref rung, 0);
        }
    }

    private async Task RetryAsync()
    {
        try
        {
            await Task.Delay(RetryEvery, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private TimeSpan Rest(long began)
    {
        var rest = PassEveryMin - Stopwatch.GetElapsedTime(began);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <returns>Whether there is more to do at once.</returns>
    private async Task<bool> StepAsync(long began, CancellationToken cancellation)
    {
        if (cursor is null)
        {
            cursor = (await journal.EndAsync(cancellation)).Cursor;
            through = FeedThrough.At(cursor, began);
        }

        if (await changes.ExecuteAsync(cursor, PageSize, cancellation) is not { } page)
        {
            (cursor, through) = (null, null);
            Array.ForEach(Listeners(), l => l.EndAll());
            return true;
        }

        metrics.Read(page.Changes.Length);
        await TellAsync(page, cancellation);
        cursor = page.Next;
        if (!page.IsLast)
        {
            return true;
        }

        through = FeedThrough.At(cursor, began);
        var more = false;
        foreach (var listener in Listeners())
        {
            more |= await listener.AdmitAsync(cancellation);
        }

        return more | await ReturnAsync(cancellation);
    }

    private async Task TellAsync(ChangePage page, CancellationToken cancellation)
    {
        if (page.Changes.Length > 0)
        {
            foreach (var listener in Listeners())
            {
                await listener.TakeAsync(page, cancellation);
            }
        }
    }

    // A page between two passes, so that those who are not behind don't wait. All who wait are told together, from the
    // oldest place on; each leaves out what it has been told.
    private async Task<bool> ReturnAsync(CancellationToken cancellation)
    {
        returning.RemoveAll(p => p.State == FeedState.Gone);
        if (returning.Count == 0 && !await BeginReturnAsync(cancellation))
        {
            return false;
        }

        if (await changes.ExecuteAsync(returnCursor!, PageSize, cancellation) is not { } page)
        {
            returning.ForEach(p => p.End(WatchEnd.Of(WatchOutcome.EraOver)));
            returning.Clear();
            return true;
        }

        metrics.Read(page.Changes.Length);
        await TellAsync(page with { IsReturn = true }, cancellation);
        returnCursor = page.Next;
        // A return of several pages ends where it began, and all others have been told more since: they go on together
        // when its end is not behind them, which it is not once what is left is a page.
        if (page.IsLast && Covers(page.Next, cursor!))
        {
            foreach (var place in returning.Where(p => p.State == FeedState.Returning))
            {
                place.GoLive(page.Next);
            }

            returning.Clear();
        }

        return true;
    }

    private async Task<bool> BeginReturnAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            returning.AddRange(waiting.Where(p => p.State == FeedState.Waiting));
            waiting.Clear();
        }

        if (returning.Count == 0)
        {
            return false;
        }

        var kept = await KeptJournal.ExecuteAsync(cell, ReturnChangesMax, cancellation);
        foreach (var place in returning.Where(p => !kept.Has(p.From)))
        {
            place.End(new(WatchOutcome.TokenTooOld, [], kept.Oldest));
        }

        returning.RemoveAll(p => p.Ended is not null);
        foreach (var place in returning)
        {
            place.BeginReturn();
            var from = place.From with { Pass = null };
            if (returnCursor is null || place == returning[0] || !Covers(from, returnCursor))
            {
                returnCursor = from;
            }
        }

        return returning.Count > 0;
    }

    private static bool Covers(JournalCursor later, JournalCursor earlier) =>
        JournalSnapshot.Parse(later.Snapshot).Covers(JournalSnapshot.Parse(earlier.Snapshot));
}
