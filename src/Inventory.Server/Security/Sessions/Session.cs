using System.Globalization;
using System.Security.Claims;

namespace Inventory.Server.Security.Sessions;

/// <summary>What a session's cookie says, encrypted and signed.</summary>
/// <param name="Id">Random; no two sessions share it. The antiforgery token is bound to it.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Stamp">The user's when it began.</param>
/// <param name="Since">When the user signed in.</param>
internal sealed record Session(Guid Id, int UserId, Guid Stamp, DateTimeOffset Since)
{
    /// <summary>However busy, it ends then.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromHours(8);

    // The one that antiforgery binds its token to.
    private const string IdClaim = "sub";
    private const string UserClaim = "user";
    private const string StampClaim = "stamp";
    private const string SinceClaim = "since";

    public DateTimeOffset EndsAt => Since + LengthMax;

    /// <summary>By which it is ended before its time, beside tokens; no token's jti is a random id of ours.</summary>
    public string TokenId => $"session:{Id:n}";

    /// <returns>Null: it is no session of this version.</returns>
    public static Session? Of(ClaimsPrincipal principal) =>
        Guid.TryParseExact(principal.FindFirstValue(IdClaim), "n", out var id)
        && int.TryParse(
            principal.FindFirstValue(UserClaim),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var userId
        )
        && Guid.TryParseExact(principal.FindFirstValue(StampClaim), "n", out var stamp)
        && long.TryParse(
            principal.FindFirstValue(SinceClaim),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var since
        )
            ? new(id, userId, stamp, DateTimeOffset.FromUnixTimeSeconds(since))
            : null;

    public ClaimsPrincipal ToPrincipal() =>
        new(
            new ClaimsIdentity(
                [
                    new(IdClaim, $"{Id:n}"),
                    new(UserClaim, UserId.ToString(CultureInfo.InvariantCulture)),
                    new(StampClaim, $"{Stamp:n}"),
                    new(SinceClaim, Since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
                ],
                SessionSetup.Scheme
            )
        );
}
