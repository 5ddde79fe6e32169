using Dapper;
using Inventory.Engine.Database;
using Inventory.Testing;

namespace Inventory.Engine.Tests.Stock;

/// <summary>A row of the journal, as far as these tests look at it.</summary>
internal sealed record JournalEntry(
    long Version,
    long? OnHand,
    long? Reserved,
    long? SafetyStock,
    JournalKind Kind,
    string Actor,
    string? Reason
)
{
    private const string Sql = """
        SELECT j.version, j.on_hand, j.reserved, j.safety_stock, j.kind::int, j.actor, j.reason
        FROM journal j JOIN stock s ON s.stock_id = j.stock_id JOIN item i ON i.item_id = s.item_id
        WHERE i.sku = @Sku ORDER BY j.position
        """;

    /// <summary>All that a SKU's stock has, the oldest first.</summary>
    internal static async Task<IReadOnlyList<JournalEntry>> OfAsync(TestDatabase database, string sku)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return (await connection.QueryAsync<JournalEntry>(Sql, new { Sku = sku })).AsList();
    }
}
