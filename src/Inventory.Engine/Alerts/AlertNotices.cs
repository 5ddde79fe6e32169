using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>
/// The queue of what is to be told of alerts, and where. Each notice is sent at least once; those of an alert in the
/// order of its changes. Any number of nodes may send.
/// </summary>
public sealed class AlertNotices(Cell cell)
{
    /// <summary>After so many attempts, about two days, a notice is given up.</summary>
    public const int AttemptsMax = 60;

    private const int ErrorLengthMax = 500;

    private const string QueueSql = """
        -- alerts.queue_notices
        WITH fresh AS MATERIALIZED (
            SELECT a.alert_id, a.told, a.due FROM alert a WHERE a.told <> a.due
            ORDER BY a.alert_id LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED),
        told AS (
            UPDATE alert a SET told = f.due FROM fresh f WHERE a.alert_id = f.alert_id)
        INSERT INTO alert_notice (alert_id, event, channel)
        SELECT f.alert_id, e.event, c.channel
        FROM fresh f CROSS JOIN (VALUES (1::smallint), (2::smallint)) AS e (event) CROSS JOIN unnest(@Channels::smallint[]) AS c (channel)
        WHERE f.due & e.event <> 0 AND f.told & e.event = 0
        ORDER BY f.alert_id, e.event
        """;

    // An attempt has half a minute before another node may make the next; the pauses double up to an hour.
    private const string ClaimSql = """
        -- alerts.claim_notices
        WITH due AS MATERIALIZED (
            SELECT n.notice_id FROM alert_notice n
            WHERE n.sent_at IS NULL AND n.attempts < @AttemptsMax AND n.due_at <= clock_timestamp() AND n.channel = ANY (@Channels::smallint[])
                AND NOT EXISTS (
                    SELECT FROM alert_notice e
                    WHERE e.alert_id = n.alert_id AND e.channel = n.channel AND e.notice_id < n.notice_id AND e.sent_at IS NULL
                        AND e.attempts < @AttemptsMax)
            ORDER BY n.due_at, n.notice_id LIMIT @Limit FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE alert_notice n SET attempts = n.attempts + 1,
            due_at = clock_timestamp() + greatest(30, least(power(2, least(n.attempts, 20)), 3600)) * (1 + random() / 5) * interval '1 second'
        FROM due d, alert a
        WHERE n.notice_id = d.notice_id AND a.alert_id = n.alert_id
        RETURNING n.notice_id, n.event, n.channel, n.attempts, a.alert_id, a.kind, a.subject, a.sku, a.warehouse, a.amount, a.threshold,
            a.message, a.raised_at, a.acknowledged_at, a.acknowledged_by, a.note, a.resolved_at, a.resolved_by, a.revision
        """;

    private const string SentSql = """
        -- alerts.notice_sent
        UPDATE alert_notice SET sent_at = clock_timestamp(), error = '' WHERE notice_id = @NoticeId
        """;

    private const string FailedSql = """
        -- alerts.notice_failed
        UPDATE alert_notice SET error = @Error WHERE notice_id = @NoticeId
        """;

    /// <summary>Queues what has not been told of the next alerts. Without a channel they count as told.</summary>
    /// <returns>How many notices were queued.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public Task<int> QueueAsync(IReadOnlyCollection<NoticeChannel> channels, CancellationToken cancellation) =>
        ExecuteAsync(QueueSql, new { Channels = channels.Select(c => (short)c).ToArray() }, cancellation);

    /// <summary>Takes notices whose time has come; nobody else has them for half a minute.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<AlertNotice>> ClaimAsync(
        IReadOnlyCollection<NoticeChannel> channels,
        int limit,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Channels = channels.Select(c => (short)c).ToArray(),
            Limit = limit,
            AttemptsMax,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(ClaimSql, parameters, cancellationToken: cancellation);
        var claimed = await connection.QueryAsync<Row, Alert, AlertNotice>(
            command,
            (row, alert) => new(row.NoticeId, (AlertEvent)row.Event, (NoticeChannel)row.Channel, row.Attempts, alert),
            splitOn: "alert_id"
        );
        return [.. claimed.OrderBy(n => n.NoticeId)];
    }

    /// <summary>It has been sent.</summary>
    /// <exception cref="NpgsqlException">The database is away; it will be sent again.</exception>
    public Task SentAsync(long noticeId, CancellationToken cancellation) =>
        ExecuteAsync(SentSql, new { NoticeId = noticeId }, cancellation);

    /// <summary>It could not be sent, and why.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public Task FailedAsync(long noticeId, string error, CancellationToken cancellation) =>
        ExecuteAsync(
            FailedSql,
            new { NoticeId = noticeId, Error = error.Length <= ErrorLengthMax ? error : error[..ErrorLengthMax] },
            cancellation
        );

    private async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }

    private sealed class Row
    {
        public long NoticeId { get; init; }

        public short Event { get; init; }

        public short Channel { get; init; }

        public int Attempts { get; init; }
    }
}
