using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations.Waiting;

/// <summary>
/// Lets a request wait. One round trip, one implicit transaction: lock the rows that may serve it in key order, then
/// judge once more what a fresh snapshot shows, and queue behind those who wait there.
/// </summary>
internal sealed class JoinWaiting(Cell cell, StockDirectory directory, CommittedLevels committed, GrantWaiting grants)
{
    // What is judged under the locks is what whoever makes more available has committed: an increase comes before, and
    // is seen here, or after, and finds who waits. Claims that count on more than is there, or lack what is there, were
    // made of an older state. The outcomes' numbers are WaitOutcome's.
    private const string Sql = """
        -- reservations.wait_lock
        SELECT count(*) FROM (SELECT FROM stock WHERE stock_id = ANY (@StockIds) ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.wait
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint FROM reservation r WHERE r.reservation_id = @Id
            UNION ALL
            SELECT r.fingerprint FROM reservation_archive r WHERE r.reservation_id = @Id),
        claim AS MATERIALIZED (
            SELECT * FROM unnest(@ClaimLines::smallint[], @StockIds::bigint[], @Assigned::bigint[], @Claimed::bigint[])
                AS c (line, stock_id, assigned, quantity)),
        shelf AS MATERIALIZED (
            SELECT c.stock_id, c.assigned, c.quantity, s.available, s.discontinued OR NOT w.active AS closed
            FROM (
                SELECT stock_id, sum(assigned)::bigint AS assigned, sum(quantity)::bigint AS quantity FROM claim GROUP BY stock_id) c
            LEFT JOIN stock s ON s.stock_id = c.stock_id AND s.stock_id = ANY (@StockIds) LEFT JOIN warehouse w ON w.warehouse_id = s.warehouse_id),
        judged AS MATERIALIZED (
            SELECT CASE
                WHEN EXISTS (SELECT FROM seen) THEN 2
                WHEN bool_or(coalesce(closed, true) OR assigned > greatest(available, 0) OR (quantity > assigned AND available > assigned))
                    OR bool_and(quantity = assigned) THEN 3
                ELSE 1
            END AS outcome
            FROM shelf),
        come AS MATERIALIZED (
            SELECT nextval('waiting_place') AS place, c.now, c.now + @WaitMs * interval '1 millisecond' AS until
            FROM clock c, judged j WHERE j.outcome = 1),
        moved AS (
            UPDATE stock s SET waiting = s.waiting + k.quantity, version = s.version + 1
            FROM shelf k, come c WHERE s.stock_id = k.stock_id AND s.stock_id = ANY (@StockIds)
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, k.quantity),
        kept AS (
            INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, state, caller, request_id, order_id,
                stock_ids, quantities, terms)
            SELECT @Id, @Fingerprint, c.now, c.until, 1, @Caller, @RequestId, @OrderId, @FirstStockIds, @FirstQuantities, @Terms::jsonb
            FROM come c),
        turned AS (
            INSERT INTO waiting_item (item_id) SELECT DISTINCT l.item_id FROM unnest(@ItemIds::bigint[]) AS l (item_id), come c ORDER BY l.item_id
            ON CONFLICT (item_id) DO NOTHING),
        queued AS (
            INSERT INTO waiting_line (place, line, reservation_id, item_id, warehouse_id, source, quantity, hold_ms, until)
            SELECT c.place, l.line, @Id, l.item_id, nullif(l.warehouse_id, 0), @Source::smallint, l.quantity, @HoldMs, c.until
            FROM unnest(@Lines::smallint[], @ItemIds::bigint[], @WarehouseIds::int[], @Quantities::bigint[])
                AS l (line, item_id, warehouse_id, quantity), come c),
        claimed AS (
            INSERT INTO waiting_claim (place, line, stock_id, assigned, quantity)
            SELECT c.place, k.line, k.stock_id, k.assigned, k.quantity FROM claim k, come c),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, waiting, kind, actor, origin, trace)
            SELECT c.now, m.stock_id, m.version, @Id, m.quantity, 50, @Caller, @Origin::int, @Trace::uuid FROM moved m, come c ORDER BY m.stock_id)
        SELECT j.outcome, (SELECT now FROM clock) AS now, (SELECT fingerprint FROM seen) AS fingerprint, v.stock_ids, v.item_ids,
            v.warehouse_ids, v.on_hand, v.reserved, v.available, v.versions
        FROM judged j, (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved, array_agg(available) AS available,
                array_agg(version) AS versions
            FROM moved) v
        """;

    /// <summary>Lets an attempt wait, shown as its proposal says.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<(WaitOutcome Outcome, DateTime Now, long? Fingerprint)> ExecuteAsync(
        ReserveAttempt attempt,
        RefusalProof proof,
        CancellationToken cancellation
    )
    {
        var (lines, claims) = WaitProposal.Of(attempt, proof, directory.Warehouses);
        var parameters = new
        {
            attempt.Id,
            attempt.Fingerprint,
            Caller = attempt.Request.Caller.Name,
            attempt.Request.Caller.Origin,
            attempt.Request.Caller.Trace,
            attempt.Request.RequestId,
            attempt.Request.OrderId,
            Terms = attempt.Terms?.ToJson(),
            attempt.Request.HoldMs,
            WaitMs = attempt.Request.WaitMs!.Value,
            Source = (short)attempt.Request.Source,
            FirstStockIds = Array.ConvertAll(attempt.Proposal, p => p.StockId),
            FirstQuantities = Array.ConvertAll(attempt.Proposal, p => p.Quantity),
            Lines = lines.Select(l => l.Line).ToArray(),
            ItemIds = lines.Select(l => l.ItemId).ToArray(),
            WarehouseIds = lines.Select(l => l.WarehouseId ?? 0).ToArray(),
            Quantities = lines.Select(l => l.Quantity).ToArray(),
            ClaimLines = claims.Select(c => c.Line).ToArray(),
            StockIds = claims.Select(c => c.StockId).ToArray(),
            Assigned = claims.Select(c => c.Assigned).ToArray(),
            Claimed = claims.Select(c => c.Quantity).ToArray(),
        };
        var row = await RacedInsert.RunAsync(cell, RunAsync, cancellation);
        if (row.Outcome == (int)WaitOutcome.Waits)
        {
            committed.Publish(row.Levels());
            grants.Ring();
        }

        return ((WaitOutcome)row.Outcome, row.Now, row.Fingerprint);

        async Task<WaitRow> RunAsync(NpgsqlConnection connection)
        {
            await using var results = await connection.QueryMultipleAsync(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            );
            await results.ReadSingleAsync<long>();
            return await results.ReadSingleAsync<WaitRow>();
        }
    }

    /// <summary>The answer, with the rows at which it waits as they are now.</summary>
    private sealed class WaitRow : ChangedLevels
    {
        public int Outcome { get; init; }

        public DateTime Now { get; init; }

        public long? Fingerprint { get; init; }
    }
}

/// <summary>What became of a request to wait.</summary>
internal enum WaitOutcome
{
    /// <summary>It waits.</summary>
    Waits = 1,

    /// <summary>Its id is there.</summary>
    Seen = 2,

    /// <summary>By now it fits, or is served no more: it is to be judged again.</summary>
    Again = 3,
}
