using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Derives identities: the reservation's id from who asks under which request id, and a fingerprint of what is asked.
/// Both are stable for ever: they are compared with what is stored.
/// </summary>
internal static class ReservationKey
{
    /// <summary>Of the caller and the request id.</summary>
    internal static Guid Id(string caller, string requestId)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text(caller);
        content.Text(requestId);
        return content.ToId();
    }

    /// <summary>
    /// Of the request as asked: order, hold, and the lines summed by SKU and warehouse, in the order of their names.
    /// Not of its allocation, which may differ from try to try.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="demands">Its lines, summed and ordered.</param>
    internal static long Fingerprint(ReserveRequest request, IReadOnlyList<ReserveLine> demands)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text(request.OrderId ?? "");
        content.Number(request.HoldMs);
        foreach (var line in demands)
        {
            content.Text(line.Sku);
            content.Text(line.Warehouse ?? "");
            content.Number(line.Quantity);
        }

        return content.ToFingerprint();
    }
}
