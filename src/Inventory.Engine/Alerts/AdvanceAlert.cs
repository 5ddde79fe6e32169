using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>Acknowledges and resolves alerts for people, each step once a request id.</summary>
public sealed class AdvanceAlert(Cell cell)
{
    // The row is locked first, so that the second statement sees what the last step has left. The outcomes' numbers are
    // AlertStepOutcome's; replay comes before every refusal. What was done before stays as it was done first.
    private const string Sql = """
        -- alerts.advance_lock
        SELECT count(*) FROM (SELECT FROM alert a WHERE a.alert_id = @AlertId FOR NO KEY UPDATE) AS locked;
        -- alerts.advance
        WITH seen AS MATERIALIZED (
            SELECT r.fingerprint FROM request r WHERE r.request_key = @Key),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN a.alert_id IS NULL THEN 4
                    WHEN @Operation::smallint = 100 AND a.resolved_at IS NOT NULL THEN 5
                    ELSE 1
                END AS outcome
            FROM (SELECT) AS always LEFT JOIN seen s ON true LEFT JOIN alert a ON a.alert_id = @AlertId),
        changed AS (
            UPDATE alert t SET revision = t.revision + 1, xid = pg_current_xact_id(), note = coalesce(nullif(@Note, ''), t.note),
                acknowledged_at = CASE WHEN @Operation::smallint = 100 THEN clock_timestamp() ELSE t.acknowledged_at END,
                acknowledged_by = CASE WHEN @Operation::smallint = 100 THEN @Caller ELSE t.acknowledged_by END,
                resolved_at = CASE WHEN @Operation::smallint = 101 THEN clock_timestamp() ELSE t.resolved_at END,
                resolved_by = CASE WHEN @Operation::smallint = 101 THEN @Caller ELSE t.resolved_by END
            FROM judged j
            WHERE j.outcome = 1 AND t.alert_id = @AlertId
                AND CASE WHEN @Operation::smallint = 100 THEN t.acknowledged_at IS NULL ELSE t.resolved_at IS NULL END),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT clock_timestamp(), CASE WHEN @Operation::smallint = 100 THEN 'AcknowledgeAlert' ELSE 'ResolveAlert' END, @AlertId::text, @Key, @Caller, @Origin::int, @Trace::uuid FROM judged j WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, operation, answer)
            SELECT @Key, @Fingerprint, @Operation::smallint, jsonb_build_object('alert_id', @AlertId::bigint) FROM judged j WHERE j.outcome = 1)
        SELECT j.outcome FROM judged j;
        -- alerts.get
        SELECT a.alert_id, a.kind, a.subject, a.sku, a.warehouse, a.amount, a.threshold, a.message, a.raised_at, a.acknowledged_at,
            a.acknowledged_by, a.note, a.resolved_at, a.resolved_by, a.revision
        FROM alert a WHERE a.alert_id = @AlertId
        """;

    /// <summary>Takes a step.</summary>
    /// <param name="step">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<AlertStepAnswer> ExecuteAsync(AlertStep step, CancellationToken cancellation)
    {
        var parameters = new
        {
            step.AlertId,
            Caller = step.Caller.Name,
            step.Caller.Origin,
            step.Caller.Trace,
            step.Note,
            step.Operation,
            Key = RequestKey.Id(step.Caller, step.RequestId),
            Fingerprint = step.Fingerprint(),
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        return await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
    }

    private static async Task<AlertStepAnswer> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        var outcome = (AlertStepOutcome)await results.ReadSingleAsync<int>();
        return new(outcome, await results.ReadSingleOrDefaultAsync<Alert>());
    }
}
