using Inventory.Engine.Database;

namespace Inventory.Engine.Counts;

/// <summary>Asks to begin a count. It has been validated.</summary>
public sealed record NewCount
{
    /// <summary>The most items that one count names; a whole warehouse may have more.</summary>
    public const int ItemsMax = 1_000;

    /// <summary>The principal; part of the count's identity.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>By code or id.</summary>
    public required string Warehouse { get; init; }

    /// <summary>SKUs or item ids, at most <see cref="ItemsMax"/>; none: all that the warehouse has rows of.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>Whether who counts is not told what is expected.</summary>
    public bool Blind { get; init; }

    /// <summary>For people.</summary>
    public string? Reason { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CreateCount);
        content.Text(Warehouse);
        content.Number(Items.Count);
        foreach (var item in Items)
        {
            content.Text(item);
        }

        content.Flag(Blind);
        content.Text(Reason ?? "");
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to begin a count. Declared in the order they are checked. Append only; a number is never
/// used again.
/// </summary>
public enum CreateCountOutcome
{
    /// <summary>It is open.</summary>
    Created = 1,

    /// <summary>The same request made it before.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 4,

    /// <summary>Some items are not known.</summary>
    SkuUnknown = 5,

    /// <summary>Some items are kits, which have no stock of their own.</summary>
    ItemIsKit = 6,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Count">As it was right after it was made; none with a refusal.</param>
/// <param name="Names">The items that are meant by a refusal, as they were asked for.</param>
public sealed record CreateCountAnswer(CreateCountOutcome Outcome, StockCount? Count, IReadOnlyList<string> Names);
