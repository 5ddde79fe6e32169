using Inventory.Engine.Users;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of making, editing and listing users means to a caller. Null is OK.</summary>
internal static class UserErrors
{
    private const string UserType = "user";

    /// <param name="answer">What came of it.</param>
    /// <param name="name">Whom it was about.</param>
    /// <param name="requestId">Under which it was asked.</param>
    public static ApiError? Of(UserAnswer answer, string name, string requestId) =>
        answer.Outcome switch
        {
            UserOutcome.Done or UserOutcome.Replayed => null,
            UserOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            UserOutcome.NameTaken => CommonErrors.AlreadyExists(Reasons.UserNameTaken, UserType, name),
            UserOutcome.UserUnknown => CommonErrors.NotFound(Reasons.UserUnknown, UserType, name),
            UserOutcome.VersionConflict => CommonErrors.VersionConflict(name, answer.Revision),
            UserOutcome.LastAdmin => CommonErrors.Precondition(
                Reasons.LastAdmin,
                name,
                "is the last enabled admin: make another first"
            ),
        };

    public static ApiError? Of(ListUsersAnswer answer) =>
        answer.Outcome switch
        {
            ListUsersOutcome.Listed => null,
            ListUsersOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };
}
