using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Lists reservations page by page, the newest first; those that are held, if no order and no SKU is named, beginning
/// with those that lapse last. What has ended so long ago that its journal is gone is found by its order only.
/// </summary>
public sealed class ListReservations(Cell cell, StockDirectory directory)
{
    /// <summary>The most reservations of a page.</summary>
    public const int PageSizeMax = 1_000;

    // A statement looks at few rows first and at more while the page is not full. When it has looked at so many, the
    // page ends where it is, and its token goes on from there.
    private const int ScanMin = 256;
    private const int ScanMax = 32_000;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListAnswer> ExecuteAsync(
        ReservationFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var walk = Walk(filter);
        var start = walk is ListWalk.Journal or ListWalk.Stock ? ListPlace.LastPosition : ListPlace.LastTime;
        var fingerprint = filter.Fingerprint();
        if (!string.IsNullOrEmpty(pageToken) && !ListPlace.TryParse(pageToken, fingerprint, out start))
        {
            return new(ListOutcome.PageTokenInvalid, [], null);
        }

        var warehouse = filter.Warehouse is null
            ? null
            : await directory.FindWarehouseAsync(filter.Warehouse, cancellation);
        if (filter.Warehouse is not null && warehouse is null)
        {
            return new(ListOutcome.WarehouseUnknown, [], null);
        }

        ItemRows? item = null;
        if (filter.Sku is not null)
        {
            // Read anew: what is remembered may lack rows, and their reservations would be missing.
            item = (await directory.ReadAsync([filter.Sku], cancellation)).GetValueOrDefault(filter.Sku);
            if (item is null)
            {
                return new(ListOutcome.SkuUnknown, [], null);
            }
        }

        var parameters = Parameters(filter, item, warehouse);
        var (rows, next) = await CollectAsync(walk, parameters, start, pageSize, cancellation);
        var owners = await directory.DescribeAsync([.. rows.SelectMany(r => r.StockIds).Distinct()], cancellation);
        return new(ListOutcome.Listed, [.. rows.Select(r => r.ToReservation(owners))], next?.ToToken(fingerprint));
    }

    private static ListWalk Walk(ReservationFilter filter) =>
        filter.OrderId is not null ? ListWalk.Order
        : filter.Sku is not null ? ListWalk.Stock
        : filter.State == ReservationState.Held ? ListWalk.Held
        : ListWalk.Journal;

    private static ListParameters Parameters(ReservationFilter filter, ItemRows? item, WarehouseRow? warehouse) =>
        new()
        {
            OrderId = filter.OrderId,
            State = (int?)filter.State,
            StockIds = item
                ?.Rows.Where(r => warehouse is null || r.WarehouseId == warehouse.WarehouseId)
                .Select(r => r.StockId)
                .ToArray(),
            WarehouseId = item is null ? warehouse?.WarehouseId : null,
            // The ends of time, which the database knows as infinity.
            ExpiresBefore = filter.ExpiresBefore ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
            ExpiresAfter = filter.ExpiresAfter ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
        };

    private async Task<(List<ListRow> Rows, ListPlace? Next)> CollectAsync(
        ListWalk walk,
        ListParameters parameters,
        ListPlace place,
        int pageSize,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var page = new List<ListRow>(pageSize);
        var width = walk == ListWalk.Stock ? Math.Max(1, parameters.StockIds!.Length) : 1;
        var scan = Math.Max(ScanMin, 2 * pageSize);
        for (var looked = 0; looked < ScanMax; scan *= 2)
        {
            var part = await ListStatements.ExecuteAsync(
                connection,
                walk,
                parameters with
                {
                    Position = place.Number,
                    Time = walk is ListWalk.Order or ListWalk.Held ? place.Time : default,
                    Id = place.Id,
                    Scan = Math.Max(1, scan / width),
                },
                cancellation
            );
            foreach (var row in part.Where(r => r.ReservationId != Guid.Empty))
            {
                if (page.Count == pageSize)
                {
                    return (page, PlaceOf(walk, page[^1]));
                }

                page.Add(row);
            }

            if (Floor(walk, part[0], scan) is not { } floor)
            {
                return (page, null);
            }

            place = floor;
            looked += part[0].Scanned;
        }

        return (page, place);
    }

    private static ListPlace PlaceOf(ListWalk walk, ListRow row) =>
        walk switch
        {
            ListWalk.Order => new(row.CreatedAt.Ticks, row.ReservationId),
            ListWalk.Held => new(row.ExpiresAt.Ticks, row.ReservationId),
            ListWalk.Stock or ListWalk.Journal => new(row.Position, Guid.Empty),
        };

    /// <summary>Where the walk stands, unless it is at its end.</summary>
    private static ListPlace? Floor(ListWalk walk, ListRow first, int scan) =>
        walk switch
        {
            ListWalk.Stock => first.FloorPosition is { } position ? new(position, Guid.Empty) : null,
            ListWalk.Journal when first.Scanned == scan => new(first.FloorPosition!.Value, Guid.Empty),
            ListWalk.Order or ListWalk.Held when first.Scanned == scan => new(
                first.FloorTime!.Value.Ticks,
                first.FloorId!.Value
            ),
            ListWalk.Journal or ListWalk.Order or ListWalk.Held => null,
        };
}
