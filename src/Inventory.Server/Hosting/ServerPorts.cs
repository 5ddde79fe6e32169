using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Inventory.Server.Hosting;

/// <summary>Where a started server listens.</summary>
/// <param name="Grpc">Such as <c>http://127.0.0.1:5080</c>.</param>
/// <param name="Http">Such as <c>http://127.0.0.1:5081</c>.</param>
public sealed record ServerPorts(string Grpc, string Http)
{
    public static ServerPorts Of(WebApplication app)
    {
        var addresses = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses;
        // In the order of KestrelSetup.
        return new(addresses.ElementAt(0), addresses.ElementAt(1));
    }
}
