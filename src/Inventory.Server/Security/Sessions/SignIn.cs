using Inventory.Engine.Users;
using Inventory.Server.Errors;
using Inventory.Server.Security.Users;
using Inventory.Server.Validation;
using Microsoft.AspNetCore.Identity;

namespace Inventory.Server.Security.Sessions;

/// <summary>
/// Judges passwords. Whoever is refused is told the same, and waits for the same work, whether or not there is such a
/// user: the audit alone tells why.
/// </summary>
internal sealed class SignIn(
    Passwords passwords,
    TakeSignInAttempt take,
    CompleteSignIn complete,
    ChangePassword change,
    AccessAudit audit
)
{
    public const string Target = "/session";

    /// <summary>Whose password it was, and the stamp of the sessions that it opens; or why not.</summary>
    internal readonly record struct Judged(int UserId, Guid Stamp, ApiError? Error);

    public async Task<Judged> JudgeAsync(HttpContext http, string name, string password)
    {
        using var turn = await passwords.EnterAsync(http.RequestAborted);
        if (turn is null)
        {
            return new(0, default, Faults.Overloaded);
        }

        var (attempt, result) = await TryAsync(http, name, password);
        if (attempt is null)
        {
            return new(0, default, SessionErrors.SignInRefused);
        }

        var rehashed = result == PasswordVerificationResult.SuccessRehashNeeded ? Passwords.Hash(password) : null;
        var from = Acting.From(http, UserRing.Member.NamePrefix + attempt.Name);
        if (await complete.ExecuteAsync(attempt, rehashed, from, http.RequestAborted))
        {
            return new(attempt.UserId, attempt.Stamp, null);
        }

        audit.Note(http, from.Actor, Target, "SIGN_IN_EDITED_MEANWHILE");
        return new(0, default, SessionErrors.SignInRefused);
    }

    /// <summary>By who has a session already: it must not serve to find the password, so attempts count.</summary>
    public async Task<Judged> ChangeAsync(HttpContext http, UserRing.Member member, string current, string next)
    {
        if (FindProblem(member.User.Name, current, next) is { } wrong)
        {
            return new(0, default, wrong);
        }

        using var turn = await passwords.EnterAsync(http.RequestAborted);
        if (turn is null)
        {
            return new(0, default, Faults.Overloaded);
        }

        var (attempt, _) = await TryAsync(http, member.User.Name, current);
        if (attempt is null)
        {
            return new(0, default, SessionErrors.SignInRefused);
        }

        var from = Acting.From(http, member.CallerName);
        return await change.ExecuteAsync(attempt, Passwords.Hash(next), from, http.RequestAborted) is { } stamp
            ? new(attempt.UserId, stamp, null)
            : new(0, default, SessionErrors.ChangedMeanwhile);
    }

    private static ApiError? FindProblem(string name, string current, string next)
    {
        var violations = new Violations();
        var problem = next == current ? Problem.Conflict("is the one that you have") : PasswordRules.Of(next, name);
        violations.Add("new", problem);
        return violations.Error;
    }

    /// <returns>No attempt: it was refused, and that is written down.</returns>
    private async Task<(TakeSignInAttempt.Attempt? Right, PasswordVerificationResult Result)> TryAsync(
        HttpContext http,
        string name,
        string password
    )
    {
        var attempt = UserRules.IsName(name) ? await take.ExecuteAsync(name, http.RequestAborted) : null;
        var result = Passwords.Verify(attempt?.PasswordHash, password);
        if (attempt?.PasswordHash is not null && result != PasswordVerificationResult.Failed)
        {
            return (attempt, result);
        }

        // A name that nobody has is not written down: people type their password there.
        var caller = attempt is null ? null : UserRing.Member.NamePrefix + attempt.Name;
        audit.Note(http, caller, Target, ReasonOf(attempt));
        return (null, result);
    }

    private static string ReasonOf(TakeSignInAttempt.Attempt? attempt) =>
        attempt is null ? "SIGN_IN_NAME_UNKNOWN"
        : attempt.IsDisabled ? "SIGN_IN_DISABLED"
        : attempt.IsLocked ? "SIGN_IN_LOCKED"
        : attempt.Locks ? "SIGN_IN_LOCKED_NOW"
        : "SIGN_IN_PASSWORD_WRONG";
}
