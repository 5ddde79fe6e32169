using Inventory.Engine.Database;

namespace Inventory.Engine.Events;

/// <summary>Who is told what.</summary>
public sealed record Subscription
{
    /// <summary>Its number.</summary>
    public long SubscriptionId { get; init; }

    /// <summary>Where deliveries go.</summary>
    public string Url { get; init; } = "";

    /// <summary>In which form.</summary>
    public EventFormat Format { get; init; }

    /// <summary>Types, or beginnings of types and a star; none: all.</summary>
    public string[] Types { get; init; } = [];

    /// <summary>SKUs; none: all.</summary>
    public string[] Skus { get; init; } = [];

    /// <summary>Warehouse codes; none: all.</summary>
    public string[] Warehouses { get; init; } = [];

    /// <summary>By which deliveries are signed.</summary>
    public string Secret { get; init; } = "";

    /// <summary>How far of the journal deliveries have been made.</summary>
    public string Cursor { get; init; } = "";

    /// <summary>By the database's clock, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Whether it asks for stock rows by name, which a change without stock has not.</summary>
    public bool NamesStock => Skus.Length > 0 || Warehouses.Length > 0;

    /// <summary>Whether changes of a kind are sent.</summary>
    public bool Wants(JournalKind kind) =>
        Types.Length == 0 || Types.Any(filter => EventTypes.Matches(filter, EventTypes.Of(kind)));

    /// <summary>Whether changes of a stock row are sent.</summary>
    /// <param name="owner">Its names; null where no stock moved.</param>
    public bool Wants(StockOwner? owner) =>
        !NamesStock
        || (
            owner is not null
            && (Skus.Length == 0 || Skus.Contains(owner.Sku))
            && (Warehouses.Length == 0 || Warehouses.Contains(owner.Warehouse))
        );
}
