using Dapper;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>
/// The statements of the lists. One each way through the items, answering the keys of the next that match; and one that
/// reads them with their stock. Text that stands behind a place is compared as the index has it.
/// </summary>
internal static class ItemListStatements
{
    private const string SkuUpSql = """
        -- catalog.list_by_sku_up
        SELECT i.item_id FROM item i
        WHERE (@Text::text IS NULL OR i.sku > @Text)
            AND (@Category::text IS NULL OR i.category = @Category) AND (@Discontinued::boolean IS NULL OR i.discontinued = @Discontinued)
            AND (@ProductId::text IS NULL OR i.product_id = @ProductId OR i.sku = @ProductId OR i.item_id = @ProductItemId)
            AND (@Pattern::text IS NULL OR lower(i.sku) LIKE lower(@Pattern) OR lower(i.name) LIKE lower(@Pattern))
        ORDER BY i.sku LIMIT @Limit
        """;

    private const string SkuDownSql = """
        -- catalog.list_by_sku_down
        SELECT i.item_id FROM item i
        WHERE (@Text::text IS NULL OR i.sku < @Text)
            AND (@Category::text IS NULL OR i.category = @Category) AND (@Discontinued::boolean IS NULL OR i.discontinued = @Discontinued)
            AND (@ProductId::text IS NULL OR i.product_id = @ProductId OR i.sku = @ProductId OR i.item_id = @ProductItemId)
            AND (@Pattern::text IS NULL OR lower(i.sku) LIKE lower(@Pattern) OR lower(i.name) LIKE lower(@Pattern))
        ORDER BY i.sku DESC LIMIT @Limit
        """;

    private const string NameUpSql = """
        -- catalog.list_by_name_up
        SELECT i.item_id FROM item i
        WHERE (@Text::text IS NULL OR (i.name, i.item_id) > (@Text, @Number))
            AND (@Category::text IS NULL OR i.category = @Category) AND (@Discontinued::boolean IS NULL OR i.discontinued = @Discontinued)
            AND (@ProductId::text IS NULL OR i.product_id = @ProductId OR i.sku = @ProductId OR i.item_id = @ProductItemId)
            AND (@Pattern::text IS NULL OR lower(i.sku) LIKE lower(@Pattern) OR lower(i.name) LIKE lower(@Pattern))
        ORDER BY i.name, i.item_id LIMIT @Limit
        """;

    private const string NameDownSql = """
        -- catalog.list_by_name_down
        SELECT i.item_id FROM item i
        WHERE (@Text::text IS NULL OR (i.name, i.item_id) < (@Text, @Number))
            AND (@Category::text IS NULL OR i.category = @Category) AND (@Discontinued::boolean IS NULL OR i.discontinued = @Discontinued)
            AND (@ProductId::text IS NULL OR i.product_id = @ProductId OR i.sku = @ProductId OR i.item_id = @ProductItemId)
            AND (@Pattern::text IS NULL OR lower(i.sku) LIKE lower(@Pattern) OR lower(i.name) LIKE lower(@Pattern))
        ORDER BY i.name DESC, i.item_id DESC LIMIT @Limit
        """;

    private const string CreatedUpSql = """
        -- catalog.list_by_created_up
        SELECT i.item_id FROM item i
        WHERE (@Time::timestamptz IS NULL OR (i.created_at, i.item_id) > (@Time, @Number))
            AND (@Category::text IS NULL OR i.category = @Category) AND (@Discontinued::boolean IS NULL OR i.discontinued = @Discontinued)
            AND (@ProductId::text IS NULL OR i.product_id = @ProductId OR i.sku = @ProductId OR i.item_id = @ProductItemId)
            AND (@Pattern::text IS NULL OR lower(i.sku) LIKE lower(@Pattern) OR lower(i.name) LIKE lower(@Pattern))
        ORDER BY i.created_at, i.item_id LIMIT @Limit
        """;

    private const string CreatedDownSql = """
        -- catalog.list_by_created_down
        SELECT i.item_id FROM item i
        WHERE (@Time::timestamptz IS NULL OR (i.created_at, i.item_id) < (@Time, @Number))
            AND (@Category::text IS NULL OR i.category = @Category) AND (@Discontinued::boolean IS NULL OR i.discontinued = @Discontinued)
            AND (@ProductId::text IS NULL OR i.product_id = @ProductId OR i.sku = @ProductId OR i.item_id = @ProductItemId)
            AND (@Pattern::text IS NULL OR lower(i.sku) LIKE lower(@Pattern) OR lower(i.name) LIKE lower(@Pattern))
        ORDER BY i.created_at DESC, i.item_id DESC LIMIT @Limit
        """;

