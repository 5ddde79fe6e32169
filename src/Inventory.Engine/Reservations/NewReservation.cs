using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>What an attempt has become, as its proposal says.</summary>
internal static class NewReservation
{
    internal static Reservation Held(this ReserveAttempt attempt, DateTime now, WarehouseList warehouses)
    {
        var allocations = new Allocation[attempt.Proposal.Length];
        for (var i = 0; i < allocations.Length; i++)
        {
            var (stockId, quantity) = attempt.Proposal[i];
            allocations[i] = Describe(attempt, stockId, quantity, warehouses);
        }

        return new()
        {
            ReservationId = attempt.Id,
            Caller = attempt.Request.Caller.Name,
            RequestId = attempt.Request.RequestId,
            OrderId = attempt.Request.OrderId,
            State = ReservationState.Held,
            CreatedAt = now,
            ExpiresAt = now.AddMilliseconds(attempt.Request.HoldMs),
            Version = 1,
            Allocations = allocations,
            Lines = attempt.Terms?.Show(allocations),
        };
    }

    internal static Reservation Pending(this ReserveAttempt attempt, DateTime now, WarehouseList warehouses) =>
        attempt.Held(now, warehouses) with
        {
            State = ReservationState.Pending,
            ExpiresAt = now.AddMilliseconds(attempt.Request.WaitMs!.Value),
        };

    private static Allocation Describe(ReserveAttempt attempt, long stockId, long quantity, WarehouseList warehouses)
    {
        foreach (var demand in attempt.Demands)
        {
            foreach (var row in demand.Rows)
            {
                if (row.StockId == stockId)
                {
                    return new(demand.Item!.Sku, warehouses.Find(row.WarehouseId)?.Code ?? "", quantity);
                }
            }
        }

        throw new InvalidOperationException("An allocation is always drawn on a candidate row.");
    }
}
