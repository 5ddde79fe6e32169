using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>Which reservations to list: those that match all that is given.</summary>
public sealed record ReservationFilter
{
    /// <summary>The order, exactly.</summary>
    public string? OrderId { get; init; }

    /// <summary>The state as shown: a hold past its time is expired.</summary>
    public ReservationState? State { get; init; }

    /// <summary>Something of this item: SKU or item id.</summary>
    public string? Sku { get; init; }

    /// <summary>Something from this warehouse: code or id. With a SKU: of that item from there.</summary>
    public string? Warehouse { get; init; }

    /// <summary>Lapses before this time, UTC.</summary>
    public DateTime? ExpiresBefore { get; init; }

    /// <summary>Lapses at this time or after, UTC.</summary>
    public DateTime? ExpiresAfter { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text(OrderId ?? "");
        content.Number((long?)State);
        content.Text(Sku ?? "");
        content.Text(Warehouse ?? "");
        content.Number(ExpiresBefore?.Ticks);
        content.Number(ExpiresAfter?.Ticks);
        return content.ToFingerprint();
    }
}

/// <summary>What became of a request to list. Append only; a number is never used again.</summary>
public enum ListOutcome
{
    /// <summary>The page is there; it may be empty and not the last.</summary>
    Listed = 1,

    /// <summary>The SKU is not known.</summary>
    SkuUnknown = 2,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 3,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 4,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Reservations">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListAnswer(ListOutcome Outcome, IReadOnlyList<Reservation> Reservations, string? NextPageToken);
