using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>What became of a look for an item. Append only; a number is never used again.</summary>
public enum GetItemOutcome
{
    /// <summary>It is there.</summary>
    Found = 1,

    /// <summary>Nothing has that name.</summary>
    NotFound = 2,

    /// <summary>The product has several variants and none was named.</summary>
    SeveralVariants = 3,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Item">As it is now, if it was found.</param>
public sealed record GetItemAnswer(GetItemOutcome Outcome, Item? Item);

/// <summary>Reads an item as it is now, by any of its names.</summary>
public sealed class GetInventoryItem(Cell cell)
{
    // A name that is not asked for is null, and equals nothing.
    private const string Sql = """
        -- catalog.get_item
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
        FROM item i
        WHERE i.item_id = ANY (ARRAY(
            SELECT @ItemId::bigint
            UNION ALL SELECT k.item_id FROM item k WHERE k.sku = @Sku
            UNION ALL SELECT p.item_id FROM item p
                WHERE p.product_id = @ProductId AND (@VariantId::text IS NULL OR p.variant_id = @VariantId)
            UNION ALL SELECT b.item_id FROM barcode b WHERE b.gtin = @Gtin))
        ORDER BY i.item_id LIMIT 2
        """;

    /// <summary>By SKU or public id.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public Task<GetItemAnswer> BySkuOrIdAsync(string skuOrId, CancellationToken cancellation) =>
        FindAsync(
            PublicId.TryParseItem(skuOrId, out var id) ? new Names { ItemId = id } : new Names { Sku = skuOrId },
            cancellation
        );

    /// <summary>By the product service's ids; the variant's may be left out where the product has one only.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public Task<GetItemAnswer> ByProductAsync(string productId, string? variantId, CancellationToken cancellation) =>
        FindAsync(new Names { ProductId = productId, VariantId = variantId }, cancellation);

    /// <summary>By barcode.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public Task<GetItemAnswer> ByBarcodeAsync(Gtin gtin, CancellationToken cancellation) =>
        FindAsync(new Names { Gtin = gtin.ToString() }, cancellation);

    private async Task<GetItemAnswer> FindAsync(Names names, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ItemRow>(
            new CommandDefinition(Sql, names, cancellationToken: cancellation)
        );
        return rows.AsList() switch
        {
            [] => new(GetItemOutcome.NotFound, null),
            [var row] => new(GetItemOutcome.Found, row.ToItem()),
            _ => new(GetItemOutcome.SeveralVariants, null),
        };
    }

    private sealed class Names
    {
        public long? ItemId { get; init; }

        public string? Sku { get; init; }

        public string? ProductId { get; init; }

        public string? VariantId { get; init; }

        public string? Gtin { get; init; }
    }
}
