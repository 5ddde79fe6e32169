namespace Inventory.Engine.Events;

/// <summary>How far a delivery has come. Append only; a number is never used again.</summary>
public enum DeliveryState
{
    /// <summary>It is to be made, or to be tried again.</summary>
    Pending = 1,

    /// <summary>The subscriber has taken it.</summary>
    Delivered = 2,

    /// <summary>A dead letter: every attempt failed.</summary>
    Dead = 3,
}

/// <summary>One POST to a subscriber, with its attempts. Times are UTC, by the database's clock.</summary>
public sealed record Delivery
{
    /// <summary>The most events of one.</summary>
    public const int EventsMax = 100;

    /// <summary>Its number; one subscription's are made in its order.</summary>
    public long DeliveryId { get; init; }

    /// <summary>Whose.</summary>
    public long SubscriptionId { get; init; }

    /// <summary>How far it has come.</summary>
    public DeliveryState State { get; init; }

    /// <summary>Since it was made, or last asked for once more.</summary>
    public int Attempts { get; init; }

    /// <summary>How many events it has.</summary>
    public int EventCount { get; init; }

    /// <summary>The position of the first.</summary>
    public long FirstPosition { get; init; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it is tried next, while it is pending.</summary>
    public DateTime DueAt { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTime? AttemptedAt { get; init; }

    /// <summary>The HTTP status of the last answer.</summary>
    public int? Status { get; init; }

    /// <summary>What was wrong at the last attempt.</summary>
    public string? Error { get; init; }
}
