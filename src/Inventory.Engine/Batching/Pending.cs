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
    private ManualResetValueTaskSourceCore<TAnswer> core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration departure;
    private int settled;

    internal Pending(TRequest request) => Request = request;

    /// <summary>What is asked.</summary>
    public TRequest Request { get; }

    /// <summary>How many batches have left it unsettled.</summary>
    public int Rounds { get; internal set; }

    /// <summary>Answered, failed, or its caller is gone. Nobody waits for it any more.</summary>
    public bool IsSettled => Volatile.Read(ref settled) != 0;

    internal long EnqueuedAt { get; } = Stopwatch.GetTimestamp();

    internal ValueTask<TAnswer> Answer => new(this, core.Version);

    /// <summary>Answers it, unless its caller is gone.</summary>
    public void Settle(TAnswer answer)
    {
        if (Interlocked.Exchange(ref settled, 1) == 0)
        {
            departure.Dispose();
            core.SetResult(answer);
        }
    }

    /// <summary>Fails it, unless its caller is gone.</summary>
    public void Fail(Exception exception)
    {
        if (Interlocked.Exchange(ref settled, 1) == 0)
        {
            departure.Dispose();
            core.SetException(exception);
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
                static (state, token) =>
                    ((Pending<TRequest, TAnswer>)state!).Fail(new OperationCanceledException(token)),
                this
            );
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
