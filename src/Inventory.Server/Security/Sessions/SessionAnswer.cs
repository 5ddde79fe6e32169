namespace Inventory.Server.Security.Sessions;

/// <summary>Who has signed in, as /session tells it.</summary>
/// <param name="Name">The user's.</param>
/// <param name="Caller">What the journal names.</param>
/// <param name="Roles">Names of roles.</param>
/// <param name="Scopes">What those allow.</param>
/// <param name="Warehouses">To whose stock changes are limited; null: no limit.</param>
/// <param name="MustChangePassword">Nothing else is allowed before.</param>
/// <param name="ExpireTime">When the session ends, however busy.</param>
/// <param name="CsrfToken">For the header of each request that may change something.</param>
internal sealed record SessionAnswer(
    string Name,
    string Caller,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Warehouses,
    bool MustChangePassword,
    DateTimeOffset ExpireTime,
    string CsrfToken
);
