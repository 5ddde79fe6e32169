using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Transfers;

/// <summary>Lists transfers page by page, the newest first.</summary>
public sealed class ListTransfers(Cell cell, StockDirectory directory)
{
    /// <summary>The most transfers of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListTransfersAnswer> ExecuteAsync(
        TransferFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        var (time, id) = (DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), Guid.AllBitsSet);
        if (!string.IsNullOrEmpty(pageToken) && !TryRead(pageToken, fingerprint, out time, out id))
        {
            return new(ListTransfersOutcome.PageTokenInvalid, [], null);
        }

        ItemRows? item = null;
        if (filter.Sku is { } sku)
        {
            item = (await directory.FindAsync([sku], cancellation)).GetValueOrDefault(sku);
            if (item is null)
            {
                return new(ListTransfersOutcome.SkuUnknown, [], null);
            }
        }

        WarehouseRow? warehouse = null;
        if (filter.Warehouse is { } name)
        {
            warehouse = await directory.FindWarehouseAsync(name, cancellation);
            if (warehouse is null)
            {
                return new(ListTransfersOutcome.WarehouseUnknown, [], null);
            }
        }

        var parameters = new TransferListParameters
        {
            ItemId = item?.ItemId,
            WarehouseId = warehouse?.WarehouseId,
            State = (short?)filter.State,
            Time = time,
            Id = id,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await TransferListStatements.ExecuteAsync(connection, parameters, cancellation);
        var page = rows.Take(pageSize).Select(r => r.ToTransfer()).ToArray();
        return new(ListTransfersOutcome.Listed, page, rows.Count > pageSize ? After(page[^1], fingerprint) : null);
    }

    private static string After(Transfer last, long fingerprint) =>
        new PageToken(last.CreatedAt.Ticks, $"{last.TransferId}").Write(fingerprint);

    private static bool TryRead(string token, long fingerprint, out DateTime time, out Guid id)
    {
        (time, id) = (default, default);
        if (!PageToken.TryRead(token, fingerprint, out var place) || !Guid.TryParseExact(place.Text, "D", out id))
        {
            return false;
        }

        time = new DateTime(place.Number, DateTimeKind.Utc);
        return true;
    }
}
