namespace Inventory.Saga;

/// <summary>Something that happened to an order.</summary>
/// <param name="Order">Its id, and the request id of its reservation.</param>
/// <param name="What">One of the kinds below.</param>
/// <param name="Sku">Of <see cref="Placed"/>.</param>
/// <param name="Quantity">Of <see cref="Placed"/>.</param>
/// <param name="Reservation">Of <see cref="Reserved"/>.</param>
public sealed record OrderEvent(
    string Order,
    string What,
    string? Sku = null,
    long Quantity = 0,
    string? Reservation = null
)
{
    /// <summary>The order service took it.</summary>
    public const string Placed = "placed";

    /// <summary>Stock is held for it.</summary>
    public const string Reserved = "reserved";

    /// <summary>There is not enough: the order has ended.</summary>
    public const string SoldOut = "sold out";

    /// <summary>The payment went through; the coordinator knows, and the stock is not confirmed.</summary>
    public const string Paid = "paid";

    /// <summary>It did not.</summary>
    public const string Declined = "declined";

    /// <summary>Paid, and the stock is its own: the order has ended.</summary>
    public const string Confirmed = "confirmed";

    /// <summary>Not paid, and the stock is free again: the order has ended.</summary>
    public const string Released = "released";

    /// <summary>Paid when the hold was over, and the money went back: the order has ended.</summary>
    public const string Refunded = "refunded";

    /// <summary>How an order may end.</summary>
    public static IReadOnlyList<string> Ends { get; } = [SoldOut, Confirmed, Released, Refunded];

    /// <summary>Whether it is the last thing that happens to an order.</summary>
    public bool IsEnd => Ends.Contains(What);
}
