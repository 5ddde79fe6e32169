using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Inventory.Engine.Database;
using Inventory.Engine.Telemetry;
using Npgsql;

namespace Inventory.Engine.Batching;

/// <summary>
/// Runs requests that arrive together as one statement. An idle coalescer takes a request at once, alone; while lanes
/// are busy the requests gather, and the next free lane takes them together. A second lane begins beside a first only
/// with enough for a batch, or when the first takes long.
/// </summary>
/// <remarks>
/// The batch is run again, whole, after a deadlock, a duplicate key and a lost connection: its statement finds what
/// an earlier attempt committed by the requests' own ids. On any other error of the data its requests are run one by
/// one, so that a poisoned request fails alone. A caller that leaves cancels nothing.
/// </remarks>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
public sealed class Coalescer<TRequest, TAnswer> : IAsyncDisposable
{
    private static readonly TimeSpan GatherTick = TimeSpan.FromMilliseconds(1);

    private readonly CoalescerOptions options;
    private readonly Func<NpgsqlConnection, IReadOnlyList<Pending<TRequest, TAnswer>>, Task> execute;
    private readonly TAnswer shed;
    private readonly Channel<Pending<TRequest, TAnswer>> queue;
    private readonly ConcurrentQueue<Pending<TRequest, TAnswer>> returning = new();
    private readonly CoalescerMetrics metrics;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task[] lanes;
    private int working;

    /// <summary>Starts the lanes; they connect when the first request comes.</summary>
    /// <param name="cell">Where the lanes connect to.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="shed">The answer to a request that is turned away because too many wait.</param>
    /// <param name="execute">
    /// Runs one batch and settles its requests; what it leaves unsettled goes to the head of the next batch. It must
    /// have no effect before its statement and settle nothing before the statement's answer, because it may be run
    /// again.
    /// </param>
    public Coalescer(
        Cell cell,
        CoalescerOptions options,
        TAnswer shed,
        Func<NpgsqlConnection, IReadOnlyList<Pending<TRequest, TAnswer>>, Task> execute
    )
    {
        this.options = options;
        this.shed = shed;
        this.execute = execute;
        queue = Channel.CreateBounded<Pending<TRequest, TAnswer>>(
            new BoundedChannelOptions(options.QueueLengthMax) { FullMode = BoundedChannelFullMode.Wait }
        );
        metrics = new CoalescerMetrics(options.Operation, () => Waiting);
        lanes =
        [
            .. Enumerable
                .Range(0, options.Lanes)
                .Select(_ => Task.Run(() => RunLaneAsync(new HotConnection(cell, options.ReadsInOrder)))),
        ];
    }

    /// <summary>How many requests wait for a lane.</summary>
    public int Waiting => queue.Reader.Count + returning.Count;

    /// <summary>Sends a request through.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellation">Lets the caller leave; the request's effect may happen all the same.</param>
    /// <returns>Its answer; <c>shed</c> if too many wait.</returns>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public ValueTask<TAnswer> SubmitAsync(TRequest request, CancellationToken cancellation)
    {
        var pending = new Pending<TRequest, TAnswer>(request);
        pending.LeaveOn(cancellation);
        if (!queue.Writer.TryWrite(pending))
        {
            metrics.Shed();
            pending.Settle(shed);
            pending.Deliver();
        }

        return pending.Answer;
    }

