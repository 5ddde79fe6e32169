using Inventory.Engine.Database;

namespace Inventory.Engine.Events;

/// <summary>A subscription that is to be made.</summary>
public sealed record NewSubscription
{
    /// <summary>Who asks; part of the request's identity.</summary>
    public required string Caller { get; init; }

    /// <summary>1 to 64 characters.</summary>
    public required string RequestId { get; init; }

    /// <summary>Where deliveries go; 1 to 2,000 characters, judged by the caller.</summary>
    public required string Url { get; init; }

    /// <summary>In which form.</summary>
    public EventFormat Format { get; init; } = EventFormat.Json;

    /// <summary>Types, or beginnings of types and a star; none: all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>SKUs; none: all.</summary>
    public IReadOnlyList<string> Skus { get; init; } = [];

    /// <summary>Warehouse codes; none: all.</summary>
    public IReadOnlyList<string> Warehouses { get; init; } = [];

    /// <summary>Where the journal ends now: what comes behind it is sent.</summary>
    public required string Cursor { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CreateSubscription);
        content.Text(Url);
        content.Number((long)Format);
        foreach (var names in new[] { Types, Skus, Warehouses })
        {
            content.Number((long)names.Count);
            foreach (var name in names)
            {
                content.Text(name);
            }
        }

        return content.ToFingerprint();
    }
}
