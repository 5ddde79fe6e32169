using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Past;

/// <summary>
/// Says what stock was at a time: of each row what it had before its first change that is later. That is a state which
/// it really was in, even where the clock was put back. It is reckoned from the last snapshot of the row before the
/// time, so that few changes are read, however many there have been.
/// </summary>
public sealed class GetInventoryAt(Cell cell, StockDirectory directory)
{
    /// <summary>The most rows of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>Reads a page.</summary>
    /// <param name="filter">What and when. A change that is not committed yet is not there, whatever its time.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<PastAnswer> ExecuteAsync(
        PastFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        var after = 0L;
        if (!string.IsNullOrEmpty(pageToken))
        {
            if (!PageToken.TryRead(pageToken, fingerprint, out var place))
            {
                return new(PastOutcome.PageTokenInvalid, [], null);
            }

            after = place.Number;
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        if (filter.StockId is { } one)
        {
            var rows = await DescribeAsync(connection, [one], filter.At, cancellation);
            return rows.Count == 0 ? new(PastOutcome.StockUnknown, [], null) : new(PastOutcome.Read, rows, null);
        }

        var (parameters, refusal) = await ResolveAsync(connection, filter, cancellation);
        if (parameters is null)
        {
            return new(refusal, [], null);
        }

        parameters = parameters with { After = after, Limit = pageSize + 1 };
        var ids = await PastStatements.RowsAsync(connection, parameters, cancellation);
        long[] page = [.. ids.Take(pageSize)];
        var found = await DescribeAsync(connection, page, filter.At, cancellation);
        return new(
            PastOutcome.Read,
            [.. found.Where(r => r.Version > 0)],
            ids.Length > pageSize ? new PageToken(page[^1], "").Write(fingerprint) : null
        );
    }

    private async Task<List<PastStock>> DescribeAsync(
        NpgsqlConnection connection,
        long[] stockIds,
        DateTime at,
        CancellationToken cancellation
    )
    {
        var levels = await PastStatements.LevelsAsync(connection, stockIds, at, cancellation);
        var owners = await directory.DescribeAsync(stockIds, cancellation);
        var rows = new List<PastStock>(levels.Count);
        foreach (var level in levels)
        {
            if (owners.TryGetValue(level.StockId, out var owner))
            {
                rows.Add(Of(level, owner));
            }
        }

        return rows;
    }

    private static PastStock Of(PastRow row, StockOwner owner) =>
        new()
        {
            StockId = row.StockId,
            Sku = owner.Sku,
            Warehouse = owner.Warehouse,
            Version = row.Version,
            ChangedAt = row.Version == 0 ? null : row.At,
            Amounts = new(
                row.OnHand,
                row.Reserved,
                row.Damaged,
                row.QualityControl,
                row.InTransit,
                row.SafetyStock,
                row.Waiting
            ),
            ChangesRead = row.ChangesRead,
        };

    private async Task<(PastParameters? Parameters, PastOutcome Refusal)> ResolveAsync(
        NpgsqlConnection connection,
        PastFilter filter,
        CancellationToken cancellation
    )
    {
        var item = filter.Sku is { } sku
            ? (await directory.ReadAsync([sku], cancellation)).GetValueOrDefault(sku)
            : null;
        var warehouse = filter.Warehouse is { } name ? await directory.FindWarehouseAsync(name, cancellation) : null;
        if ((filter.Sku is not null && item is null) || (filter.Warehouse is not null && warehouse is null))
        {
            var (knewSku, knewWarehouse) = await PastStatements.WereKnownAsync(
                connection,
                filter.Sku,
                filter.Warehouse,
                cancellation
            );
            if (filter.Sku is not null && item is null && !knewSku)
            {
                return (null, PastOutcome.SkuUnknown);
            }

            if (filter.Warehouse is not null && warehouse is null && !knewWarehouse)
            {
                return (null, PastOutcome.WarehouseUnknown);
            }
        }

        var parameters = new PastParameters
        {
            ItemId = item?.ItemId ?? 0,
            Sku = item?.Sku ?? filter.Sku,
            WarehouseId = filter.Warehouse is null ? null : warehouse?.WarehouseId ?? 0,
            Warehouse = warehouse?.Code ?? filter.Warehouse,
            At = filter.At,
        };
        return (parameters, default);
    }
}
