using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Expiry;

/// <summary>
/// Ends holds whose time has come, each once, on any number of nodes. A due hold blocks no sale before this has met
/// it; this makes room in the tables and in <c>reserved</c>.
/// </summary>
public sealed class ExpireHolds : IAsyncDisposable
{
    // Of a sweep's due holds it takes what nobody else has, and leaves the rest to them. A sale names the rows that
    // it needs, and waits for whoever has their documents, in id order, before it claims. What was claimed is told to
    // the statements behind by a setting that lasts for this transaction: all is one round trip, and no transaction
    // waits for a client with rows locked.
    private const string Sql = """
        -- expiry.wait
        SELECT count(*) FROM (
            SELECT FROM reservation
            WHERE reservation_id = ANY (ARRAY(
                SELECT r.reservation_id FROM reservation r
                WHERE cardinality(@StockIds::bigint[]) > 0
                    AND r.state = 2 AND r.expires_at <= (SELECT clock_timestamp()) AND r.stock_ids && @StockIds
                ORDER BY r.expires_at LIMIT @Limit))
            ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- expiry.claim
        SELECT set_config('inventory.due', coalesce(array_agg(d.reservation_id)::text, '{}'), true)
        FROM (
            SELECT reservation_id FROM reservation
            WHERE state = 2 AND expires_at <= (SELECT clock_timestamp())
                AND (cardinality(@StockIds::bigint[]) = 0 OR stock_ids && @StockIds)
            ORDER BY expires_at LIMIT @Limit FOR NO KEY UPDATE SKIP LOCKED) d;
        -- expiry.lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock
            WHERE stock_id = ANY (ARRAY(
                SELECT unnest(CASE WHEN r.state = 2 THEN r.stock_ids END) FROM reservation r
                WHERE r.reservation_id = ANY (current_setting('inventory.due')::uuid[])))
            ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- expiry.end
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        claimed AS MATERIALIZED (
            SELECT r.reservation_id, r.state, r.expires_at, r.stock_ids, coalesce(r.held, r.quantities) AS held
            FROM reservation r
            WHERE r.reservation_id = ANY (current_setting('inventory.due')::uuid[])),
        document AS MATERIALIZED (
            SELECT reservation_id, stock_ids, held FROM claimed
            WHERE state = 2 AND expires_at <= (SELECT now FROM clock)),
        line AS MATERIALIZED (
            SELECT u.reservation_id, u.stock_id, u.quantity
            FROM (SELECT reservation_id, unnest(stock_ids) AS stock_id, unnest(held) AS quantity FROM document) u
            WHERE u.quantity > 0),
        moved AS (
            UPDATE stock s SET reserved = s.reserved - t.quantity, version = s.version + t.changes
            FROM (SELECT stock_id, sum(quantity)::bigint AS quantity, count(*) AS changes FROM line GROUP BY stock_id) t
            WHERE s.stock_id = t.stock_id AND s.stock_id = ANY (ARRAY(SELECT stock_id FROM line))
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, t.changes),
        ended AS (
            UPDATE reservation r SET state = 7, ended_at = (SELECT now FROM clock), version = r.version + 1
            WHERE r.reservation_id = ANY (ARRAY(SELECT reservation_id FROM document))),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, reserved, kind, actor)
            SELECT (SELECT now FROM clock), l.stock_id, m.version - m.changes + l.place, l.reservation_id, -l.quantity, 6, 'expiry'
            FROM (
                SELECT reservation_id, stock_id, quantity, row_number() OVER (PARTITION BY stock_id ORDER BY reservation_id) AS place
                FROM line) l
            JOIN moved m ON m.stock_id = l.stock_id
            ORDER BY l.stock_id, l.place)
        SELECT (SELECT count(*)::int FROM document) AS count, array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids,
            array_agg(warehouse_id) AS warehouse_ids, array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved,
            array_agg(available) AS available, array_agg(version) AS versions
        FROM moved
        """;

    private readonly CommittedLevels committed;
    private readonly Coalescer<int, int> sweeps;
    private readonly Coalescer<long[], bool> drains;

    /// <summary>Starts the lanes; they connect at the first call.</summary>
    public ExpireHolds(Cell cell, CommittedLevels committed)
    {
        this.committed = committed;
        sweeps = new(
            cell,
            new CoalescerOptions
            {
                Operation = "expiry.sweep",
                Lanes = 1,
                BatchSizeMax = 1,
            },
            0,
            SweepAsync
        );
        drains = new(cell, new CoalescerOptions { Operation = "expiry.end_due", Lanes = 1 }, false, EndDueAsync);
    }

    /// <summary>The most holds that one statement ends.</summary>
    public const int BatchSizeMax = 500;

    /// <summary>Ends due holds, in batches, until a short batch says that there are no more.</summary>
    /// <param name="cancellation">Ends the sweep between two batches.</param>
    /// <returns>How many ended.</returns>
    /// <exception cref="NpgsqlException">The database is away; a sweep is safe to run again.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var total = 0;
        int count;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            count = await sweeps.SubmitAsync(BatchSizeMax, cancellation);
            total += count;
        } while (count == BatchSizeMax);
        return total;
    }

    /// <summary>
    /// Ends the due holds of some rows, waiting for whoever is at them. Callers that ask at the same time share a
    /// statement.
    /// </summary>
    /// <param name="stockIds">The rows.</param>
    /// <param name="cancellation">Lets the caller leave.</param>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public async ValueTask EndDueAsync(long[] stockIds, CancellationToken cancellation) =>
        await drains.SubmitAsync(stockIds, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await sweeps.DisposeAsync();
        await drains.DisposeAsync();
    }

    private async Task SweepAsync(NpgsqlConnection connection, IReadOnlyList<Pending<int, int>> batch)
    {
        await using var results = await connection.QueryMultipleAsync(
            Sql,
            new { StockIds = Array.Empty<long>(), Limit = batch[0].Request }
        );
        batch[0].Settle(await ReadAsync(results));
    }

    private async Task EndDueAsync(NpgsqlConnection connection, IReadOnlyList<Pending<long[], bool>> batch)
    {
        var stockIds = batch.SelectMany(p => p.Request).Distinct().ToArray();
        await using (
            var results = await connection.QueryMultipleAsync(Sql, new { StockIds = stockIds, Limit = BatchSizeMax })
        )
        {
            await ReadAsync(results);
        }

        foreach (var pending in batch)
        {
            pending.Settle(true);
        }
    }

    private async Task<int> ReadAsync(SqlMapper.GridReader results)
    {
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<string>();
        await results.ReadSingleAsync<long>();
        var row = await results.ReadSingleAsync<Row>();
        committed.Publish(row.Levels());
        return row.Count;
    }

    private sealed class Row
    {
        public int Count { get; init; }

        public long[]? StockIds { get; init; }

        public long[] ItemIds { get; init; } = [];

        public int[] WarehouseIds { get; init; } = [];

        public long[] OnHand { get; init; } = [];

        public long[] Reserved { get; init; } = [];

        public long[] Available { get; init; } = [];

        public long[] Versions { get; init; } = [];

        internal IReadOnlyList<StockLevel> Levels() =>
            [
                .. (StockIds ?? []).Select(
                    (id, i) =>
                        new StockLevel(
                            id,
                            ItemIds[i],
                            WarehouseIds[i],
                            OnHand[i],
                            Reserved[i],
                            Available[i],
                            Versions[i]
                        )
                ),
            ];
    }
}
