using Grpc.Core;
using Inventory.Client;
using Inventory.V1;

namespace Inventory.Saga;

/// <summary>
/// Takes orders and holds stock for each. The order's id is the request id: whoever asks again, after a crash or a lost
/// answer, finds the one hold that there is.
/// </summary>
internal sealed class OrderTaking(InventoryClient client, string path, string[] skus, int seed)
{
    public const int OrdersCount = 200;
    private const int AtOnce = 8;

    public async Task RunAsync()
    {
        var (log, before) = EventLog.Open(path);
        using var _ = log;
        var placed = before.Where(e => e.What == OrderEvent.Placed).ToDictionary(e => e.Order);
        var answered = before.Where(e => e.What != OrderEvent.Placed).Select(e => e.Order).ToHashSet();
        var open = Enumerable.Range(0, OrdersCount).Where(n => !answered.Contains(Name(n)));
        await Parallel.ForEachAsync(
            open,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, _) =>
            {
                var asked = placed.GetValueOrDefault(Name(number)) ?? await PlaceAsync(log, number);
                await log.WriteAsync(await ReserveAsync(asked));
            }
        );
    }

    private string Name(int number) => $"order-{seed}-{number}";

    private async Task<OrderEvent> PlaceAsync(EventLog log, int number)
    {
        var random = new Random(unchecked(seed + number));
        var asked = new OrderEvent(Name(number), OrderEvent.Placed, skus[random.Next(skus.Length)], random.Next(1, 4));
        await log.WriteAsync(asked);
        return asked;
    }

    private async Task<OrderEvent> ReserveAsync(OrderEvent order)
    {
        var request = new ReserveInventoryRequest
        {
            RequestId = order.Order,
            OrderId = order.Order,
            HoldFor = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(3)),
            Lines =
            {
                new ReserveLine { Sku = order.Sku, Quantity = order.Quantity },
            },
        };
        try
        {
            var held = await client.Reservations.ReserveInventoryAsync(request);
            return new(order.Order, OrderEvent.Reserved, Reservation: held.Reservation.ReservationId);
        }
        catch (RpcException refused) when (InventoryError.From(refused) is { Reason: "INSUFFICIENT_STOCK" })
        {
            return new(order.Order, OrderEvent.SoldOut);
        }
    }
}
