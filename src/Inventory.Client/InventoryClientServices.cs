using Microsoft.Extensions.DependencyInjection;

namespace Inventory.Client;

/// <summary>Puts the client into a container.</summary>
public static class InventoryClientServices
{
    /// <summary>
    /// Adds <see cref="InventoryClient"/>, and the generated client of each of its services, for one server. The
    /// container disposes of them.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IServiceCollection AddInventoryClient(
        this IServiceCollection services,
        InventoryClientOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return services
            .AddSingleton(_ => new InventoryClient(options))
            .AddSingleton(provider => provider.GetRequiredService<InventoryClient>().Reservations)
            .AddSingleton(provider => provider.GetRequiredService<InventoryClient>().Availability)
            .AddSingleton(provider => provider.GetRequiredService<InventoryClient>().Stock)
            .AddSingleton(provider => provider.GetRequiredService<InventoryClient>().Catalog)
            .AddSingleton(provider => provider.GetRequiredService<InventoryClient>().Warehouses)
            .AddSingleton(provider => provider.GetRequiredService<InventoryClient>().Transfers)
            .AddSingleton(provider => provider.GetRequiredService<InventoryClient>().Replenishment)
            .AddSingleton(provider => provider.GetRequiredService<InventoryClient>().Journal);
    }
}
