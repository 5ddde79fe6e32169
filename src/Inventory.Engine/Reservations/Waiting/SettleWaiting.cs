using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations.Waiting;

/// <summary>
/// Shares out anew what an item has among the lines that wait for it: proposes from what is read, without a lock, and
/// lets a conditional statement decide under the locks of all the item's rows.
/// </summary>
internal sealed class SettleWaiting(Cell cell, CommittedLevels committed)
{
    // One statement, so one snapshot. An item's queue is as long as it is: 10,000 lines are some 100 KiB.
    private const string ReadSql = """
        -- reservations.settle_read
        WITH shelf AS MATERIALIZED (
            SELECT s.stock_id, s.warehouse_id, NOT s.discontinued AND h.active AS open, s.available + s.waiting AS free, h.priority, h.code
            FROM stock s JOIN warehouse h ON h.warehouse_id = s.warehouse_id WHERE s.item_id = @ItemId)
        SELECT (SELECT turn FROM waiting_item WHERE item_id = @ItemId) AS turn, r.stock_ids, r.warehouse_ids, r.open, r.free,
            l.line_places, l.lines, l.line_warehouse_ids, l.sources, l.line_quantities,
            c.claim_places, c.claim_lines, c.claim_stock_ids, c.assigned, c.claimed
        FROM (
            SELECT array_agg(stock_id ORDER BY priority, code COLLATE "C") AS stock_ids,
                array_agg(warehouse_id ORDER BY priority, code COLLATE "C") AS warehouse_ids,
                array_agg(open ORDER BY priority, code COLLATE "C") AS open, array_agg(free ORDER BY priority, code COLLATE "C") AS free
            FROM shelf) r, (
            SELECT array_agg(w.place ORDER BY w.place, w.line) AS line_places, array_agg(w.line ORDER BY w.place, w.line) AS lines,
                array_agg(coalesce(w.warehouse_id, 0) ORDER BY w.place, w.line) AS line_warehouse_ids,
                array_agg(w.source ORDER BY w.place, w.line) AS sources, array_agg(w.quantity ORDER BY w.place, w.line) AS line_quantities
            FROM waiting_line w WHERE w.item_id = @ItemId) l, (
            SELECT array_agg(w.place) AS claim_places, array_agg(w.line) AS claim_lines, array_agg(w.stock_id) AS claim_stock_ids,
                array_agg(w.assigned) AS assigned, array_agg(w.quantity) AS claimed
            FROM waiting_claim w WHERE w.stock_id = ANY (ARRAY(SELECT stock_id FROM shelf))) c
        """;

    // Who has the item's turn knows all claims but those of lines that have come since, which stand behind, and of
    // lines that have left since, which are passed over. What is assigned must be there.
    private const string Sql = """
        -- reservations.settle_lock
        SELECT count(*) FROM (SELECT FROM stock WHERE stock_id = ANY (@StockIds) ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.settle
        WITH fit AS MATERIALIZED (
            SELECT bool_and(r.assigned = 0 OR coalesce(s.available + s.waiting >= r.assigned AND NOT s.discontinued AND h.active, false)) AS fits
            FROM unnest(@StockIds::bigint[], @Required::bigint[]) AS r (stock_id, assigned)
            LEFT JOIN stock s ON s.stock_id = r.stock_id AND s.stock_id = ANY (@StockIds) LEFT JOIN warehouse h ON h.warehouse_id = s.warehouse_id),
        turned AS (
            UPDATE waiting_item SET turn = turn + 1 WHERE item_id = @ItemId AND turn = @Turn AND (SELECT fits FROM fit) RETURNING item_id),
        claim AS MATERIALIZED (
            SELECT p.place, p.line, p.stock_id, p.assigned, p.quantity, l.reservation_id, p.quantity - coalesce(c.quantity, 0) AS more,
                NOT EXISTS (SELECT FROM waiting_claim o WHERE o.place = p.place AND o.stock_id = p.stock_id) AS is_new
            FROM unnest(@Places::bigint[], @Lines::smallint[], @ClaimStockIds::bigint[], @Assigned::bigint[], @Claimed::bigint[])
                AS p (place, line, stock_id, assigned, quantity)
            JOIN waiting_line l ON l.place = p.place AND l.line = p.line
            LEFT JOIN waiting_claim c ON c.place = p.place AND c.line = p.line AND c.stock_id = p.stock_id
            WHERE EXISTS (SELECT FROM turned)),
        share AS MATERIALIZED (
            SELECT reservation_id, stock_id, sum(more)::bigint AS more, bool_and(is_new) AS is_new, row_number() OVER (PARTITION BY stock_id ORDER BY place) AS nth
            FROM claim GROUP BY reservation_id, place, stock_id HAVING sum(more) <> 0),
        moved AS (
            UPDATE stock s SET waiting = s.waiting + t.more, version = s.version + t.changes
            FROM (SELECT stock_id, sum(more)::bigint AS more, count(*) AS changes FROM share GROUP BY stock_id) t
            WHERE s.stock_id = t.stock_id AND s.stock_id = ANY (@StockIds)
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, t.changes),
        kept AS (
            INSERT INTO waiting_claim (place, line, stock_id, assigned, quantity)
            SELECT place, line, stock_id, assigned, quantity FROM claim
            ON CONFLICT (place, line, stock_id) DO UPDATE SET assigned = excluded.assigned, quantity = excluded.quantity),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, waiting, kind, actor)
            SELECT clock_timestamp(), l.stock_id, m.version - m.changes + l.nth, l.reservation_id, l.more, CASE WHEN l.is_new THEN 50 ELSE 53 END, 'waiting'
            FROM share l JOIN moved m ON m.stock_id = l.stock_id ORDER BY l.stock_id, l.nth)
        SELECT (SELECT count(*)::int FROM turned) AS count, array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids,
            array_agg(warehouse_id) AS warehouse_ids, array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved,
            array_agg(available) AS available, array_agg(version) AS versions
        FROM moved
        """;

