using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Derives identities: the reservation's id from who asks under which request id, and a fingerprint of what is asked.
/// Both are stable for ever: they are compared with what is stored.
/// </summary>
internal static class ReservationKey
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>
    /// SHA-256 over the length-prefixed caller and request id, the first 16 bytes of it as a UUIDv8 (RFC 9562).
    /// </summary>
    internal static Guid Id(Actor caller, string requestId)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text(caller.Name);
        content.Text(requestId);
        return content.ToId();
    }

    /// <summary>
    /// FNV-1a, 64 bits, over the request as asked: order, hold, the lines summed by SKU and warehouse, in the order of
    /// their names, source, fill and wait. Not over its allocation, which may differ from try to try. It only has to
    /// tell a caller's own mistakes from a retry.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="lines">Its lines, summed and ordered.</param>
    internal static long Fingerprint(ReserveRequest request, IReadOnlyList<ReserveLine> lines)
    {
        var hash = Mix(Mix(FnvOffset, request.OrderId), request.HoldMs);
        foreach (var line in lines)
        {
            hash = Mix(Mix(Mix(hash, line.Sku), line.Warehouse), line.Quantity);
        }

        if (request.WaitMs is { } waitMs)
        {
            hash = Mix(hash, waitMs);
        }

        if (request is { Source: ReserveSource.Priority, Fill: ReserveFill.AllOrNothing })
        {
            // As it was before there was a choice.
            return (long)hash;
        }

        hash = Mix(Mix(hash, (long)request.Source), (long)request.Fill);
        foreach (var line in lines)
        {
            hash = Mix(hash, line.MinQuantity);
        }

        return (long)hash;
    }

    // The length first, so that no two sequences of texts run together to the same; none and empty are the same.
    private static ulong Mix(ulong hash, string? text)
    {
        hash = Mix(hash, text?.Length ?? 0);
        foreach (var character in text ?? "")
        {
            hash = (hash ^ character) * FnvPrime;
        }

        return hash;
    }

    private static ulong Mix(ulong hash, long number)
    {
        for (var shift = 0; shift < 64; shift += 16)
        {
            hash = (hash ^ (ushort)(number >> shift)) * FnvPrime;
        }

        return hash;
    }
}
