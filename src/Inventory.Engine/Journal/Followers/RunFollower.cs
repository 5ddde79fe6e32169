using System.Diagnostics;
using System.Globalization;
using Inventory.Engine.Database;
using Inventory.Engine.Telemetry;
using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>
/// Hands the journal to a follower, a page a step: on one node at a time, from a cursor that moves in the transaction
/// of what the follower writes. Any number of nodes may run it.
/// </summary>
public sealed class RunFollower : IAsyncDisposable
{
    private readonly IJournalFollower follower;
    private readonly FollowerMetrics metrics;
    private readonly FollowJournal journal;
    private readonly FollowerLease lease;
    private readonly FollowerRetries retries;
    private readonly FollowerProgress progress;
    private Place? place;
    private int limit;
    private long failedPosition;
    private int failures;
    private long storedAt;
    private long retriedAt;

    /// <summary>Follows nothing before its first step.</summary>
    public RunFollower(Cell cell, IJournalFollower follower, FollowerMetrics metrics)
    {
        this.follower = follower;
        this.metrics = metrics;
        journal = new(cell);
        lease = new(cell, follower.Name);
        retries = new(follower);
        progress = metrics.Track(follower.Name);
        limit = PageSize;
    }

    /// <param name="Cursor">Where the next page begins.</param>
    /// <param name="Stored">What the table has: the same, or one from which nothing was read since.</param>
    private sealed record Place(JournalCursor Cursor, string Stored);

    /// <summary>A row that fails alone so often is parked.</summary>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>A cursor that only moved over nothing is stored this often.</summary>
    public TimeSpan StoreEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Parked rows whose time has come are looked for this often.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Called with what an operator should know. Must not throw.</summary>
    public event Action<FollowerNote>? Noted;

    /// <summary>Whether this node has the lease, as far as is known.</summary>
    public bool IsActive => lease.IsHeld;

    private int PageSize => Math.Clamp(follower.PageSize, 1, FollowJournal.PageSizeMax);

    /// <summary>One page, or one batch of what was parked. To be run again and again.</summary>
    /// <exception cref="NpgsqlException">The database is away; the next step does the same.</exception>
    public async Task<FollowerStep> StepAsync(CancellationToken cancellation)
    {
        var done = false;
        try
        {
            if (!await HoldAsync(cancellation))
            {
                done = true;
                return FollowerStep.Standby;
            }

            var step = await RetryAsync(cancellation) ?? await FollowAsync(cancellation);
            done = step is FollowerStep.Idle or FollowerStep.More;
            return step;
        }
        finally
        {
            if (!done)
            {
                // Whether the last transaction committed may not be known here: the table knows.
                place = null;
                await CheckLeaseAsync();
            }
        }
    }

    /// <summary>Gives the lease up.</summary>
    public async ValueTask DisposeAsync()
    {
        progress.IsActive = false;
        await lease.DisposeAsync();
    }

    private async Task<bool> HoldAsync(CancellationToken cancellation)
    {
        var had = lease.IsHeld && lease.IsSound;
        if (!await lease.TakeAsync(cancellation))
        {
            return false;
        }

        if (!had)
        {
            place = null;
            limit = PageSize;
            progress.IsActive = true;
            Note(FollowerNoteKind.LeaseTaken, "");
        }

        return true;
    }

    private async Task CheckLeaseAsync()
    {
        if (!lease.IsSound && lease.IsHeld)
        {
            progress.IsActive = false;
            await lease.GiveUpAsync();
            Note(FollowerNoteKind.LeaseLost, "");
        }
    }

    /// <returns>None if nothing was due.</returns>
    private async Task<FollowerStep?> RetryAsync(CancellationToken cancellation)
    {
        if (!retries.GoOn && retriedAt != 0 && Stopwatch.GetElapsedTime(retriedAt) < RetryEvery)
        {
            return null;
        }

        retriedAt = Stopwatch.GetTimestamp();
        var (tried, handled, cause) = await retries.ExecuteAsync(lease.Connection, cancellation);
        progress.Parked = retries.Count;
        if (handled > 0)
        {
            metrics.Handled(follower.Name, handled);
            Note(FollowerNoteKind.Unparked, string.Create(CultureInfo.InvariantCulture, $"{handled} rows"));
        }

        if (cause is not null)
        {
            Note(FollowerNoteKind.Failed, "a parked row", cause);
        }

        return tried ? FollowerStep.More : null;
    }

