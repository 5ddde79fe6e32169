using System.Collections.Frozen;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Inventory.Server.Reflection;

/// <summary>The services that this server serves, as their descriptors tell.</summary>
public sealed class ServedApi(IReadOnlyList<ServiceDescriptor> services)
{
    public IReadOnlyList<ServiceDescriptor> Services { get; } = services;

    /// <summary>Full names, such as <c>inventory.v1.ReservationService</c>.</summary>
    public FrozenSet<string> ServiceNames { get; } = services.Select(s => s.FullName).ToFrozenSet();
}
