using Grpc.Core;
using Inventory.Server.Security;
using Microsoft.AspNetCore.Http.Features;

namespace Inventory.Server.Services;

/// <summary>Who asks: the principal, not the credential. The journal names it, and request ids are its own.</summary>
internal static class Callers
{
    /// <summary>As the gate found it; nothing that needs a caller is reached past it.</summary>
    public static string Of(ServerCallContext context) =>
        context.GetHttpContext().Features.GetRequiredFeature<Caller>().Name;
}