    private async Task<FollowerStep> FollowAsync(CancellationToken cancellation)
    {
        var begin = place ??= await OpenAsync(cancellation);
        progress.Began(isPass: begin.Cursor.Pass is null);
        var read = follower.IsBrief
            ? await journal.BrieflyAsync(begin.Cursor, limit, cancellation)
            : await journal.ExecuteAsync(begin.Cursor, limit, cancellation);
        if (read is null)
        {
            await BeginAsync(fromBeginning: false, begin.Stored, cancellation);
            return FollowerStep.More;
        }

        var page = new FollowerPage(follower, read, begin.Stored);
        if (read.Entries.Count == 0)
        {
            await IdleAsync(page, cancellation);
        }
        else if (await TryHandleAsync(page, cancellation) is { } failed)
        {
            return failed;
        }

        progress.Read(read.AsOf, page.Through);
        // A pass of several pages ends with what there was when it began, which may have been before a restart.
        return read.IsLast && begin.Cursor.Pass is null ? FollowerStep.Idle : FollowerStep.More;
    }

    private async Task IdleAsync(FollowerPage page, CancellationToken cancellation)
    {
        if (Stopwatch.GetElapsedTime(storedAt) < StoreEvery)
        {
            place = new(page.Page.Next, page.Stored);
            return;
        }

        await page.MoveAsync(lease.Connection, cancellation);
        Moved(page);
    }

    /// <returns>None if the page has been handled.</returns>
    private async Task<FollowerStep?> TryHandleAsync(FollowerPage page, CancellationToken cancellation)
    {
        try
        {
            var (handled, parked) = await page.HandleAsync(lease.Connection, cancellation);
            Moved(page);
            metrics.Handled(follower.Name, handled);
            progress.Parked = parked;
            limit = Math.Min(PageSize, limit * 2);
            failures = 0;
            return null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (FollowerAwayException away)
        {
            Note(FollowerNoteKind.Failed, Count(page), away);
            return FollowerStep.Away;
        }
        catch (Exception fault) when (lease.IsSound && !FollowerFault.IsDatabaseAway(fault))
        {
            return await FailAsync(page, fault, cancellation);
        }
    }

    private async Task<FollowerStep> FailAsync(FollowerPage page, Exception fault, CancellationToken cancellation)
    {
        place = null;
        Note(FollowerNoteKind.Failed, Count(page), fault);
        if (page.Page.Entries.Count > 1)
        {
            limit = page.Page.Entries.Count / 2;
            return FollowerStep.More;
        }

        var position = page.Page.Entries[0].Position;
        failures = failedPosition == position ? failures + 1 : 1;
        failedPosition = position;
        if (failures < AttemptsMax)
        {
            return FollowerStep.Failed;
        }

        await page.ParkAsync(lease.Connection, fault, failures, cancellation);
        failures = 0;
        progress.Parked++;
        Note(FollowerNoteKind.Parked, string.Create(CultureInfo.InvariantCulture, $"position {position}"), fault);
        return FollowerStep.More;
    }

    private async Task<Place> OpenAsync(CancellationToken cancellation)
    {
        var stored = await StoredCursor.ReadAsync(lease.Connection, follower.Name, cancellation);
        return stored is not null && JournalCursor.TryParse(stored, out var cursor)
            ? new(cursor, stored)
            : await BeginAsync(stored is null && follower.FromBeginning, stored, cancellation);
    }

    /// <summary>Begins, or begins anew: what is written from now on is handled, and nothing before.</summary>
    private async Task<Place> BeginAsync(bool fromBeginning, string? before, CancellationToken cancellation)
    {
        var (end, asOf) = await journal.EndAsync(cancellation);
        var cursor = fromBeginning ? JournalCursor.Beginning(end.Era) : end;
        await StoredCursor.BeginAsync(lease.Connection, follower.Name, $"{cursor}", asOf, cancellation);
        if (before is not null)
        {
            Note(FollowerNoteKind.BegunAnew, before);
        }

        return place = new(cursor, $"{cursor}");
    }

    private void Moved(FollowerPage page)
    {
        place = new(page.Page.Next, page.Next);
        storedAt = Stopwatch.GetTimestamp();
    }

    private static string Count(FollowerPage page) =>
        string.Create(CultureInfo.InvariantCulture, $"{page.Page.Entries.Count} rows");

    private void Note(FollowerNoteKind kind, string detail, Exception? cause = null) =>
        Noted?.Invoke(new(kind, follower.Name, detail, cause));
}
