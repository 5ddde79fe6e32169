using System.Globalization;

namespace Inventory.Engine.Database;

/// <summary>
/// The ids that callers see. Each has a prefix that no SKU or warehouse code may begin with, so that one field takes
/// either.
/// </summary>
public static class PublicId
{
    /// <summary>The prefix of an item's id.</summary>
    public const string ItemPrefix = "item_";

    /// <summary>The prefix of a warehouse's id.</summary>
    public const string WarehousePrefix = "wh_";

    /// <summary>The prefix of a stock row's id.</summary>
    public const string StockPrefix = "stock_";

    /// <summary>An item's public id.</summary>
    public static string Item(long itemId) => string.Create(CultureInfo.InvariantCulture, $"{ItemPrefix}{itemId}");

    /// <summary>A warehouse's public id.</summary>
    public static string Warehouse(int warehouseId) =>
        string.Create(CultureInfo.InvariantCulture, $"{WarehousePrefix}{warehouseId}");

    /// <summary>A stock row's public id.</summary>
    public static string Stock(long stockId) => string.Create(CultureInfo.InvariantCulture, $"{StockPrefix}{stockId}");

    /// <summary>The prefix of an alert's id.</summary>
    public const string AlertPrefix = "alert_";

    /// <summary>An alert's public id.</summary>
    public static string Alert(long alertId) => string.Create(CultureInfo.InvariantCulture, $"{AlertPrefix}{alertId}");

    /// <summary>Reads an alert's public id.</summary>
    public static bool TryParseAlert(string text, out long alertId) => TryParse(text, AlertPrefix, out alertId);

    /// <summary>Reads an item's public id.</summary>
    public static bool TryParseItem(string text, out long itemId) => TryParse(text, ItemPrefix, out itemId);

    /// <summary>Reads a stock row's public id.</summary>
    public static bool TryParseStock(string text, out long stockId) => TryParse(text, StockPrefix, out stockId);

    /// <summary>Reads a warehouse's public id.</summary>
    public static bool TryParseWarehouse(string text, out int warehouseId)
    {
        warehouseId = 0;
        if (!TryParse(text, WarehousePrefix, out var id) || id > int.MaxValue)
        {
            return false;
        }

        warehouseId = (int)id;
        return true;
    }

    private static bool TryParse(string text, string prefix, out long id)
    {
        id = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
