using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>Lets callers do what they may do, in an order that a seed decides.</summary>
internal static class RandomWorld
{
    private static readonly string[] Skus = ["A", "B", "C"];
    private static readonly string[] Warehouses = ["W1", "W2"];

    public static World Live(Random random, int steps)
    {
        var world = new World();
        foreach (var sku in Skus)
        {
            foreach (var warehouse in Warehouses)
            {
                world.AddStock(sku, warehouse, random.Next(20));
            }
        }

        for (var step = 0; step < steps; step++)
        {
            Step(world, random, step);
        }

        return world;
    }

    private static void Step(World world, Random random, int step)
    {
        switch (random.Next(10))
        {
            case < 4:
                world.Reserve(new ReserveAsk("shop", $"r{step}", Hold(random), [.. Lines(random)]));
                break;
            case < 5:
                var asked = world.History.Select(e => e.Ask).OfType<ReserveAsk>().ToArray();
                if (asked.Length > 0)
                {
                    world.Reserve(asked[random.Next(asked.Length)]);
                }

                break;
            case < 8:
                if (world.Reservations.Count > 0)
                {
                    var end = Enum.GetValues<ReservationEnd>()[random.Next(3)];
                    world.End(world.Reservations[random.Next(world.Reservations.Count)].ReservationId, end);
                }

                break;
            case 8 when world.Reservations.Count > 0 && random.Next(2) == 0:
                var of = world.Reservations[random.Next(world.Reservations.Count)].ReservationId;
                var part = random.Next(3) == 0 ? ReservationEnd.Cancelled : ReservationEnd.Confirmed;
                world.Part(new PartAsk(of, $"p{step}", Skus[random.Next(3)], random.Next(1, 4), part));
                break;
            case 8:
                world.Adjust($"a{step}", Skus[random.Next(3)], Warehouses[random.Next(2)], random.Next(-3, 5));
                break;
            default:
                world.Pass(TimeSpan.FromSeconds(random.Next(30)));
                break;
        }
    }

    private static TimeSpan Hold(Random random) => TimeSpan.FromSeconds(random.Next(1, 60));

    private static IEnumerable<AskLine> Lines(Random random) =>
        Skus.Where(_ => random.Next(2) == 0)
            .DefaultIfEmpty("A")
            .Select(sku => new AskLine(
                sku,
                random.Next(1, 6),
                random.Next(3) == 0 ? Warehouses[random.Next(2)] : null
            ));
}
