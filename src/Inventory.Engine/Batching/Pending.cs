using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Inventory.Engine.Batching;

/// <summary>
/// A request on its way through a coalescer. It is settled once; a batch that leaves it unsettled sends it, in order,
/// to the head of its lane's next batch.
/// </summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
public sealed class Pending<TRequest, TAnswer> : IValueTaskSource<TAnswer>
{
    private const int Open = 0;
    private const int Settled = 1;
    private const int Left = 2;

    private ManualResetValueTaskSourceCore<TAnswer> core;
    private CancellationTokenRegistration departure;
    private TAnswer? answer;
    private Exception? failure;
    private int state;

    internal Pending(TRequest request) => Request = request;

    /// <summary>What is asked.</summary>
    public TRequest Request { get; }

    /// <summary>How many batches have left it unsettled.</summary>
    public int Rounds { get; internal set; }

    /// <summary>Answered, failed, or its caller is gone. No batch needs it any more.</summary>
    public bool IsSettled => Volatile.Read(ref state) != Open;

    internal long EnqueuedAt { get; } = Stopwatch.GetTimestamp();

    internal ValueTask<TAnswer> Answer => new(this, core.Version);

    /// <summary>Answers it, unless its caller is gone. The caller hears of it when the batch is over.</summary>
    public void Settle(TAnswer with)
    {
        if (Interlocked.CompareExchange(ref state, Settled, Open) == Open)
        {
            answer = with;
        }
    }

    /// <summary>Fails it, unless its caller is gone. The caller hears of it when the batch is over.</summary>
    public void Fail(Exception exception)
    {
        if (Interlocked.CompareExchange(ref state, Settled, Open) == Open)
        {
            failure = exception;
        }
    }

    /// <summary>
    /// Tells the caller, on this thread: what follows the caller's await runs here. Once, and only by whoever settled
    /// it.
    /// </summary>
    internal void Deliver()
    {
        if (Volatile.Read(ref state) != Settled)
        {
            return;
        }

        departure.Unregister();
        if (failure is null)
        {
            core.SetResult(answer!);
        }
        else
        {
            core.SetException(failure);
        }
    }

    /// <summary>
    /// Lets the caller leave. The statement that the request may be in goes on: others are in it too.
    /// </summary>
    internal void LeaveOn(CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
        {
            departure = cancellation.UnsafeRegister(
                static (self, token) => ((Pending<TRequest, TAnswer>)self!).Leave(token),
                this
            );
        }
    }

    private void Leave(CancellationToken cancellation)
    {
        if (Interlocked.CompareExchange(ref state, Left, Open) == Open)
        {
            // Whoever cancels is not to run what the caller does next.
            core.RunContinuationsAsynchronously = true;
            core.SetException(new OperationCanceledException(cancellation));
        }
    }

    TAnswer IValueTaskSource<TAnswer>.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<TAnswer>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<TAnswer>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, token, flags);
}
