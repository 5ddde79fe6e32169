using System.Collections.Frozen;

namespace Inventory.Server.Security;

/// <summary>What a credential says that its holder may do. What it names and nobody knows allows nothing.</summary>
/// <param name="Scopes">Those of its scopes and of its roles.</param>
/// <param name="Warehouses">To whose stock its changes are limited; null: no limit.</param>
internal sealed record Grant(Scopes Scopes, FrozenSet<string>? Warehouses)
{
    /// <param name="scopes">Names of scopes.</param>
    /// <param name="roles">Names of roles.</param>
    /// <param name="warehouses">Null: none are named.</param>
    public static Grant Of(
        IEnumerable<string> scopes,
        IReadOnlyCollection<string> roles,
        IEnumerable<string>? warehouses
    )
    {
        var all = Scopes.None;
        foreach (var scope in scopes)
        {
            all |= ScopeNames.OfScope(scope);
        }

        foreach (var role in roles)
        {
            all |= ScopeNames.OfRole(role);
        }

        // A manager without warehouses manages none: the limit is the role's, not the claim's.
        var named = warehouses ?? (roles.Contains(ScopeNames.WarehouseManager) ? [] : null);
        return new(all, named?.ToFrozenSet(StringComparer.Ordinal));
    }
}
