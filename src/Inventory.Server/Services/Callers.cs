using Grpc.Core;
using Inventory.Engine.Database;
using Inventory.Server.Security;
using Inventory.Server.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace Inventory.Server.Services;

/// <summary>
/// Who asks: the principal, not the credential. The journal names it, and request ids are its own. With it comes where
/// the call came from, and its trace.
/// </summary>
internal static class Callers
{
    /// <summary>As the gate found it; nothing that needs a caller is reached past it.</summary>
    public static Actor Of(ServerCallContext context) => Of(context.GetHttpContext());

    /// <summary>Whether the caller has a scope beyond the one that the call needed.</summary>
    public static bool Has(ServerCallContext context, Scopes scope) =>
        context.GetHttpContext().Features.GetRequiredFeature<Caller>().Has(scope);

    public static Actor Of(HttpContext http)
    {
        var trace = CallTrace.Of(http);
        return new(http.Features.GetRequiredFeature<Caller>().Name, trace.Origin, trace.Id);
    }
}
