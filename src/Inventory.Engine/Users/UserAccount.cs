namespace Inventory.Engine.Users;

/// <summary>
/// A person who signs in with a password, as people see it; the password's hash is in no such record.
/// </summary>
public sealed record UserAccount
{
    /// <summary>Made by the database.</summary>
    public required int UserId { get; init; }

    /// <summary>Unique whatever the case of its letters, and never changed.</summary>
    public required string Name { get; init; }

    /// <summary>Names of roles, each a set of scopes.</summary>
    public required string[] Roles { get; init; }

    /// <summary>Codes of the warehouses to whose stock changes are limited; null: no limit.</summary>
    public string[]? Warehouses { get; init; }

    /// <summary>The password was told once, and serves to set another.</summary>
    public required bool MustChange { get; init; }

    /// <summary>Null: the user may sign in.</summary>
    public DateTime? DisabledAt { get; init; }

    /// <summary>Until then nobody signs in by that name; null: too few attempts have failed.</summary>
    public DateTime? LockedUntil { get; init; }

    /// <summary>Starts at 1 and rises by one with each edit.</summary>
    public required long Revision { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was last edited.</summary>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>Who edited it last.</summary>
    public required string UpdatedBy { get; init; }

    /// <summary>Null: never.</summary>
    public DateTime? LastSignInAt { get; init; }

    /// <summary>By which a name is found, whatever the case of its letters.</summary>
    public static string KeyOf(string name) => name.ToLowerInvariant();
}
