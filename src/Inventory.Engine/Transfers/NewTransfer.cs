using Inventory.Engine.Database;

namespace Inventory.Engine.Transfers;

/// <summary>How far a transfer goes with its making. Append only; a number is never used again.</summary>
public enum TransferMode
{
    /// <summary>All the way: it leaves the source and is at the target, in one moment.</summary>
    Immediate = 1,

    /// <summary>It leaves the source, and is on its way.</summary>
    Shipped = 2,

    /// <summary>Nothing leaves yet, and nothing is held for it.</summary>
    Planned = 3,
}

/// <summary>Asks to make a transfer. It has been validated: the limits here are what the statement relies on.</summary>
public sealed record NewTransfer
{
    /// <summary>The principal; part of the transfer's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>SKU or item id; empty if <see cref="ProductId"/> is given.</summary>
    public string Sku { get; init; } = "";

    /// <summary>The product service's id of a product of one variant, or SKU or item id.</summary>
    public string? ProductId { get; init; }

    /// <summary>The source, by code or id.</summary>
    public required string From { get; init; }

    /// <summary>The target, by code or id.</summary>
    public required string To { get; init; }

    /// <summary>In the item's base unit, 1 to 2^53 - 1.</summary>
    public required long Quantity { get; init; }

    /// <summary>How far it goes at once.</summary>
    public TransferMode Mode { get; init; } = TransferMode.Immediate;

    /// <summary>For the journal and reports.</summary>
    public string? Reason { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CreateTransfer);
        content.Text(Sku);
        content.Text(ProductId ?? "");
        content.Text(From);
        content.Text(To);
        content.Number(Quantity);
        content.Number((long)Mode);
        content.Text(Reason ?? "");
        return content.ToFingerprint();
    }
}
