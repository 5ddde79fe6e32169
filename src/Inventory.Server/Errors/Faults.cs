using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace Inventory.Server.Errors;

/// <summary>
/// What broken infrastructure means to a caller. None of these is a definite refusal: the call has had its whole effect
/// or none, and the same request id is safe.
/// </summary>
internal static class Faults
{
    // Static fields are made in the order of their lines: these come before the errors that carry them.
    private static readonly TimeSpan RetryVerificationAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryOverloadAfter = TimeSpan.FromMilliseconds(250);

    public static readonly ApiError Draining = new(
        StatusCode.Unavailable,
        Reasons.Draining,
        "This server stops; another one serves.",
        details: Retry(TimeSpan.Zero)
    );

    public static readonly ApiError Malformed = new(
        StatusCode.Internal,
        Reasons.MessageMalformed,
        "The bytes of the request are no message of this method."
    );

    public static readonly ApiError Overloaded = new(
        StatusCode.ResourceExhausted,
        Reasons.Overloaded,
        "Too many requests wait; this one was not tried.",
        details: Retry(RetryOverloadAfter)
    );

    public static readonly ApiError VerificationRuns = new(
        StatusCode.ResourceExhausted,
        Reasons.VerificationRuns,
        "A verification runs on this server already.",
        details: Retry(RetryVerificationAfter)
    );

    public static readonly ApiError TooManyWatchers = new(
        StatusCode.ResourceExhausted,
        Reasons.TooManyWatchers,
        "This server has as many watchers as it takes.",
        details: Retry(RetryAfter)
    );

    public static readonly ApiError EraOver = new(
        StatusCode.Unavailable,
        Reasons.EraOver,
        "The data has moved. Watch again, without a token.",
        details: Retry(RetryAfter)
    );

    public static readonly ApiError DatabaseUnavailable = new(
        StatusCode.Unavailable,
        Reasons.DatabaseUnavailable,
        "The database does not answer. Ask again with the same request id.",
        details: Retry(RetryAfter)
    );

    public static readonly ApiError DeadlineExceeded = new(
        StatusCode.DeadlineExceeded,
        Reasons.DeadlineExceeded,
        "The deadline passed before the answer was known. Ask again with the same request id."
    );

    private static readonly ApiError Cancelled = new(
        StatusCode.Cancelled,
        Reasons.Cancelled,
        "The caller cancelled the call."
    );

    /// <summary>Which answer an exception becomes.</summary>
    public static ApiError Translate(Exception exception, ServerCallContext context, string correlation) =>
        exception switch
        {
            OperationCanceledException when context.CancellationToken.IsCancellationRequested => Left(context),
            _ when IsDatabaseAway(exception) => DatabaseUnavailable,
            // What breaks while the call's own bytes are read or written is its connection: the caller is gone.
            IOException or ConnectionAbortedException => Left(context),
            _ => Internal(correlation),
        };

    /// <summary>
    /// Nothing of the exception goes out: it may hold statements, hosts and other callers' values.
    /// </summary>
    public static ApiError Internal(string correlation) =>
        new(
            StatusCode.Internal,
            Reasons.Internal,
            $"An internal error; the log has it under {correlation}.",
            [new("correlation_id", correlation)]
        );

    public static bool IsDatabaseAway(Exception exception) =>
        exception switch
        {
            PostgresException refused => IsAway(refused.SqlState),
            // Everything else that Npgsql throws is a connection that failed or broke.
            NpgsqlException or TimeoutException or SocketException => true,
            _ => false,
        };

    private static ApiError Left(ServerCallContext context) =>
        context.Deadline <= TimeProvider.System.GetUtcNow().UtcDateTime ? DeadlineExceeded : Cancelled;

    private static bool IsAway(string sqlState) =>
        sqlState[..2] switch
        {
            // 08 connection, 53 no resources (connections, disk, memory), 57 shut down or cancelled by a timeout, 58
            // system error.
            "08" or "53" or "57" or "58" => true,
            // 28 and 3D: it refuses us as a whole. 40: a conflict that outlasted its reruns.
            "28" or "3D" or "40" => true,
            _ => sqlState
                is PostgresErrorCodes.LockNotAvailable
                    or PostgresErrorCodes.ReadOnlySqlTransaction
                    or PostgresErrorCodes.ObjectInUse,
        };

    private static RetryInfo Retry(TimeSpan after) => new() { RetryDelay = Duration.FromTimeSpan(after) };
}
