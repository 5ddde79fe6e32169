using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Lists changes of stock page by page, the newest first: of a SKU or a reservation by the journals of its stock rows,
/// of all by the whole journal. It needs no index that sales would have to keep.
/// </summary>
public sealed class ListTransactions(Cell cell, StockDirectory directory)
{
    /// <summary>The most changes of a page.</summary>
    public const int PageSizeMax = 1_000;

    // A statement looks at few rows first and at more while the page is not full. When it has looked at so many, the
    // page ends where it is, and its token goes on from there.
    private const int ScanMin = 256;
    private const int ScanMax = 32_000;

    // The ends of time, which the database knows as infinity.
    private static readonly DateTime Never = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
    private static readonly DateTime Always = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    // Of a reservation's times the database keeps millionths of a second; its end is still a part of it.
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListTransactionsAnswer> ExecuteAsync(
        TransactionFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        PageToken? place = null;
        if (!string.IsNullOrEmpty(pageToken) && !PageToken.TryRead(pageToken, fingerprint, out place))
        {
            return new(ListTransactionsOutcome.PageTokenInvalid, [], null);
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var (parameters, refusal) = await ResolveAsync(connection, filter, cancellation);
        if (parameters is null)
        {
            return new(refusal, [], null);
        }

        var position =
            place?.Number
            ?? (
                parameters.StockIds is null && parameters.Before != Never
                    ? await TransactionStatements.PlaceAsync(connection, parameters.Before, cancellation)
                    : long.MaxValue
            );
        var (rows, next) = await CollectAsync(connection, parameters, position, pageSize, cancellation);
        var levels = await TransactionStatements.LevelsAsync(connection, rows, cancellation);
        var stockIds = rows.Select(r => r.StockId).Where(id => id != 0).Distinct();
        var owners = await directory.DescribeAsync([.. stockIds], cancellation);
        var page = rows.Select(r =>
            r.ToTransaction(
                owners.GetValueOrDefault(r.StockId),
                levels.TryGetValue((r.StockId, r.Version), out var after) ? after : null
            )
        );
        return new(
            ListTransactionsOutcome.Listed,
            [.. page],
            next is { } behind ? new PageToken(behind, "").Write(fingerprint) : null
        );
    }

    private async Task<(TransactionParameters? Parameters, ListTransactionsOutcome Refusal)> ResolveAsync(
        NpgsqlConnection connection,
        TransactionFilter filter,
        CancellationToken cancellation
    )
    {
        ItemRows? item = null;
        if (filter.Sku is { } sku)
        {
            // Read anew: what is remembered may lack rows, and their changes would be missing.
            item = (await directory.ReadAsync([sku], cancellation)).GetValueOrDefault(sku);
            if (item is null)
            {
                return (null, ListTransactionsOutcome.SkuUnknown);
            }
        }

        WarehouseRow? warehouse = null;
        if (filter.Warehouse is { } name)
        {
            warehouse = await directory.FindWarehouseAsync(name, cancellation);
            if (warehouse is null)
            {
                return (null, ListTransactionsOutcome.WarehouseUnknown);
            }
        }

        var parameters = new TransactionParameters
        {
            StockIds = item
                ?.Rows.Where(r => warehouse is null || r.WarehouseId == warehouse.WarehouseId)
                .Select(r => r.StockId)
                .ToArray(),
            WarehouseId = warehouse?.WarehouseId,
            ReservationId = filter.ReservationId,
            Actor = filter.Actor,
            Trace = filter.Trace,
            Kinds = filter.Kinds.Count == 0 ? null : [.. filter.Kinds.Select(k => (short)k).Distinct()],
            From = filter.From ?? Always,
            Before = filter.Before ?? Never,
        };
        if (filter.ReservationId is not { } id)
        {
            return (parameters, default);
        }

        var found = await TransactionStatements.ReservationAsync(connection, id, cancellation);
        return found is null
            ? (null, ListTransactionsOutcome.ReservationUnknown)
            : (await NarrowAsync(parameters, found, item, warehouse, cancellation), default);
    }

    /// <summary>What belongs to a reservation lies in its rows' journals, from its beginning to its end.</summary>
    private async Task<TransactionParameters> NarrowAsync(
        TransactionParameters parameters,
        TransactionReservation found,
        ItemRows? item,
        WarehouseRow? warehouse,
        CancellationToken cancellation
    )
    {
        var owners = await directory.DescribeAsync([.. found.StockIds.Distinct()], cancellation);
        var stockIds = owners.Where(o =>
            (item is null || o.Value.Sku == item.Sku) && (warehouse is null || o.Value.Warehouse == warehouse.Code)
        );
        var end = found.EndedAt is { } at ? at + Moment : Never;
        return parameters with
        {
            StockIds = [.. stockIds.Select(o => o.Key)],
            DocumentId = item is null && warehouse is null ? parameters.ReservationId : null,
            From = found.CreatedAt > parameters.From ? found.CreatedAt : parameters.From,
            Before = end < parameters.Before ? end : parameters.Before,
        };
    }

    private static async Task<(List<TransactionRow> Rows, long? Next)> CollectAsync(
        NpgsqlConnection connection,
        TransactionParameters parameters,
        long position,
        int pageSize,
        CancellationToken cancellation
    )
    {
        var page = new List<TransactionRow>(pageSize);
        var width = Math.Max(1, parameters.StockIds?.Length ?? 1);
        var scan = Math.Max(ScanMin, 2 * pageSize);
        for (var looked = 0; looked < ScanMax; scan *= 2)
        {
            var part = await TransactionStatements.WalkAsync(
                connection,
                parameters with
                {
                    Position = position,
                    Scan = Math.Max(1, scan / width),
                },
                cancellation
            );
            foreach (var row in part.Where(r => r.Position > 0))
            {
                if (page.Count == pageSize)
                {
                    return (page, page[^1].Position);
                }

                page.Add(row);
            }

            if (part[0].FloorPosition is not { } floor)
            {
                return (page, null);
            }

            position = floor;
            looked += part[0].Scanned;
        }

        return (page, position);
    }
}
