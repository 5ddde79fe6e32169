using System.Globalization;
using Dapper;
using Npgsql;

namespace Inventory.Load.Stage;

/// <summary>A barcode for each item of the seed: its number, with a check digit.</summary>
internal static class BarcodeSeed
{
    private const string ItemsSql = """
        -- bench.items
        SELECT item_id, right(sku, 12)::bigint AS number FROM item WHERE sku LIKE 'SKU-%'
        """;

    private const string BarcodesSql = """
        -- bench.barcodes
        INSERT INTO barcode (gtin, item_id) SELECT q.gtin, q.item_id FROM unnest(@Gtins::text[], @ItemIds::bigint[]) AS q (gtin, item_id)
        ON CONFLICT (gtin) DO NOTHING
        """;

    public static async Task PlantAsync(NpgsqlDataSource tables)
    {
        await using var connection = await tables.OpenConnectionAsync();
        var items = (await connection.QueryAsync<(long ItemId, long Number)>(ItemsSql)).AsList();
        var parameters = new
        {
            Gtins = items.Select(i => Gtin(i.Number)).ToArray(),
            ItemIds = items.Select(i => i.ItemId).ToArray(),
        };
        await connection.ExecuteAsync(BarcodesSql, parameters, commandTimeout: 600);
    }

    /// <summary>Fourteen digits (General Specifications, 7.9.1).</summary>
    public static string Gtin(long number)
    {
        var digits = number.ToString("d13", CultureInfo.InvariantCulture);
        var sum = digits.Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 3 : 1)).Sum();
        return string.Create(CultureInfo.InvariantCulture, $"{digits}{(10 - (sum % 10)) % 10}");
    }
}
