using Grpc.Core;

namespace Inventory.Client;

/// <summary>When another attempt is safe, and when it could help.</summary>
internal static class RetryRules
{
    // They read, and change nothing.
    private static readonly string[] ReadVerbs = ["Get", "List", "BatchGet", "Check", "Explain", "Resolve"];

    // Asked again for a state that is there already, the server answers as it did the first time.
    private static readonly string[] ByState =
    [
        "ConfirmReservation",
        "CancelReservation",
        "ExtendReservation",
        "FulfillReservation",
        "RevokeApiKey",
        "RevokeToken",
        "RetryScan",
        "DeleteSubscription",
        "DeleteReportSchedule",
        "Redeliver",
    ];

    /// <summary>Whether a call may be sent again when nobody knows whether it had its effect.</summary>
    public static bool IsRepeatable<TRequest>(IMethod method, TRequest request)
        where TRequest : class =>
        RequestIds.IsIn(request)
        || ByState.Contains(method.Name)
        || ReadVerbs.Any(verb => method.Name.StartsWith(verb, StringComparison.Ordinal));

    /// <summary>Whether a failed attempt is to be followed by another.</summary>
    /// <param name="failure">How it failed.</param>
    /// <param name="repeatable">As <see cref="IsRepeatable"/> says.</param>
    public static bool IsWorthAnother(RpcException failure, bool repeatable) =>
        failure.StatusCode switch
        {
            // Turned away before anything was tried. Without a delay it is no overload: a message that is too large
            // stays too large.
            StatusCode.ResourceExhausted => RetryDelay(failure) is not null,
            StatusCode.Unavailable => repeatable,
            // The attempt's deadline; when it was the call's, no time is left for another.
            StatusCode.DeadlineExceeded => repeatable,
            // From the connection or from something on the way. When the server itself says so, it would again.
            StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled => repeatable
                && InventoryError.From(failure) is null,
            _ => false,
        };

    /// <summary>What the server asks for.</summary>
    public static TimeSpan? RetryDelay(RpcException failure) => InventoryError.From(failure)?.RetryDelay;
}
