namespace Inventory.Server.Telemetry;

/// <summary>
/// Every message of the server itself, in one place; numbers are never used again. A refusal is an answer and has no
/// message.
/// </summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Inventory {Version} serves: gRPC on {Grpc}, HTTP on {Http}")]
    public static partial void Serving(this ILogger logger, string version, string grpc, string http);

    [LoggerMessage(2, LogLevel.Information, "Ready: every probe passes")]
    public static partial void Ready(this ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "Not ready: {Problems}")]
    public static partial void NotReady(this ILogger logger, string problems);

    [LoggerMessage(
        4,
        LogLevel.Information,
        "NOT_SERVING; listening ends in {Delay}, calls in flight have {Limit} to finish"
    )]
    public static partial void DrainBegins(this ILogger logger, TimeSpan delay, TimeSpan limit);

    [LoggerMessage(5, LogLevel.Information, "Stopped: nothing is in flight")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(6, LogLevel.Information, "Migration {Migration} applied")]
    public static partial void MigrationApplied(this ILogger logger, string migration);

    [LoggerMessage(7, LogLevel.Error, "{Method} failed; the caller was told {Correlation}")]
    public static partial void CallFailed(this ILogger logger, Exception exception, string method, string correlation);

    [LoggerMessage(8, LogLevel.Warning, "{Method} could not reach the database: {Problem}")]
    public static partial void DatabaseAway(this ILogger logger, string method, string problem);

    [LoggerMessage(9, LogLevel.Information, "Traces and metrics go to {Endpoint}")]
    public static partial void OtlpOn(this ILogger logger, Uri endpoint);

    [LoggerMessage(10, LogLevel.Debug, "A sweep was skipped: {Problem}")]
    public static partial void SweepSkipped(this ILogger logger, string problem);

    [LoggerMessage(11, LogLevel.Information, "{Count} partitions of the journal made")]
    public static partial void PartitionsMade(this ILogger logger, int count);

    [LoggerMessage(12, LogLevel.Debug, "Making partitions was skipped: {Problem}")]
    public static partial void PartitionsSkipped(this ILogger logger, string problem);

    [LoggerMessage(13, LogLevel.Error, "The journal's next partitions cannot be made")]
    public static partial void PartitionsFailed(this ILogger logger, Exception exception);

    [LoggerMessage(14, LogLevel.Information, "Verified {StockRows} stock rows in {Elapsed}: all is as it must be")]
    public static partial void Verified(this ILogger logger, long stockRows, TimeSpan elapsed);

    [LoggerMessage(
        15,
        LogLevel.Error,
        "INVARIANT_BROKEN: {Violations} rows are wrong, as verification {Verification} found; the first is {First}"
    )]
    public static partial void InvariantBroken(this ILogger logger, long violations, long verification, string first);

    [LoggerMessage(16, LogLevel.Warning, "The nightly verification was skipped: {Problem}")]
    public static partial void VerificationSkipped(this ILogger logger, string problem);

    [LoggerMessage(31, LogLevel.Warning, "Watchers hear nothing while the database is away: {Problem}")]
    public static partial void FeedStopped(this ILogger logger, string problem);

    [LoggerMessage(32, LogLevel.Error, "Watchers were not told of a part of the journal; it is read again")]
    public static partial void FeedFailed(this ILogger logger, Exception exception);

    [LoggerMessage(80, LogLevel.Information, "Scans are taken from the broker's queue {Queue}")]
    public static partial void ScansTaken(this ILogger logger, string queue);

    [LoggerMessage(81, LogLevel.Warning, "No scans are taken from the queue {Queue}, they wait there: {Problem}")]
    public static partial void ScansNotTaken(this ILogger logger, string queue, string problem);

    [LoggerMessage(82, LogLevel.Warning, "A message of scans that cannot be read went to {Queue}: {Reason}")]
    public static partial void ScansBuried(this ILogger logger, string queue, string reason);

    [LoggerMessage(90, LogLevel.Error, "Deliveries of {Subscription} cannot be made; they are tried again")]
    public static partial void DeliveriesFailed(this ILogger logger, Exception exception, string subscription);

    [LoggerMessage(91, LogLevel.Warning, "{Delivery} of {Subscription} is a dead letter: {Problem}")]
    public static partial void DeliveryDead(this ILogger logger, string delivery, string subscription, string problem);

    [LoggerMessage(92, LogLevel.Error, "Subscriptions cannot be leased; it is tried again")]
    public static partial void LeasesFailed(this ILogger logger, Exception exception);

    [LoggerMessage(93, LogLevel.Debug, "A connection to the broker was given up: {Problem}")]
    public static partial void BrokerGivenUp(this ILogger logger, string problem);

    [LoggerMessage(94, LogLevel.Information, "Events go to the broker's exchange {Exchange}")]
    public static partial void BrokerThere(this ILogger logger, string exchange);

    [LoggerMessage(110, LogLevel.Information, "{Count} snapshots of all stock finished")]
    public static partial void SnapshotsTaken(this ILogger logger, int count);

    [LoggerMessage(111, LogLevel.Information, "Archived: {Reservations} reservations, {Months} months of the journal")]
    public static partial void Archived(this ILogger logger, int reservations, int months);

    [LoggerMessage(112, LogLevel.Information, "A month of the journal could not be moved for now: {Problem}")]
    public static partial void ArchiveWaits(this ILogger logger, string problem);
}
