namespace Inventory.Engine.Access;

/// <summary>An API key as its row tells it; nobody can read the secret.</summary>
public sealed record ApiKey
{
    /// <summary>By which it is revoked.</summary>
    public required int ApiKeyId { get; init; }

    /// <summary>The caller that it stands for.</summary>
    public required string Name { get; init; }

    /// <summary>Of the secret: 32 bytes.</summary>
    public required byte[] Sha256 { get; init; }

    /// <summary>Names of scopes.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>Names of roles.</summary>
    public required string[] Roles { get; init; }

    /// <summary>Codes of the warehouses to whose stock its changes are limited; null: no limit.</summary>
    public string[]? Warehouses { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Null: it does not expire.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>Null: it was not revoked.</summary>
    public DateTime? RevokedAt { get; init; }

    /// <summary>Who revoked it, if somebody did.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>When it was last used, to the minute; null: never.</summary>
    public DateTime? LastUsedAt { get; init; }
}
