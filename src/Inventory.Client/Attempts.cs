using Grpc.Core;

namespace Inventory.Client;

/// <summary>The attempts of one call: until when, and whether it may be sent again.</summary>
/// <param name="options">The call's own.</param>
/// <param name="until">When the last attempt must have ended.</param>
/// <param name="attemptDeadline">How long one may take.</param>
/// <param name="repeatable">As <see cref="RetryRules.IsRepeatable"/> says.</param>
internal sealed class Attempts(CallOptions options, DateTime until, TimeSpan attemptDeadline, bool repeatable)
{
    /// <summary>Why the last attempt failed.</summary>
    public RpcException? Failure { get; private set; }

    public CancellationToken Cancellation => options.CancellationToken;

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>The options of the next attempt.</summary>
    /// <exception cref="RpcException">No time is left: the failure of the last one stands.</exception>
    public CallOptions Next()
    {
        var now = Now;
        if (Failure is not null && now >= until)
        {
            throw Failure;
        }

        var own = now + attemptDeadline;
        return options.WithDeadline(repeatable && own < until ? own : until);
    }

    /// <summary>Whether a failure is to be followed by another attempt.</summary>
    public bool IsWorthAnother(Exception? failure)
    {
        if (failure is not RpcException rpc)
        {
            return false;
        }

        var isOver = Cancellation.IsCancellationRequested || Now + (RetryRules.RetryDelay(rpc) ?? default) >= until;
        Failure = rpc;
        return !isOver && RetryRules.IsWorthAnother(rpc, repeatable);
    }
}
