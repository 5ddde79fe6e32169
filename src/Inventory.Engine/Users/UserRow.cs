namespace Inventory.Engine.Users;

/// <summary>An outcome, and the user if there is one to show.</summary>
internal sealed class UserRow
{
    public int Outcome { get; init; }

    public int? UserId { get; init; }

    public string Name { get; init; } = "";

    public string[] Roles { get; init; } = [];

    public string[]? Warehouses { get; init; }

    public bool MustChange { get; init; }

    public DateTime? DisabledAt { get; init; }

    public DateTime? LockedUntil { get; init; }

    public long Revision { get; init; }

    public DateTime CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTime UpdatedAt { get; init; }

    public string UpdatedBy { get; init; } = "";

    public DateTime? LastSignInAt { get; init; }

    internal UserAnswer ToAnswer() =>
        (UserOutcome)Outcome is UserOutcome.Done or UserOutcome.Replayed
            ? new((UserOutcome)Outcome, ToUser())
            : new((UserOutcome)Outcome, null, Revision);

    internal UserAccount ToUser() =>
        new()
        {
            UserId = UserId!.Value,
            Name = Name,
            Roles = Roles,
            Warehouses = Warehouses,
            MustChange = MustChange,
            DisabledAt = DisabledAt,
            LockedUntil = LockedUntil,
            Revision = Revision,
            CreatedAt = CreatedAt,
            CreatedBy = CreatedBy,
            UpdatedAt = UpdatedAt,
            UpdatedBy = UpdatedBy,
            LastSignInAt = LastSignInAt,
        };
}
