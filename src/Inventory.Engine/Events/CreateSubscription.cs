using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Subscribes a URL, once a request id.</summary>
public sealed class CreateSubscription(Cell cell)
{
    /// <summary>The most subscriptions: each has the journal read for itself.</summary>
    public const int SubscriptionsMax = 100;

    // The secret is not in the stored answer: the same request is told what the subscription has. Of two at the limit at
    // once both may come in.
    private const string Sql = """
        -- events.create_subscription
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        room AS MATERIALIZED (
            SELECT count(*) < @Max::int AS left FROM event_subscription s WHERE s.deleted_at IS NULL),
        created AS (
            INSERT INTO event_subscription (url, format, types, skus, warehouses, secret, cursor, created_at, created_by)
            SELECT @Url, @Format::smallint, @Types::text[], @Skus::text[], @Warehouses::text[], @Secret, @Cursor, c.now, @Caller
            FROM clock c, room WHERE NOT EXISTS (SELECT FROM seen) AND room.left
            RETURNING subscription_id, created_at, secret),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint::bigint, c.created_at, 90,
                jsonb_build_object('subscription_id', c.subscription_id, 'created_at', c.created_at)
            FROM created c)
        SELECT s.fingerprint AS seen, coalesce(c.subscription_id, (s.answer ->> 'subscription_id')::bigint, 0) AS subscription_id,
            coalesce(c.created_at, (s.answer ->> 'created_at')::timestamptz) AS created_at, coalesce(c.secret, o.secret, '') AS secret
        FROM clock
        LEFT JOIN seen s ON true
        LEFT JOIN created c ON true
        LEFT JOIN event_subscription o ON o.subscription_id = (s.answer ->> 'subscription_id')::bigint
        """;

    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again with the same request id is safe.
    /// </exception>
    public async Task<CreateSubscriptionAnswer> ExecuteAsync(NewSubscription asked, CancellationToken cancellation)
    {
        var fingerprint = asked.Fingerprint();
        var parameters = new
        {
            Key = RequestKey.Id(asked.Caller, asked.RequestId),
            Fingerprint = fingerprint,
            Max = SubscriptionsMax,
            asked.Url,
            Format = (short)asked.Format,
            Types = asked.Types.ToArray(),
            Skus = asked.Skus.ToArray(),
            Warehouses = asked.Warehouses.ToArray(),
            Secret = WebhookSecret.Make(),
            asked.Cursor,
            asked.Caller,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => c.QuerySingleAsync<Row>(command), cancellation);
        if (row.Seen is { } seen)
        {
            return seen == fingerprint
                ? new(CreateSubscriptionOutcome.Replayed, Made(asked, row))
                : new(CreateSubscriptionOutcome.RequestIdReused, null);
        }

        return row.SubscriptionId == 0
            ? new(CreateSubscriptionOutcome.TooMany, null)
            : new(CreateSubscriptionOutcome.Created, Made(asked, row));
    }

    private static Subscription Made(NewSubscription asked, Row row) =>
        new()
        {
            SubscriptionId = row.SubscriptionId,
            Url = asked.Url,
            Format = asked.Format,
            Types = [.. asked.Types],
            Skus = [.. asked.Skus],
            Warehouses = [.. asked.Warehouses],
            Secret = row.Secret,
            CreatedAt = row.CreatedAt!.Value,
            CreatedBy = asked.Caller,
        };

    private sealed class Row
    {
        /// <summary>The fingerprint under which the request id was used before.</summary>
        public long? Seen { get; init; }

        public long SubscriptionId { get; init; }

        public DateTime? CreatedAt { get; init; }

        public string Secret { get; init; } = "";
    }
}

/// <summary>
/// What became of a request to subscribe. Declared in the order they are checked. Append only; a number is never used
/// again.
/// </summary>
public enum CreateSubscriptionOutcome
{
    /// <summary>It is there now.</summary>
    Created = 1,

    /// <summary>The same request made it before.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There are as many as there may be.</summary>
    TooMany = 4,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Subscription">
/// With <see cref="CreateSubscriptionOutcome.Created"/> and <see cref="CreateSubscriptionOutcome.Replayed"/>; its secret
/// is empty once it was deleted.
/// </param>
public sealed record CreateSubscriptionAnswer(CreateSubscriptionOutcome Outcome, Subscription? Subscription);
