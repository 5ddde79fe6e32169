using Google.Protobuf.Reflection;

namespace Inventory.Server.Rest.Routing;

/// <summary>One HTTP method and path of an RPC.</summary>
/// <param name="HttpMethod">In capitals.</param>
/// <param name="Template">The path.</param>
/// <param name="Body">What the body fills: "*" the request, or the name of a field; empty: there is no body.</param>
/// <param name="Method">What it calls.</param>
/// <param name="Endpoint">What runs the call, and what authorization looks at.</param>
/// <param name="IsAdditional">One of additional_bindings: the RPC has a first route.</param>
internal sealed record RestRoute(
    string HttpMethod,
    PathTemplate Template,
    string Body,
    RestMethod Method,
    Endpoint Endpoint,
    bool IsAdditional
)
{
    public const string WholeBody = "*";

    public MethodDescriptor Descriptor => Method.Descriptor;

    public override string ToString() => $"{HttpMethod} {Template}";
}
