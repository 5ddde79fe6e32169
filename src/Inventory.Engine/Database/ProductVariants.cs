using Dapper;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>
/// What a product's id stands for: the variants of a product; or, where no product has it, the item with that id or
/// SKU.
/// </summary>
internal static class ProductVariants
{
    private const string Sql = """
        -- database.variants
        WITH variant AS MATERIALIZED (
            SELECT i.item_id, i.sku FROM item i WHERE i.product_id = @ProductId)
        SELECT item_id, sku FROM variant
        UNION ALL
        SELECT i.item_id, i.sku FROM item i
        WHERE (i.sku = @ProductId OR i.item_id = @ItemId) AND NOT EXISTS (SELECT FROM variant)
        ORDER BY sku
        """;

    /// <summary>Reads them from the tables.</summary>
    /// <returns>By SKU; none if the id is not known.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<IReadOnlyList<(long ItemId, string Sku)>> FindAsync(
        Cell cell,
        string productId,
        CancellationToken cancellation
    )
    {
        var itemId = PublicId.TryParseItem(productId, out var id) ? id : (long?)null;
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var found = await connection.QueryAsync<(long ItemId, string Sku)>(
            new CommandDefinition(Sql, new { ProductId = productId, ItemId = itemId }, cancellationToken: cancellation)
        );
        return found.AsList();
    }
}
