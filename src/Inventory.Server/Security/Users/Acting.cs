using Inventory.Engine.Database;
using Inventory.Engine.Users;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Security.Users;

/// <summary>Who does something, from where, under which trace, as it is written down.</summary>
internal static class Acting
{
    /// <summary>A call of the API, whose caller is known.</summary>
    public static ActedFrom From(HttpContext http, Actor actor) =>
        From(http, actor.Name) with
        {
            Origin = actor.Origin,
            TraceId = actor.Trace,
        };

    public static ActedFrom From(HttpContext http, string actor) =>
        new(actor, http.Connection.RemoteIpAddress?.ToString() ?? "unknown", Correlation.Of(http));
}
