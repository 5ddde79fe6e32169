using System.Collections.Frozen;

namespace Inventory.Server.Security;

/// <summary>
/// Scopes and roles by the names that tokens, API keys and protos call them. A role is a set of scopes; its names are
/// claims of the issuer.
/// </summary>
internal static class ScopeNames
{
    /// <summary>A role that changes the stock of the warehouses which its holder is limited to, and no other.</summary>
    public const string WarehouseManager = "warehouse_manager";

    private static readonly FrozenDictionary<string, Scopes> ByScope = new Dictionary<string, Scopes>
    {
        ["reservations.write"] = Scopes.ReservationsWrite,
        ["reservations.read"] = Scopes.ReservationsRead,
        ["stock.write"] = Scopes.StockWrite,
        ["stock.read"] = Scopes.StockRead,
        ["catalog.write"] = Scopes.CatalogWrite,
        ["reports.read"] = Scopes.ReportsRead,
        ["admin"] = Scopes.All,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Scopes> ByRole = new Dictionary<string, Scopes>
    {
        ["viewer"] = Scopes.StockRead | Scopes.ReservationsRead | Scopes.ReportsRead,
        ["warehouse_clerk"] = Scopes.StockRead | Scopes.StockWrite | Scopes.ReservationsRead,
        [WarehouseManager] = Scopes.StockRead | Scopes.StockWrite | Scopes.ReservationsRead | Scopes.ReportsRead,
        ["order_service"] = Scopes.StockRead | Scopes.ReservationsRead | Scopes.ReservationsWrite,
        ["admin"] = Scopes.All,
    }.ToFrozenDictionary();

    public static IReadOnlyCollection<string> AllScopes => ByScope.Keys;

    public static IReadOnlyCollection<string> AllRoles => ByRole.Keys;

    /// <summary>What a scope of this name allows; nothing where there is none.</summary>
    public static Scopes OfScope(string name) => ByScope.GetValueOrDefault(name);

    /// <summary>What a role of this name allows; nothing where there is none.</summary>
    public static Scopes OfRole(string name) => ByRole.GetValueOrDefault(name);

    /// <summary>The names of all that are in a set.</summary>
    public static IReadOnlyList<string> In(Scopes scopes) =>
        [.. ByScope.Where(s => (scopes & s.Value) == s.Value).Select(s => s.Key).Order(StringComparer.Ordinal)];

    /// <summary>The name of one scope.</summary>
    public static string Of(Scopes one) => one == Scopes.Admin ? "admin" : ByScope.First(s => s.Value == one).Key;
}
