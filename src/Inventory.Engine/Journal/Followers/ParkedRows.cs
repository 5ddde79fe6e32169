using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>
/// What a follower could not handle. Rows of the same stock row are parked behind it, and handled in their order once
/// it has been: no change of a stock row is seen before one that came first.
/// </summary>
internal static class ParkedRows
{
    private const string StockSql = """
        -- journal.parked_stock
        SELECT count(*) AS count, coalesce(array_agg(DISTINCT stock_id) FILTER (WHERE stock_id IS NOT NULL), '{}') AS stock_ids
        FROM journal_parked WHERE name = @Name
        """;

    private const string ParkSql = """
        -- journal.park
        INSERT INTO journal_parked (name, position, stock_id, error, attempts, due_at)
        SELECT @Name, p.position, p.stock_id, @Error, @Attempts::int, clock_timestamp() + @Attempts::int * interval '1 second'
        FROM unnest(@Positions::bigint[], @StockIds::bigint[]) AS p (position, stock_id)
        ON CONFLICT (name, position) DO NOTHING
        """;

    private const string DueSql = """
        -- journal.parked_due
        SELECT p.position, p.stock_id FROM journal_parked p
        WHERE p.name = @Name AND p.due_at <= clock_timestamp() AND NOT EXISTS (
            SELECT FROM journal_parked e WHERE e.name = p.name AND e.stock_id = p.stock_id AND e.position < p.position)
        ORDER BY p.position LIMIT 1
        """;

    private const string EntriesSql = """
        -- journal.parked_entries
        SELECT j.position, j.at, j.stock_id, j.version, j.document, coalesce(j.on_hand, 0) AS on_hand, coalesce(j.reserved, 0) AS reserved,
            coalesce(j.damaged, 0) AS damaged, coalesce(j.quality_control, 0) AS quality_control, coalesce(j.in_transit, 0) AS in_transit,
            coalesce(j.safety_stock, 0) AS safety_stock, coalesce(j.waiting, 0) AS waiting, j.kind, j.actor, j.trace, j.reason
        FROM (
            SELECT p.position FROM journal_parked p
            WHERE p.name = @Name AND (p.position = @Position::bigint OR p.stock_id = @StockId::bigint AND p.position > @Position::bigint)
            ORDER BY p.position LIMIT @Limit::int) AS due
        JOIN journal j ON j.position = due.position
        ORDER BY j.position
        """;

    private const string FailSql = """
        -- journal.parked_fail
        UPDATE journal_parked SET error = @Error, attempts = attempts + 1,
            due_at = clock_timestamp() + least(power(2, least(attempts, 10)), 300) * interval '1 second'
        WHERE name = @Name AND position = @Position::bigint
        """;

    private const string UnparkSql = """
        -- journal.unpark
        DELETE FROM journal_parked WHERE name = @Name AND position = ANY (@Positions::bigint[])
        """;

    private const int ErrorLengthMax = 1_000;

    /// <summary>How many, and of which stock rows.</summary>
    internal static Task<ParkedStock> StockAsync(
        NpgsqlConnection connection,
        string name,
        CancellationToken cancellation
    ) => connection.QuerySingleAsync<ParkedStock>(Command(StockSql, new { Name = name }, cancellation));

    /// <param name="connection">In the transaction that moves the cursor past them.</param>
    /// <param name="name">Whose.</param>
    /// <param name="entries">The rows.</param>
    /// <param name="error">Why; none for what waits behind another.</param>
    /// <param name="attempts">How often it has been tried.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static Task ParkAsync(
        NpgsqlConnection connection,
        string name,
        IReadOnlyCollection<JournalEntry> entries,
        string error,
        int attempts,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Name = name,
            Positions = entries.Select(e => e.Position).ToArray(),
            StockIds = entries.Select(e => e.StockId).ToArray(),
            Error = Cut(error),
            Attempts = attempts,
        };
        return connection.ExecuteAsync(Command(ParkSql, parameters, cancellation));
    }

    /// <returns>The first row of a stock row whose time has come; none if there is none.</returns>
    internal static Task<ParkedRow?> DueAsync(
        NpgsqlConnection connection,
        string name,
        CancellationToken cancellation
    ) => connection.QuerySingleOrDefaultAsync<ParkedRow?>(Command(DueSql, new { Name = name }, cancellation));

    /// <returns>It and what waits behind it, by position.</returns>
    internal static async Task<IReadOnlyList<JournalEntry>> EntriesAsync(
        NpgsqlConnection connection,
        string name,
        ParkedRow first,
        int limit,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Name = name,
            first.Position,
            first.StockId,
            Limit = limit,
        };
        return (await connection.QueryAsync<JournalEntry>(Command(EntriesSql, parameters, cancellation))).AsList();
    }

    internal static Task FailAsync(
        NpgsqlConnection connection,
        string name,
        long position,
        string error,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Name = name,
            Position = position,
            Error = Cut(error),
        };
        return connection.ExecuteAsync(Command(FailSql, parameters, cancellation));
    }

    /// <returns>How many were there.</returns>
    internal static Task<int> UnparkAsync(
        NpgsqlConnection connection,
        string name,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        var parameters = new { Name = name, Positions = entries.Select(e => e.Position).ToArray() };
        return connection.ExecuteAsync(Command(UnparkSql, parameters, cancellation));
    }

    private static string Cut(string error) => error.Length <= ErrorLengthMax ? error : error[..ErrorLengthMax];

    private static CommandDefinition Command(string sql, object parameters, CancellationToken cancellation) =>
        new(sql, parameters, cancellationToken: cancellation);
}

/// <summary>What is parked, in all.</summary>
internal sealed class ParkedStock
{
    public long Count { get; set; }

    public long[] StockIds { get; init; } = [];
}

/// <summary>A row that is parked.</summary>
internal sealed class ParkedRow
{
    public long Position { get; init; }

    public long? StockId { get; init; }
}
