using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Inventory.Server.Reflection;

/// <summary>The services that this server serves, as their descriptors tell.</summary>
public sealed class ServedApi(IReadOnlyList<ServiceDescriptor> services)
{
    public IReadOnlyList<ServiceDescriptor> Services { get; } = services;

    /// <summary>What a method of a service is declared to be.</summary>
    public MethodDescriptor Method(string service, string name) =>
        Services.First(s => s.FullName == service).FindMethodByName(name);

    /// <summary>Full names, such as <c>inventory.v1.ReservationService</c>.</summary>
    public FrozenSet<string> ServiceNames { get; } = services.Select(s => s.FullName).ToFrozenSet();
}
