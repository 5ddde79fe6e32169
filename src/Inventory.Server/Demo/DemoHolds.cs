using System.Globalization;
using Bogus;
using Inventory.Engine.Reservations;

namespace Inventory.Server.Demo;

/// <summary>
/// Some open holds, placed as any caller would. Placed again they are replays, so once is enough and twice is safe.
/// </summary>
public sealed class DemoHolds(ReserveInventory reserve, ILogger logger)
{
    public const int Count = 40;
    private const string Caller = "demo";
    private const int Seed = 20_260_102;

    /// <returns>How many are held; fewer than <see cref="Count"/> where stock was short.</returns>
    public async Task<int> PlaceAsync(CancellationToken cancellation)
    {
        var random = new Randomizer(Seed);
        var held = 0;
        for (var number = 1; number <= Count; number++)
        {
            var answer = await reserve.ExecuteAsync(Order(number, random), cancellation);
            held += answer.Outcome is ReserveOutcome.Held or ReserveOutcome.Replayed ? 1 : 0;
        }

        logger.DemoHeld(held);
        return held;
    }

    private static ReserveRequest Order(int number, Randomizer random)
    {
        var lines = new ReserveLine[random.Int(1, 3)];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new(DemoCatalog.Sku(random.Int(1, DemoCatalog.ProductCount)), null, random.Long(1, 4));
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"demo-order-{number:D3}");
        return new(new(Caller), name, name, ReserveRequest.HoldMsMax, lines);
    }
}
