using Inventory.Engine.Database;

namespace Inventory.Engine.Users;

/// <summary>Asks to make a user. It has been validated.</summary>
public sealed record NewUser
{
    /// <summary>Who makes it; its actor is part of the request's identity.</summary>
    public required ActedFrom From { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>A letter or digit, then up to 63 letters, digits, dots, underscores, hyphens or at signs.</summary>
    public required string Name { get; init; }

    /// <summary>Of a password that is told once; no part of the request's content.</summary>
    public required string PasswordHash { get; init; }

    /// <summary>Names of roles.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Null: no limit.</summary>
    public required IReadOnlyList<string>? Warehouses { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CreateUser);
        content.Text(Name);
        UserEdit.Write(Roles, ref content);
        UserEdit.Write(Warehouses, ref content);
        return content.ToFingerprint();
    }
}
