using Inventory.Engine.Database;

namespace Inventory.Engine.Users;

/// <summary>Asks to edit a user. It has been validated. What is not given stays as it is.</summary>
public sealed record UserEdit
{
    /// <summary>Who edits; its actor is part of the request's identity.</summary>
    public required ActedFrom From { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whom.</summary>
    public required string Name { get; init; }

    /// <summary>If given, the revision from which the edit was made.</summary>
    public long? ExpectedRevision { get; init; }

    /// <summary>Names of roles.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Whether <see cref="Warehouses"/> is to be set.</summary>
    public bool SetsWarehouses { get; init; }

    /// <summary>Null: no limit.</summary>
    public IReadOnlyList<string>? Warehouses { get; init; }

    /// <summary>Whether the user may not sign in.</summary>
    public bool? Disabled { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.UpdateUser);
        content.Text(UserAccount.KeyOf(Name));
        content.Number(ExpectedRevision);
        Write(Roles, ref content);
        content.Flag(SetsWarehouses);
        Write(Warehouses, ref content);
        content.Flag(Disabled);
        return content.ToFingerprint();
    }

    internal static void Write(IReadOnlyList<string>? texts, ref StableContent content)
    {
        content.Number((long?)texts?.Count);
        foreach (var text in texts ?? [])
        {
            content.Text(text);
        }
    }
}
