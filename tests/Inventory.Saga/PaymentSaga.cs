using Grpc.Core;
using Inventory.Client;
using Inventory.V1;

namespace Inventory.Saga;

/// <summary>
/// Charges each order that has its stock, and ends its reservation by the outcome. The outcome is written down before
/// anything follows from it, so a crash changes no mind; and an end that is asked for twice is had once.
/// </summary>
internal sealed class PaymentSaga(InventoryClient client, string ordersPath, string path, int seed)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync()
    {
        var (log, before) = EventLog.Open(path);
        using var _ = log;
        var known = before.GroupBy(e => e.Order).ToDictionary(g => g.Key, g => g.Last());
        var (running, settled) = (new List<Task>(), new HashSet<string>());
        using var slots = new SemaphoreSlim(AtOnce);
        for (long place = 0; settled.Count < OrderTaking.OrdersCount; )
        {
            var (events, next) = EventLog.Read(ordersPath, place);
            place = next;
            foreach (var order in events.Where(e => e.What is OrderEvent.Reserved or OrderEvent.SoldOut))
            {
                if (settled.Add(order.Order) && order.What == OrderEvent.Reserved)
                {
                    running.Add(EndAsync(log, order, known.GetValueOrDefault(order.Order), slots));
                }
            }

            await Task.Delay(LookEvery);
        }

        await Task.WhenAll(running);
    }

    private async Task EndAsync(EventLog log, OrderEvent order, OrderEvent? known, SemaphoreSlim slots)
    {
        if (known is { IsEnd: true })
        {
            return;
        }

        await slots.WaitAsync();
        try
        {
            var payment = known ?? await ChargeAsync(log, order);
            await log.WriteAsync(
                new(
                    order.Order,
                    payment.What == OrderEvent.Paid ? await ConfirmAsync(order) : await ReleaseAsync(order)
                )
            );
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<OrderEvent> ChargeAsync(EventLog log, OrderEvent order)
    {
        // By the order and not by the attempt: a bank too is asked with an id, and answers the same again.
        var random = new Random(unchecked(~seed + int.Parse(order.Order.Split('-')[^1], null)));
        // One in ten comes when the hold is over.
        var isLate = random.Next(10) == 0;
        await Task.Delay(isLate ? 3_500 : random.Next(10, 400));
        var payment = new OrderEvent(order.Order, random.Next(4) == 0 ? OrderEvent.Declined : OrderEvent.Paid);
        await log.WriteAsync(payment);
        return payment;
    }

    private async Task<string> ConfirmAsync(OrderEvent order)
    {
        try
        {
            await client.Reservations.ConfirmReservationAsync(new() { ReservationId = order.Reservation });
            return OrderEvent.Confirmed;
        }
        catch (RpcException late)
            when (InventoryError.From(late) is { Reason: "RESERVATION_EXPIRED" or "RESERVATION_STATE" })
        {
            return OrderEvent.Refunded;
        }
    }

    private async Task<string> ReleaseAsync(OrderEvent order)
    {
        try
        {
            await client.Reservations.CancelReservationAsync(
                new() { ReservationId = order.Reservation, Cause = CancelCause.PaymentFailed }
            );
        }
        catch (RpcException over)
            when (InventoryError.From(over) is { Reason: "RESERVATION_EXPIRED" or "RESERVATION_STATE" })
        {
            // Its time was over before: it is free again by that.
        }

        return OrderEvent.Released;
    }
}
