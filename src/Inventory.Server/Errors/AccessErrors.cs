using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Inventory.Server.Errors;

/// <summary>
/// Who are you, and you may not. What is wrong with a credential is told in a few words; never a part of it, and
/// nothing of the keys that it was judged by.
/// </summary>
internal static class AccessErrors
{
    public const string ScopeKey = "scope";

    public static readonly ApiError Missing = new(
        StatusCode.Unauthenticated,
        Reasons.CredentialsMissing,
        "Say who you are: authorization: Bearer, and a token or an API key; or a certificate that is known here; or"
            + " sign in."
    );

    public static readonly ApiError Expired = new(
        StatusCode.Unauthenticated,
        Reasons.CredentialsExpired,
        "The token has expired."
    );

    /// <summary>The keys by which it would be judged cannot be had: it may be good, and nobody knows.</summary>
    public static readonly ApiError Unjudged = new(
        StatusCode.Unavailable,
        Reasons.CredentialsUnjudged,
        "The credential cannot be judged just now.",
        details: new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) }
    );

    /// <summary>An endpoint that declares no access, which is a mistake of ours and no hole.</summary>
    public static readonly ApiError Undeclared = new(
        StatusCode.PermissionDenied,
        Reasons.AccessUndeclared,
        "Nobody is allowed this: it declares no scope."
    );

    public static readonly ApiError Revoked = Invalid("it was revoked");

    /// <summary>Whoever has stolen a bound token lacks its certificate.</summary>
    public static readonly ApiError Unbound = Invalid("it is bound to a certificate that its sender has not shown");

    /// <param name="wait">Until there is room for one more.</param>
    public static ApiError RateLimited(TimeSpan wait) =>
        new(
            StatusCode.ResourceExhausted,
            Reasons.RateLimited,
            "Too many calls; this one was not tried.",
            details: new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }
        );

    public static ApiError Invalid(string why) =>
        new(StatusCode.Unauthenticated, Reasons.CredentialsInvalid, $"The credential is not valid: {why}.");

    public static ApiError ScopeMissing(string scope) =>
        new(
            StatusCode.PermissionDenied,
            Reasons.ScopeMissing,
            $"This needs the scope {scope}.",
            [new(ScopeKey, scope)]
        );

    /// <param name="warehouse">As it was asked for; null: the request names none.</param>
    public static ApiError WarehouseNotPermitted(string? warehouse) =>
        new(
            StatusCode.PermissionDenied,
            Reasons.WarehouseNotPermitted,
            warehouse is null
                ? "You are limited to some warehouses: name one of them."
                : $"You may not change what is in {warehouse}.",
            warehouse is null ? null : [new(CommonErrors.WarehouseType, warehouse)]
        );
}
