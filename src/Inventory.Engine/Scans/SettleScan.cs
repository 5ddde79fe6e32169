using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Scans;

/// <summary>
/// What people do with a scan in quarantine: judge it again, say which item it was of, or dismiss it. It leaves
/// quarantine once; asked again for what was done, the answer is the same.
/// </summary>
public sealed class SettleScan(Cell cell, IngestScans ingest, CommittedLevels committed, StockDirectory directory)
{
    private const int AttemptsMax = 5;

    // Before the stock rows: nobody who has one waits for a scan that is kept.
    private const string LockSql = """
        -- scans.settle_lock
        SELECT s.state::int FROM scan s WHERE s.scan_id = @ScanId FOR NO KEY UPDATE
        """;

    private const string UpdateSql = """
        -- scans.settle_update
        WITH audited AS (
            INSERT INTO mutation (at, operation, target, actor, origin, trace)
            VALUES (clock_timestamp(), @Operation, @ScanId::uuid::text, @Caller, @Origin::int, @Trace::uuid))
        UPDATE scan SET state = @State, problem = @Problem, detail = @Detail, available = @Available,
            item_id = coalesce(@ItemId, item_id), warehouse_id = coalesce(@WarehouseId, warehouse_id),
            to_warehouse_id = coalesce(@ToWarehouseId, to_warehouse_id), note = @Note,
            settled_at = CASE WHEN @State::smallint <> 2 THEN clock_timestamp() END,
            settled_by = CASE WHEN @State::smallint <> 2 THEN @Caller END
        WHERE scan_id = @ScanId
        """;

    /// <summary>Judges it again, or by another item, or dismisses it.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">Ends the wait; the effect may happen all the same, and asking again finds it.</param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    /// <exception cref="TimeoutException">Too many look-ups wait, or names kept changing; likewise.</exception>
    public async Task<SettleScanAnswer> ExecuteAsync(ScanSettlement request, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            await using var connection = await cell.Bulk.OpenConnectionAsync(cancellation);
            if (await GetScan.FindAsync(connection, request.ScanId, cancellation) is not { } kept)
            {
                return new(SettleScanOutcome.ScanUnknown, null);
            }

            if (kept.State != ScanState.Quarantined)
            {
                return await DescribeAsync(request, kept, cancellation);
            }

            if (request.Sku is { } sku && !(await directory.FindAsync([sku], cancellation)).ContainsKey(sku))
            {
                return new(SettleScanOutcome.SkuUnknown, kept);
            }

            if (await TryAsync(connection, request, kept, isFresh: attempt > 1, cancellation))
            {
                return new(
                    SettleScanOutcome.Done,
                    await GetScan.FindAsync(connection, request.ScanId, CancellationToken.None)
                );
            }
        }

        throw new TimeoutException("What the scan names kept changing.");
    }

    /// <summary>It has left quarantine before: by the same request, or by another.</summary>
    private async Task<SettleScanAnswer> DescribeAsync(
        ScanSettlement request,
        KeptScan kept,
        CancellationToken cancellation
    )
    {
        var items = request.Sku is { } sku ? await directory.FindAsync([sku], cancellation) : null;
        var isSame =
            kept.SettledAt is not null
            && (kept.State == ScanState.Dismissed) == request.Dismiss
            && (request.Sku is null || items!.GetValueOrDefault(request.Sku)?.Sku == kept.Sku);
        return new(isSame ? SettleScanOutcome.Replayed : SettleScanOutcome.OtherState, kept);
    }

    /// <returns>Whether it is done; otherwise what it was judged by has changed.</returns>
    private async Task<bool> TryAsync(
        NpgsqlConnection connection,
        ScanSettlement request,
        KeptScan kept,
        bool isFresh,
        CancellationToken cancellation
    )
    {
        var scan = kept.Scan;
        if (request.Sku is { } sku)
        {
            var isNamed = scan.Flaw is { Problem: ScanProblem.IdentifierMalformed };
            scan = scan with { Sku = sku, Flaw = isNamed ? null : scan.Flaw };
        }

        // What is dismissed begins no stock row.
        var resolved = request.Dismiss
            ? new ResolvedScan(scan)
            : (await ingest.Names.ExecuteAsync(request.Caller, [scan], isFresh, cancellation))[0];
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var locked = await connection.QuerySingleOrDefaultAsync<int?>(
            new CommandDefinition(LockSql, new { request.ScanId }, cancellationToken: cancellation)
        );
        if (locked != (int)ScanState.Quarantined)
        {
            return false;
        }

        var found = await ScanStatements.TakeAsync(connection, TakenScans.Of([resolved], TimeSpan.Zero));
        var judging = new ScanBatch(found, TimeSpan.Zero);
        if (!request.Dismiss && judging.IsStale([resolved]))
        {
            return false;
        }

        var (flaw, available) = request.Dismiss
            ? (new ScanFlaw(kept.Problem!.Value, kept.Detail), kept.Available)
            : judging.Settle(request.Caller, resolved, kept.ScanId);
        await ScanStatements.WriteAsync(connection, WrittenScans.Of(judging));
        await UpdateAsync(connection, request, resolved, flaw, available, cancellation);
        // A caller that leaves now would not keep it from happening, only us from knowing.
        await transaction.CommitAsync(CancellationToken.None);
        committed.Publish([.. judging.Changed.Select(s => s.ToLevel())]);
        return true;
    }

    private static Task<int> UpdateAsync(
        NpgsqlConnection connection,
        ScanSettlement request,
        ResolvedScan resolved,
        ScanFlaw? flaw,
        long? available,
        CancellationToken cancellation
    )
    {
        var state =
            request.Dismiss ? ScanState.Dismissed
            : flaw is null ? ScanState.Accepted
            : ScanState.Quarantined;
        var parameters = new
        {
            request.ScanId,
            State = (short)state,
            Problem = (short?)flaw?.Problem,
            flaw?.Detail,
            Available = available,
            resolved.ItemId,
            resolved.WarehouseId,
            resolved.ToWarehouseId,
            request.Note,
            Operation = request.Dismiss || request.Sku is not null ? "ResolveScan" : "RetryScan",
            Caller = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
        };
        return connection.ExecuteAsync(new CommandDefinition(UpdateSql, parameters, cancellationToken: cancellation));
    }
}