    /// <summary>Finishes what waits, then lets the connections go.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        stopping.CancelAfter(TimeSpan.FromSeconds(10));
        await Task.WhenAll(lanes);
        metrics.Dispose();
        stopping.Dispose();
    }

    private async Task RunLaneAsync(HotConnection hot)
    {
        await using var connection = hot;
        var batch = new List<Pending<TRequest, TAnswer>>(options.BatchSizeMax);
        var settled = new List<Pending<TRequest, TAnswer>>(options.BatchSizeMax);
        while (!returning.IsEmpty || await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await GatherAsync();
            Fill(batch, settled);
            if (batch.Count > 0)
            {
                Interlocked.Increment(ref working);
                await RunAsync(hot, batch);
                Interlocked.Decrement(ref working);
                foreach (var pending in batch)
                {
                    if (pending.IsSettled)
                    {
                        settled.Add(pending);
                    }
                    else
                    {
                        pending.Rounds++;
                        returning.Enqueue(pending);
                    }
                }

                batch.Clear();
            }

            Delivery<TRequest, TAnswer>.Queue(settled);
            settled.Clear();
        }
    }

    private async ValueTask GatherAsync()
    {
        var began = Environment.TickCount64;
        while (
            Volatile.Read(ref working) > 0
            && Waiting is > 0 and var waiting
            && waiting < Math.Min(options.GatherMin, options.BatchSizeMax)
            && Environment.TickCount64 - began < options.GatherMsMax
        )
        {
            await Task.Delay(GatherTick);
        }
    }

    private void Fill(List<Pending<TRequest, TAnswer>> batch, List<Pending<TRequest, TAnswer>> settled)
    {
        while (
            batch.Count < options.BatchSizeMax
            && (returning.TryDequeue(out var pending) || queue.Reader.TryRead(out pending))
        )
        {
            var waited = Stopwatch.GetElapsedTime(pending.EnqueuedAt);
            metrics.Waited(waited);
            if (waited.TotalMilliseconds > options.WaitMsMax)
            {
                metrics.Shed();
                pending.Settle(shed);
                settled.Add(pending);
            }
            else if (!pending.IsSettled)
            {
                batch.Add(pending);
            }
        }
    }

    // A connection that has met an error is given up: when the error was in the second statement of a text that Npgsql
    // (10.0.0) was just preparing, it misreads the answer to the next batch.
    private async Task RunAsync(HotConnection hot, List<Pending<TRequest, TAnswer>> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var open = await hot.OpenAsync(stopping.Token);
                var started = Stopwatch.GetTimestamp();
                await execute(open, batch);
                metrics.Ran(batch.Count, Stopwatch.GetElapsedTime(started));
                return;
            }
            catch (PostgresException e) when (IsRerun(e) && attempt < options.AttemptsMax)
            {
                metrics.Reran(e.SqlState);
                await hot.AbandonAsync();
            }
            catch (PostgresException e) when (IsOfTheData(e) && batch.Count > 1)
            {
                await hot.AbandonAsync();
                await RunOneByOneAsync(hot, batch);
                return;
            }
            catch (PostgresException e) when (IsOfTheData(e))
            {
                await hot.AbandonAsync();
                batch[0].Fail(e);
                return;
            }
            catch (NpgsqlException e) when (IsLost(e) && hot.WasOpen && attempt < options.AttemptsMax)
            {
                // The connection is lost, perhaps after the commit. The next attempt begins when the old backend is
                // surely gone.
                metrics.Reran("connection");
                await hot.AbandonAsync();
            }
            catch (Exception e)
            {
                // Whatever it is, the callers must hear of it and the lane must live.
                await hot.AbandonAsync();
                FailAll(batch, e);
                return;
            }
        }
    }

    private async Task RunOneByOneAsync(HotConnection hot, IEnumerable<Pending<TRequest, TAnswer>> batch)
    {
        metrics.Poisoned();
        foreach (var pending in batch.Where(p => !p.IsSettled).ToList())
        {
            await RunAsync(hot, [pending]);
        }
    }

    private static void FailAll(IEnumerable<Pending<TRequest, TAnswer>> batch, Exception exception)
    {
        foreach (var pending in batch)
        {
            pending.Fail(exception);
        }
    }

    private static bool IsRerun(PostgresException e) =>
        e.SqlState
            is PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.LockNotAvailable;

    // No word from the server, or its word that it ends the session (57P01 to 57P03: it is told to stop, or another
    // backend crashed).
    private static bool IsLost(NpgsqlException e) =>
        e is not PostgresException || e.SqlState!.StartsWith("57P0", StringComparison.Ordinal);

    // Classes 22 (data), 23 (integrity), 42 (a statement that does not fit the schema) and 54 (limits): another
    // request would not meet it.
    private static bool IsOfTheData(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal)
        || e.SqlState.StartsWith("23", StringComparison.Ordinal)
        || e.SqlState.StartsWith("42", StringComparison.Ordinal)
        || e.SqlState.StartsWith("54", StringComparison.Ordinal);
}
