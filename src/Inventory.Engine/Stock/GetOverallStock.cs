using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>Reads the stock of an item, or of all variants of a product, at all warehouses or at one.</summary>
public sealed class GetOverallStock(Cell cell, StockDirectory directory)
{
    private const string Sql = """
        -- stock.overall
        SELECT s.stock_id, i.sku, w.code AS warehouse, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit,
            s.safety_stock, s.waiting, s.version, s.revision
        FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE s.item_id = ANY (@ItemIds) AND (@WarehouseId::int IS NULL OR s.warehouse_id = @WarehouseId)
        ORDER BY w.code COLLATE "C", i.sku COLLATE "C"
        """;

    /// <summary>Reads all rows in one snapshot.</summary>
    /// <param name="items">Whose.</param>
    /// <param name="warehouse">Code or id; none: all.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<OverallAnswer> ExecuteAsync(StockItems items, string? warehouse, CancellationToken cancellation)
    {
        var variants = await items.FindAsync(cell, directory, cancellation);
        if (variants.Count == 0)
        {
            return new(OverallOutcome.ItemUnknown, [], []);
        }

        var place = warehouse is null ? null : await directory.FindWarehouseAsync(warehouse, cancellation);
        if (warehouse is not null && place is null)
        {
            return new(OverallOutcome.WarehouseUnknown, [], []);
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<StockRecord>(
            new CommandDefinition(
                Sql,
                new { ItemIds = variants.Select(v => v.ItemId).ToArray(), place?.WarehouseId },
                cancellationToken: cancellation
            )
        );
        return new(OverallOutcome.Found, [.. variants.Select(v => v.Sku)], rows.AsList());
    }
}

/// <summary>Whether a read could be answered. Append only; a number is never used again.</summary>
public enum OverallOutcome
{
    /// <summary>It could; there may be no stock.</summary>
    Found = 1,

    /// <summary>Nothing has that name.</summary>
    ItemUnknown = 2,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 3,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">Whether there is one.</param>
/// <param name="Skus">The items that the name stands for; also those without stock.</param>
/// <param name="Rows">By warehouse and SKU.</param>
public sealed record OverallAnswer(OverallOutcome Outcome, IReadOnlyList<string> Skus, IReadOnlyList<StockRecord> Rows);
