using Inventory.Engine.Database;

namespace Inventory.Engine.Scans;

/// <summary>Which scans to list: those that match all that is given.</summary>
public sealed record ScanFilter
{
    /// <summary>Of one device, exactly.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Where they stand.</summary>
    public ScanState? State { get; init; }

    /// <summary>That came at this time or after; UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>That came before this time; UTC.</summary>
    public DateTime? Before { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("scans");
        content.Text(DeviceId ?? "");
        content.Number((long?)State);
        content.Number(From?.Ticks);
        content.Number(Before?.Ticks);
        return content.ToFingerprint();
    }
}

/// <summary>What became of a request to list scans. Append only; a number is never used again.</summary>
public enum ListScansOutcome
{
    /// <summary>The page is there.</summary>
    Listed = 1,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 2,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Scans">
/// At most as many as asked for: of one device the highest sequence first, otherwise what came last first.
/// </param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListScansAnswer(ListScansOutcome Outcome, IReadOnlyList<KeptScan> Scans, string? NextPageToken);