    private const string ItemsSql = """
        -- catalog.list_items
        SELECT i.item_id, i.sku, i.product_id, i.variant_id, i.name, i.description, i.category, i.price, i.price_currency, i.unit_cost,
            i.unit_cost_currency, i.base_unit, i.reorder_point, i.reorder_quantity, i.safety_stock, i.discontinued, i.revision,
            i.created_at, i.updated_at, ARRAY(SELECT b.gtin FROM barcode b WHERE b.item_id = i.item_id ORDER BY b.gtin) AS barcodes,
            ARRAY(SELECT p.sku FROM kit_component c JOIN item p ON p.item_id = c.component_id WHERE c.kit_id = i.item_id
                ORDER BY p.sku) AS component_skus,
            ARRAY(SELECT c.quantity FROM kit_component c JOIN item p ON p.item_id = c.component_id WHERE c.kit_id = i.item_id
                ORDER BY p.sku) AS component_quantities,
            CASE WHEN i.kit THEN kit_available(i.item_id) ELSE (
                SELECT coalesce(sum(greatest(s.available, 0)), 0)::bigint FROM stock s JOIN warehouse w ON w.warehouse_id = s.warehouse_id
                WHERE s.item_id = i.item_id AND w.active) END AS available
        FROM unnest(@ItemIds::bigint[]) WITH ORDINALITY AS l (item_id, place) JOIN item i ON i.item_id = l.item_id
        ORDER BY l.place
        """;

    private const string ProductSql = """
        -- catalog.is_product
        SELECT EXISTS (SELECT FROM item i WHERE i.product_id = @ProductId)
            OR EXISTS (SELECT FROM item i WHERE i.sku = @ProductId OR i.item_id = @ProductItemId)
        """;

    /// <summary>The keys of the next items, at most as many as the limit.</summary>
    internal static async Task<long[]> KeysAsync(
        NpgsqlConnection connection,
        ItemFilter filter,
        ItemListParameters parameters,
        CancellationToken cancellation
    )
    {
        var sql = (filter.Order, filter.Descending) switch
        {
            (ItemOrder.Sku, false) => SkuUpSql,
            (ItemOrder.Sku, true) => SkuDownSql,
            (ItemOrder.Name, false) => NameUpSql,
            (ItemOrder.Name, true) => NameDownSql,
            (ItemOrder.Created, false) => CreatedUpSql,
            (ItemOrder.Created, true) => CreatedDownSql,
        };
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellation);
        return [.. await connection.QueryAsync<long>(command)];
    }

    /// <summary>The items of these keys, in their order. What has gone since is missing.</summary>
    internal static async Task<List<Item>> ItemsAsync(
        NpgsqlConnection connection,
        long[] itemIds,
        CancellationToken cancellation
    )
    {
        var command = new CommandDefinition(ItemsSql, new { ItemIds = itemIds }, cancellationToken: cancellation);
        return [.. (await connection.QueryAsync<ItemRow>(command)).Select(r => r.ToItem())];
    }

    /// <summary>Whether a product or an item has the id.</summary>
    internal static Task<bool> IsProductAsync(
        NpgsqlConnection connection,
        ItemListParameters parameters,
        CancellationToken cancellation
    ) =>
        connection.QuerySingleAsync<bool>(
            new CommandDefinition(
                ProductSql,
                new { parameters.ProductId, parameters.ProductItemId },
                cancellationToken: cancellation
            )
        );
}

/// <summary>The parameters of all ways; each takes what it needs.</summary>
internal sealed record ItemListParameters
{
    public string? Category { get; init; }

    public bool? Discontinued { get; init; }

    public string? ProductId { get; init; }

    /// <summary>If it reads as an item's id.</summary>
    public long? ProductItemId { get; init; }

    /// <summary>Of LIKE.</summary>
    public string? Pattern { get; init; }

    /// <summary>The text of the last item; none at the beginning.</summary>
    public string? Text { get; init; }

    /// <summary>The time of the last item; none at the beginning.</summary>
    public DateTime? Time { get; init; }

    /// <summary>The key of the last item.</summary>
    public long Number { get; init; }

    public int Limit { get; init; }
}
