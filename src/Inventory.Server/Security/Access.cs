using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using Inventory.V1;

namespace Inventory.Server.Security;

/// <summary>
/// Who may use an endpoint: metadata that every endpoint carries. One without it is closed to everyone. An RPC's comes
/// from its option <c>inventory.v1.access</c>.
/// </summary>
internal sealed class Access
{
    /// <summary>Whoever asks: what balancers probe, and pages that hold what the protos say.</summary>
    public static readonly Access Open = new() { IsOpen = true };

    // The services that are not ours say nothing of access in their protos. Reflection is for any caller, once known: a
    // stream that strangers hold open costs too much.
    private static readonly FrozenDictionary<string, Access> Standard = new Dictionary<string, Access>
    {
        ["grpc.health.v1.Health"] = Open,
        ["grpc.reflection.v1.ServerReflection"] = new() { IsLong = true },
        ["grpc.reflection.v1alpha.ServerReflection"] = new() { IsLong = true },
    }.ToFrozenDictionary();

    /// <summary>For who has signed in with a password, whatever they may do.</summary>
    public static readonly Access Session = new() { IsForSessions = true };

    private Access() { }

    public bool IsOpen { get; private init; }

    /// <summary>About the session itself: only within one, and open to who must set a password first.</summary>
    public bool IsForSessions { get; private init; }

    /// <summary>None where any caller will do.</summary>
    public Scopes Required { get; private init; }

    /// <summary>A stream, which may outlive its caller's credential.</summary>
    public bool IsLong { get; private init; }

    /// <summary>What a caller who is limited to some warehouses is judged by; null for what is not an RPC.</summary>
    public AccessRule? Rule { get; private init; }

    /// <summary>Whether it changes something: then limits to warehouses hold.</summary>
    public bool Changes => Required is Scopes.ReservationsWrite or Scopes.StockWrite or Scopes.CatalogWrite;

    /// <summary>Whether what it does is written with where it came from.</summary>
    public bool Mutates => Changes || Required == Scopes.Admin;

    /// <summary>The required scope by its name; there is one wherever any is required.</summary>
    public string ScopeName => field ??= ScopeNames.Of(Required);

    public static Access Of(Scopes required) => new() { Required = required };

    /// <returns>Null: it declares nothing, or a scope that there is not, and stays closed.</returns>
    public static Access? Of(MethodDescriptor method)
    {
        if (Standard.TryGetValue(method.Service.FullName, out var standard))
        {
            return standard;
        }

        var rule = method.GetOptions()?.GetExtension(AuthorizationExtensions.Access);
        var required = rule is null ? Scopes.None : RequiredBy(rule.Scope);
        return required == Scopes.None
            ? null
            : new()
            {
                Required = required,
                Rule = rule,
                IsLong = method.IsClientStreaming || method.IsServerStreaming,
            };
    }

    /// <summary>
    /// Null: nobody may. What gRPC answers by itself, that a service or method is not there, is for everyone.
    /// </summary>
    public static Access? Of(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<Access>() ?? (IsUnimplemented(endpoint) ? Open : null);

    private static Scopes RequiredBy(string name) =>
        // Whoever has admin has all; to require it is to require that one.
        name == "admin"
            ? Scopes.Admin
            : ScopeNames.OfScope(name);

    private static bool IsUnimplemented(Endpoint endpoint) =>
        endpoint is RouteEndpoint route
        && route.RoutePattern.Parameters.Any(p => p.Name is "unimplementedService" or "unimplementedMethod");
}
