using System.Globalization;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>Lists items page by page, with the status that follows from their stock now.</summary>
public sealed class ListInventoryItems(Cell cell)
{
    /// <summary>The most items of a page.</summary>
    public const int PageSizeMax = 1_000;

    // A status that is derived is known only once the stock is read. When so many were looked at, the page ends where
    // it is, and its token goes on from there.
    private const int ScanMax = 16_000;
    private const int ScanMin = 200;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match, and the order.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListItemsAnswer> ExecuteAsync(
        ItemFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        PageToken? place = null;
        if (!string.IsNullOrEmpty(pageToken) && !TryRead(pageToken, filter, fingerprint, out place))
        {
            return new(ListItemsOutcome.PageTokenInvalid, [], null);
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var parameters = Parameters(filter);
        var (page, next) = await CollectAsync(
            connection,
            filter,
            At(parameters, filter, place),
            pageSize,
            cancellation
        );
        if (
            page.Count == 0
            && filter.ProductId is not null
            && !await ItemListStatements.IsProductAsync(connection, parameters, cancellation)
        )
        {
            return new(ListItemsOutcome.ProductUnknown, [], null);
        }

        return new(ListItemsOutcome.Listed, page, next?.Write(fingerprint));
    }

    private static async Task<(List<Item> Page, PageToken? Next)> CollectAsync(
        NpgsqlConnection connection,
        ItemFilter filter,
        ItemListParameters parameters,
        int pageSize,
        CancellationToken cancellation
    )
    {
        var page = new List<Item>(pageSize);
        // One more than the page tells whether there is another; few match a status, so more are looked at then.
        var limit = filter.Status is null ? pageSize + 1 : Math.Max(ScanMin, pageSize + 1);
        for (var looked = 0; ; )
        {
            var keys = await ItemListStatements.KeysAsync(
                connection,
                filter,
                parameters with
                {
                    Limit = limit,
                },
                cancellation
            );
            var items = await ItemListStatements.ItemsAsync(connection, keys, cancellation);
            foreach (var item in items.Where(i => filter.Status is null || i.Status == filter.Status))
            {
                if (page.Count == pageSize)
                {
                    return (page, PlaceOf(page[^1], filter));
                }

                page.Add(item);
            }

            if (keys.Length < limit || items.Count == 0)
            {
                return (page, null);
            }

            looked += keys.Length;
            if (looked >= ScanMax)
            {
                return (page, PlaceOf(items[^1], filter));
            }

            parameters = At(parameters, filter, PlaceOf(items[^1], filter));
        }
    }

    private static ItemListParameters Parameters(ItemFilter filter) =>
        new()
        {
            Category = filter.Category,
            Discontinued = filter.Status is { } status ? status == ItemStatus.Discontinued : filter.Discontinued,
            ProductId = filter.ProductId,
            ProductItemId =
                filter.ProductId is not null && PublicId.TryParseItem(filter.ProductId, out var id) ? id : null,
            Pattern = filter.Prefix is null ? null : $"{Escape(filter.Prefix)}%",
        };

    /// <summary>What has a meaning in a pattern stands for itself.</summary>
    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);

    private static PageToken PlaceOf(Item item, ItemFilter filter) =>
        filter.Order switch
        {
            ItemOrder.Sku => new(0, item.Sku),
            ItemOrder.Name => new(item.ItemId, item.Name),
            ItemOrder.Created => new(item.ItemId, item.CreatedAt.Ticks.ToString(CultureInfo.InvariantCulture)),
        };

    private static ItemListParameters At(ItemListParameters parameters, ItemFilter filter, PageToken? place) =>
        place is null ? parameters
        : filter.Order == ItemOrder.Created
            ? parameters with
            {
                Time = new DateTime(long.Parse(place.Text, CultureInfo.InvariantCulture), DateTimeKind.Utc),
                Number = place.Number,
            }
        : parameters with { Text = place.Text, Number = place.Number };

    private static bool TryRead(string token, ItemFilter filter, long fingerprint, out PageToken? place) =>
        PageToken.TryRead(token, fingerprint, out place) && (filter.Order != ItemOrder.Created || IsTime(place.Text));

    private static bool IsTime(string ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= DateTime.MaxValue.Ticks;
}
