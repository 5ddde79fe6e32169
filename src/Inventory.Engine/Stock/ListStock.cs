using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>Lists stock rows page by page, as they are now.</summary>
public sealed class ListStock(Cell cell, StockDirectory directory)
{
    /// <summary>The most rows of a page.</summary>
    public const int PageSizeMax = 1_000;

    // What is low is known only once a row is read. When so many were looked at, the page ends where it is, and its
    // token goes on from there.
    private const int ScanMax = 50_000;
    private const int ScanMin = 1_000;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListStockAnswer> ExecuteAsync(
        StockFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        var place = new PageToken(0, "");
        if (!string.IsNullOrEmpty(pageToken) && !PageToken.TryRead(pageToken, fingerprint, out place))
        {
            return new(ListStockOutcome.PageTokenInvalid, [], null);
        }

        long[]? itemIds = null;
        if (filter.Items is { } items)
        {
            itemIds = [.. (await items.FindAsync(cell, directory, cancellation)).Select(i => i.ItemId)];
            if (itemIds.Length == 0)
            {
                return new(ListStockOutcome.ItemUnknown, [], null);
            }
        }

        var warehouseIds = new HashSet<int>();
        foreach (var name in filter.Warehouses)
        {
            if (await directory.FindWarehouseAsync(name, cancellation) is not { } warehouse)
            {
                return new(ListStockOutcome.WarehouseUnknown, [], null, name);
            }

            warehouseIds.Add(warehouse.WarehouseId);
        }

        var parameters = new StockListParameters
        {
            ItemIds = itemIds,
            WarehouseIds = warehouseIds.Count == 0 ? null : [.. warehouseIds],
            LowOnly = filter.LowOnly,
            Threshold = filter.Threshold,
            After = place.Number,
        };
        var (rows, next) = await CollectAsync(parameters, pageSize, cancellation);
        return new(
            ListStockOutcome.Listed,
            [.. rows.Select(r => r.ToListed())],
            next is { } after ? new PageToken(after, "").Write(fingerprint) : null
        );
    }

    private async Task<(List<StockListRow> Rows, long? Next)> CollectAsync(
        StockListParameters parameters,
        int pageSize,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var page = new List<StockListRow>(pageSize);
        // One more than the page tells whether there is another; few may match, so more are looked at then.
        var scan = parameters.LowOnly ? Math.Max(ScanMin, pageSize + 1) : pageSize + 1;
        for (var looked = 0; ; )
        {
            var part = await StockListStatements.ExecuteAsync(
                connection,
                parameters with
                {
                    Scan = scan,
                    Limit = pageSize + 1 - page.Count,
                },
                cancellation
            );
            page.AddRange(part.Where(r => r.StockId is not null));
            if (page.Count > pageSize)
            {
                page.RemoveAt(pageSize);
                return (page, page[^1].StockId);
            }

            if (part[0].Looked < scan)
            {
                return (page, null);
            }

            looked += part[0].Looked;
            if (looked >= ScanMax)
            {
                return (page, part[0].Last);
            }

            parameters = parameters with { After = part[0].Last };
        }
    }
}