    /// <summary>Settles one item.</summary>
    /// <returns>Whether claims have changed; if not, they were right, or something came between.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<bool> ExecuteAsync(long itemId, CancellationToken cancellation) =>
        await ProposeAsync(itemId, cancellation) is { } proposal && await DecideAsync(proposal, cancellation);

    /// <summary>What is to change; none if nothing is.</summary>
    internal async Task<SettleProposal?> ProposeAsync(long itemId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var queue = await connection.QuerySingleAsync<WaitingQueue>(
            new CommandDefinition(ReadSql, new { ItemId = itemId }, cancellationToken: cancellation)
        );
        var rows = queue.Rows(itemId);
        var claims = ShareOut.Among(rows, queue.WaitingLines(itemId));
        var changes = queue.ChangesTo(claims);
        return changes.Count == 0 ? null : new(itemId, queue.Turn, rows, claims, changes);
    }

    /// <summary>Makes the changes, all or none.</summary>
    /// <returns>Whether it did.</returns>
    internal async Task<bool> DecideAsync(SettleProposal proposal, CancellationToken cancellation)
    {
        var assigned = proposal.Claims.ToLookup(c => c.StockId, c => c.Assigned);
        var parameters = new
        {
            proposal.ItemId,
            proposal.Turn,
            StockIds = proposal.Rows.Select(r => r.StockId).ToArray(),
            Required = proposal.Rows.Select(r => assigned[r.StockId].Sum()).ToArray(),
            Places = proposal.Changes.Select(c => c.Place).ToArray(),
            Lines = proposal.Changes.Select(c => c.Line).ToArray(),
            ClaimStockIds = proposal.Changes.Select(c => c.StockId).ToArray(),
            Assigned = proposal.Changes.Select(c => c.Assigned).ToArray(),
            Claimed = proposal.Changes.Select(c => c.Quantity).ToArray(),
        };
        var settled = await RacedInsert.RunAsync(cell, RunAsync, cancellation);
        committed.Publish(settled.Levels());
        return settled.Count > 0;

        async Task<Settled> RunAsync(NpgsqlConnection connection)
        {
            await using var results = await connection.QueryMultipleAsync(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            );
            await results.ReadSingleAsync<long>();
            return await results.ReadSingleAsync<Settled>();
        }
    }

    private sealed class Settled : ChangedLevels
    {
        public int Count { get; init; }
    }
}

/// <param name="ItemId">The item.</param>
/// <param name="Turn">The item's when it was read.</param>
/// <param name="Rows">All of the item's.</param>
/// <param name="Claims">All of its queue's, as they are to be.</param>
/// <param name="Changes">Those of them that are not so yet, and those that are over.</param>
internal sealed record SettleProposal(
    long ItemId,
    long Turn,
    IReadOnlyList<WaitingRow> Rows,
    IReadOnlyList<WaitingClaim> Claims,
    IReadOnlyList<WaitingClaim> Changes
);
