using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Lists deliveries page by page, the newest first.</summary>
public sealed class ListDeliveries(Cell cell)
{
    /// <summary>The most deliveries of a page.</summary>
    public const int PageSizeMax = 1_000;

    private const string Sql = """
        -- events.list_deliveries
        SELECT d.delivery_id, d.subscription_id, d.state::int AS state, d.attempts, cardinality(d.positions) AS event_count,
            d.positions[1] AS first_position, d.created_at, d.due_at, d.attempted_at, d.status, d.error
        FROM event_delivery d
        WHERE (@SubscriptionId::bigint IS NULL OR d.subscription_id = @SubscriptionId) AND (@State::smallint IS NULL OR d.state = @State)
            AND d.delivery_id < @Before::bigint
        ORDER BY d.delivery_id DESC LIMIT @Limit::int
        """;

    /// <param name="subscriptionId">Whose; null: everyone's.</param>
    /// <param name="state">Null: any.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>Null: the page token is not of this list.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<DeliveryPage?> ExecuteAsync(
        long? subscriptionId,
        DeliveryState? state,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = Fingerprint(subscriptionId, state);
        var place = new PageToken(long.MaxValue, "");
        if (!string.IsNullOrEmpty(pageToken) && !PageToken.TryRead(pageToken, fingerprint, out place))
        {
            return null;
        }

        var parameters = new
        {
            SubscriptionId = subscriptionId,
            State = (short?)state,
            Before = place.Number,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var rows = (await connection.QueryAsync<Delivery>(command)).AsList();
        return rows.Count <= pageSize
            ? new(rows, null)
            : new(rows[..pageSize], new PageToken(rows[pageSize - 1].DeliveryId, "").Write(fingerprint));
    }

    private static long Fingerprint(long? subscriptionId, DeliveryState? state)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("deliveries");
        content.Number(subscriptionId);
        content.Number((long?)state);
        return content.ToFingerprint();
    }
}

/// <summary>A page.</summary>
/// <param name="Deliveries">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record DeliveryPage(IReadOnlyList<Delivery> Deliveries, string? NextPageToken);
