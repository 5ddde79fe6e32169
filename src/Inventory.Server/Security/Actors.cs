using Inventory.Engine.Database;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Security;

/// <summary>
/// Knows, before a call that may change something begins, from where it comes, so that each change is written with it.
/// A caller that was here before, from the same address, costs one look-up.
/// </summary>
internal sealed class Actors(Origins origins)
{
    /// <exception cref="Npgsql.NpgsqlException">The database is away; nothing was changed.</exception>
    public Task KnowAsync(HttpContext http, CancellationToken cancellation)
    {
        if (
            http.GetEndpoint() is not { } endpoint
            || Access.Of(endpoint) is not { Mutates: true } access
            || http.Features.Get<Caller>() is not { } caller
        )
        {
            return Task.CompletedTask;
        }

        var address = http.Connection.RemoteIpAddress;
        if (!origins.TryGet(caller.Name, access.ScopeName, address, out var origin))
        {
            return FindAsync(http, caller.Name, access.ScopeName, cancellation);
        }

        CallTrace.Of(http).Origin = origin;
        return Task.CompletedTask;
    }

    private async Task FindAsync(HttpContext http, string caller, string scope, CancellationToken cancellation) =>
        CallTrace.Of(http).Origin = await origins.FindAsync(
            caller,
            scope,
            http.Connection.RemoteIpAddress,
            cancellation
        );
}
