using System.Globalization;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Counts;

/// <summary>Reads a count as it is now: how far it is, and its lines page by page.</summary>
public sealed class GetCount(Cell cell)
{
    private const string Sql = """
        -- counts.get
        SELECT c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state::int, c.whole, c.blind, c.warehouse, c.caller,
            c.request_id, c.reason
        FROM stock_count c WHERE c.count_id = @CountId
        """;

    private const string SheetSql = """
        -- counts.get_totals
        SELECT count(*) AS lines, count(l.counted) AS counted, count(l.approved_at) AS approved,
            count(*) FILTER (WHERE l.counted <> l.expected) AS different
        FROM count_line l WHERE l.count_id = @CountId;
        -- counts.get_stakes
        SELECT trim_scale(sum(abs(l.counted - l.expected) * l.unit_cost))::text AS amount, l.unit_cost_currency AS currency
        FROM count_line l WHERE l.count_id = @CountId AND l.counted <> l.expected AND l.unit_cost IS NOT NULL
        GROUP BY l.unit_cost_currency ORDER BY l.unit_cost_currency;
        -- counts.get_lines
        SELECT l.count_id, '' AS warehouse, l.item_id, l.sku, l.state::int, l.counted, l.expected, l.stock_version,
            trim_scale(abs(l.counted - l.expected) * l.unit_cost)::text AS value, l.unit_cost_currency AS currency,
            l.counted_at, l.counted_by, l.approved_at, l.approved_by
        FROM count_line l
        WHERE l.count_id = @CountId AND (l.item_id, l.state) > (@ItemId, @State::smallint)
            AND CASE @Selection::int
                WHEN 1 THEN l.counted IS NULL
                WHEN 2 THEN l.counted IS NOT NULL AND l.approved_at IS NULL
                WHEN 3 THEN l.approved_at IS NOT NULL
                ELSE true
            END
        ORDER BY l.item_id, l.state LIMIT @Limit
        """;

    /// <summary>The most lines of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>Reads the count alone.</summary>
    /// <returns>None if there is no such count.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<StockCount?> FindAsync(Guid countId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await FindAsync(connection, countId, cancellation);
    }

    /// <summary>Reads it.</summary>
    /// <param name="countId">Which one.</param>
    /// <param name="selection">Which lines; none: all.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same selection; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<CountSheet> ExecuteAsync(
        Guid countId,
        LineSelection? selection,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = Fingerprint(countId, selection);
        if (!TryRead(pageToken, fingerprint, out var place))
        {
            return Refused(GetCountOutcome.PageTokenInvalid);
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        if (await FindAsync(connection, countId, cancellation) is not { } count)
        {
            return Refused(GetCountOutcome.CountUnknown);
        }

        var parameters = new
        {
            CountId = countId,
            place.ItemId,
            place.State,
            Selection = (int?)selection,
            Limit = pageSize + 1,
        };
        await using var results = await connection.QueryMultipleAsync(
            new CommandDefinition(SheetSql, parameters, cancellationToken: cancellation)
        );
        var totals = await results.ReadSingleAsync<(long Lines, long Counted, long Approved, long Different)>();
        var stakes = (await results.ReadAsync<StakeValue>()).AsList();
        var lines = (await results.ReadAsync<CountLineRow>()).Select(r => r.ToLine()).ToList();
        var next = lines.Count > pageSize ? After(lines[pageSize - 1], fingerprint) : null;
        return new(
            GetCountOutcome.Found,
            count,
            totals.Lines,
            totals.Counted,
            totals.Approved,
            totals.Different,
            stakes,
            [.. lines.Take(pageSize)],
            next
        );
    }

    private static async Task<StockCount?> FindAsync(
        NpgsqlConnection connection,
        Guid countId,
        CancellationToken cancellation
    )
    {
        var command = new CommandDefinition(Sql, new { CountId = countId }, cancellationToken: cancellation);
        return (await connection.QuerySingleOrDefaultAsync<StoredCount>(command))?.ToCount();
    }

    private static CountSheet Refused(GetCountOutcome outcome) => new(outcome, null, 0, 0, 0, 0, [], [], null);

    private static long Fingerprint(Guid countId, LineSelection? selection)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("count lines");
        content.Text($"{countId}");
        content.Number((long?)selection);
        return content.ToFingerprint();
    }

    private static string After(CountLine last, long fingerprint) =>
        new PageToken(last.ItemId, ((int)last.State).ToString(CultureInfo.InvariantCulture)).Write(fingerprint);

    private static bool TryRead(string? token, long fingerprint, out (long ItemId, short State) place)
    {
        place = (0, 0);
        if (string.IsNullOrEmpty(token))
        {
            return true;
        }

        if (
            !PageToken.TryRead(token, fingerprint, out var read)
            || !short.TryParse(read.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var state)
        )
        {
            return false;
        }

        place = (read.Number, state);
        return true;
    }
}
