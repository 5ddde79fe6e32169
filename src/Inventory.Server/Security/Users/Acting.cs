using Inventory.Engine.Users;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Security.Users;

/// <summary>Who does something, from where, under which trace, as it is written down.</summary>
internal static class Acting
{
    public static ActedFrom From(HttpContext http, string actor) =>
        new(actor, http.Connection.RemoteIpAddress?.ToString() ?? "unknown", Correlation.Of(http));
}
