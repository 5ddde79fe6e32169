using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// A watcher's place in the feed: what it has been told, and how it is woken. The feed's loop moves it, the watcher's
/// call reads it.
/// </summary>
internal sealed class FeedPlace(JournalFeed feed) : IDisposable
{
    private readonly SemaphoreSlim signal = new(0, 1);
    private volatile Told? told;
    private volatile Exception? failure;
    private volatile WatchEnd? end;
    private volatile FeedState state = FeedState.Coming;
    private int woken;

    /// <param name="Cursor">What it has read has been told, or is in what the watch began with.</param>
    /// <param name="Snapshot">The cursor's.</param>
    /// <param name="Upper">Of a cursor within a pass.</param>
    private sealed record Told(JournalCursor Cursor, JournalSnapshot Snapshot, JournalSnapshot? Upper);

    internal FeedState State => state;

    /// <summary>Where it reads on when it returns.</summary>
    internal JournalCursor From => told!.Cursor;

    /// <summary>How it ended, if it did.</summary>
    internal WatchEnd? Ended => end;

    /// <summary>Whether a change is to be told: of the pages that this place follows, and not told yet.</summary>
    internal bool Takes(ChangePage page, in JournalChange change) =>
        State == (page.IsReturn ? FeedState.Returning : FeedState.Live)
        && (told is not { } known || !HasRead(known, change));

    /// <summary>
    /// All up to here has been told, if nothing waits in the watch's queue. To be read before the queue is: what is
    /// offered in between is not behind it.
    /// </summary>
    internal JournalCursor? Through()
    {
        if (State != FeedState.Live)
        {
            return null;
        }

        return told is { } known && feed.Through is { } through
            ? through.Snapshot.Covers(known.Snapshot)
                ? through.Cursor
                : known.Cursor
            : feed.Through?.Cursor;
    }

    /// <summary>The place right behind a change.</summary>
    internal JournalCursor Behind(ChangePage page, long position)
    {
        var pass = page.Pass with { After = position };
        var origin =
            told is { } known && !page.FromSnapshot.Covers(known.Snapshot)
                ? known.Cursor with
                {
                    Pass = null,
                }
                : page.From;
        return origin with { Pass = pass };
    }

    /// <summary>Follows the feed from now on.</summary>
    /// <param name="from">What it has read is known already; none: all that comes is told.</param>
    internal void GoLive(JournalCursor? from)
    {
        Knows(from);
        Move(FeedState.Live);
        Wake();
    }

    /// <summary>Is behind, and asks the feed for what it missed.</summary>
    internal void Return(JournalCursor from)
    {
        Knows(from);
        Move(FeedState.Waiting);
        feed.Return(this);
    }

    /// <summary>Takes nothing more until it returns.</summary>
    internal void Pause() => Move(FeedState.Paused);

    internal void BeginReturn() => Move(FeedState.Returning);

    internal void End(WatchEnd how)
    {
        end ??= how;
        Wake();
    }

    internal void Fail(Exception cause)
    {
        failure ??= cause;
        Wake();
    }

    /// <summary>There is something new for the watcher.</summary>
    internal void Wake()
    {
        if (Interlocked.Exchange(ref woken, 1) == 0)
        {
            signal.Release();
        }
    }

    /// <summary>Waits for something new, but no longer than that.</summary>
    /// <exception cref="NpgsqlException">The database was away when the watch was to begin.</exception>
    internal async ValueTask<bool> WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        var something = await signal.WaitAsync(longest, cancellation);
        if (something)
        {
            Interlocked.Exchange(ref woken, 0);
        }

        return failure is null
            ? something
            : throw new NpgsqlException("The journal could not be read when the watch was to begin.", failure);
    }

    /// <summary>The watcher has left.</summary>
    public void Dispose()
    {
        state = FeedState.Gone;
        feed.Ring();
    }

    // Who has left while the loop moved it has left: else nobody would ever let it go.
    private void Move(FeedState to)
    {
        for (var now = state; now != FeedState.Gone; now = state)
        {
            if (Interlocked.CompareExchange(ref state, to, now) == now)
            {
                return;
            }
        }
    }

    private void Knows(JournalCursor? from) =>
        told = from is null
            ? null
            : new(
                from,
                JournalSnapshot.Parse(from.Snapshot),
                from.Pass is { } pass ? JournalSnapshot.Parse(pass.Upper) : null
            );

    private static bool HasRead(Told known, in JournalChange change) =>
        known.Snapshot.Shows(change.Xid)
        || (known.Upper is { } upper && upper.Shows(change.Xid) && change.Position <= known.Cursor.Pass!.After);
}

/// <summary>Where a watcher stands.</summary>
internal enum FeedState
{
    /// <summary>Has not been let in yet.</summary>
    Coming,

    /// <summary>Waits to be told what it missed.</summary>
    Waiting,

    /// <summary>Is told what it missed.</summary>
    Returning,

    /// <summary>Is told what happens.</summary>
    Live,

    /// <summary>Has more than it takes; returns when it has taken it.</summary>
    Paused,

    /// <summary>Has left.</summary>
    Gone,
}
