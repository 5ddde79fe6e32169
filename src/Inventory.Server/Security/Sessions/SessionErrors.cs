using Grpc.Core;
using Inventory.Server.Errors;

namespace Inventory.Server.Security.Sessions;

/// <summary>What is wrong with a session, or with signing in to one.</summary>
internal static class SessionErrors
{
    /// <summary>
    /// One answer for a wrong password, a name that there is not, one that is disabled, and one that is locked.
    /// </summary>
    public static readonly ApiError SignInRefused = new(
        StatusCode.Unauthenticated,
        Reasons.SignInRefused,
        "Name or password is wrong, or too many attempts have failed: then wait some minutes."
    );

    public static readonly ApiError Over = new(
        StatusCode.Unauthenticated,
        Reasons.SessionOver,
        "The session is over: sign in again."
    );

    public static readonly ApiError Required = new(
        StatusCode.PermissionDenied,
        Reasons.SessionRequired,
        "This is for who has signed in with a password."
    );

    public static readonly ApiError MustChangePassword = new(
        StatusCode.PermissionDenied,
        Reasons.PasswordMustChange,
        "The password was told once by somebody else: set another first."
    );

    public static readonly ApiError CrossSite = new(
        StatusCode.PermissionDenied,
        Reasons.CrossSite,
        "The browser says that another site's page has made it ask."
    );

    public static readonly ApiError CsrfToken = new(
        StatusCode.PermissionDenied,
        Reasons.CsrfTokenInvalid,
        $"What may change something in a session needs the header {SessionSetup.CsrfHeader}: GET /session tells it."
    );

    /// <summary>Between the old password's proof and the new one somebody has edited the user.</summary>
    public static readonly ApiError ChangedMeanwhile = new(
        StatusCode.Aborted,
        Reasons.VersionConflict,
        "Somebody has edited this user meanwhile: sign in again."
    );
}
