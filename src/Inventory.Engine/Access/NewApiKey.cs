using Inventory.Engine.Database;

namespace Inventory.Engine.Access;

/// <summary>What a new API key shall be allowed.</summary>
public sealed record NewApiKey
{
    /// <summary>
    /// The caller that it stands for: a letter or digit, then up to 63 letters, digits, dots, underscores or hyphens.
    /// Several keys may share it.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Names of scopes. With <see cref="Roles"/> at least one.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Names of roles, each a set of scopes.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Codes of the warehouses to whose stock its changes are limited; null: no limit.</summary>
    public required IReadOnlyList<string>? Warehouses { get; init; }

    /// <summary>From now; null: it does not expire.</summary>
    public required TimeSpan? Lifetime { get; init; }

    /// <summary>Who makes it.</summary>
    public required Actor CreatedBy { get; init; }
}
