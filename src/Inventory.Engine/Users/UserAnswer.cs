namespace Inventory.Engine.Users;

/// <summary>
/// What became of making or editing a user. Declared in the order they are checked. Append only; a number is never used
/// again.
/// </summary>
public enum UserOutcome
{
    /// <summary>It is as asked.</summary>
    Done = 1,

    /// <summary>The same request was made before under this request id, and had its effect then.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is a user of that name.</summary>
    NameTaken = 4,

    /// <summary>There is no such user.</summary>
    UserUnknown = 5,

    /// <summary>Its revision is not the one from which the edit was made.</summary>
    VersionConflict = 6,

    /// <summary>Nobody else who is an admin may sign in: then nobody could let anybody in again.</summary>
    LastAdmin = 7,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="User">
/// With <see cref="UserOutcome.Done"/> right after it, with <see cref="UserOutcome.Replayed"/> as it is now.
/// </param>
/// <param name="Revision">With <see cref="UserOutcome.VersionConflict"/>: what it is now.</param>
public sealed record UserAnswer(UserOutcome Outcome, UserAccount? User, long Revision = 0);
