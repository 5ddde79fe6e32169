namespace Inventory.Engine.Users;

/// <summary>A user who may sign in, as sessions are judged by.</summary>
public sealed record SessionUser
{
    /// <summary>Made by the database.</summary>
    public required int UserId { get; init; }

    /// <summary>As it was made.</summary>
    public required string Name { get; init; }

    /// <summary>Names of roles.</summary>
    public required string[] Roles { get; init; }

    /// <summary>Codes of the warehouses to whose stock changes are limited; null: no limit.</summary>
    public string[]? Warehouses { get; init; }

    /// <summary>Sessions of another one are over.</summary>
    public required Guid Stamp { get; init; }

    /// <summary>All that such a user may do is to set a password.</summary>
    public required bool MustChange { get; init; }
}
