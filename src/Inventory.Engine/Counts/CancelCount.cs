using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Counts;

/// <summary>
/// Gives up a count: what was approved stays, the rest moves no stock any more. Asking again is a replay.
/// </summary>
public sealed class CancelCount(Cell cell)
{
    // The outcomes' numbers are CancelCountOutcome's.
    private const string Sql = """
        -- counts.cancel_lock
        SELECT count(*) FROM (SELECT FROM stock_count c WHERE c.count_id = @CountId FOR NO KEY UPDATE) AS locked;
        -- counts.cancel
        WITH seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        document AS MATERIALIZED (
            SELECT c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state, c.whole, c.blind, c.warehouse, c.caller,
                c.request_id, c.reason
            FROM stock_count c WHERE c.count_id = @CountId),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN d.count_id IS NULL THEN 4
                    WHEN @Expected::bigint <> d.version THEN 6
                    WHEN d.state = 3 THEN 2
                    WHEN d.state = 2 THEN 5
                    ELSE 1
                END AS outcome, e.answer
            FROM (SELECT) AS always LEFT JOIN seen e ON true LEFT JOIN document d ON true),
        advanced AS (
            UPDATE stock_count c SET version = c.version + 1, state = 3, ended_at = clock_timestamp()
            FROM judged j WHERE j.outcome = 1 AND c.count_id = @CountId
            RETURNING c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state, c.whole, c.blind, c.warehouse, c.caller,
                c.request_id, c.reason),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT a.ended_at, 'CancelCount', a.count_id::text, @Key, @Caller, @Origin::int, @Trace::uuid FROM advanced a),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, a.ended_at, 83, to_jsonb(a) FROM advanced a)
        SELECT j.outcome, coalesce((SELECT to_jsonb(a) FROM advanced a), CASE WHEN j.outcome = 2 THEN j.answer END,
            (SELECT to_jsonb(d) FROM document d))::text AS answer
        FROM judged j
        """;

    /// <summary>Cancels it.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">Ends the wait; it may happen all the same, and the same request finds it.</param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<CancelCountAnswer> ExecuteAsync(CountEnd request, CancellationToken cancellation)
    {
        var parameters = new
        {
            Key = RequestKey.Id(request.Caller, request.RequestId),
            Fingerprint = request.Fingerprint(),
            request.CountId,
            Expected = request.ExpectedVersion,
            Caller = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var (outcome, answer) = await RacedInsert.RunAsync(
            cell,
            async connection =>
            {
                await using var results = await connection.QueryMultipleAsync(command);
                await results.ReadSingleAsync<long>();
                return await results.ReadSingleAsync<(int Outcome, string? Answer)>();
            },
            cancellation
        );
        return new((CancelCountOutcome)outcome, answer is null ? null : StoredCount.Parse(answer));
    }
}
