using Inventory.Engine.Database;

namespace Inventory.Engine.Journal;

/// <summary>Which changes to tell as they are written: those that match all that is given.</summary>
public sealed record StreamFilter
{
    /// <summary>Of these items' rows: SKUs or item ids; none: of any, and of reservations without stock.</summary>
    public IReadOnlyList<string> Skus { get; init; } = [];

    /// <summary>Of stock rows at these warehouses: codes or ids; none: at any.</summary>
    public IReadOnlyList<string> Warehouses { get; init; } = [];

    /// <summary>Of one of these kinds; none: of any.</summary>
    public IReadOnlyList<JournalKind> Kinds { get; init; } = [];

    /// <summary>Without a token, whether to begin with the first row that is kept.</summary>
    public bool FromBeginning { get; init; }

    /// <summary>A token is good for the same names and kinds.</summary>
    internal static long Fingerprint(
        IReadOnlyCollection<string> skus,
        IReadOnlyCollection<string> codes,
        IEnumerable<JournalKind> kinds
    )
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("stream");
        content.Number(skus.Count);
        foreach (var text in skus.Order(StringComparer.Ordinal).Concat(codes.Order(StringComparer.Ordinal)))
        {
            content.Text(text);
        }

        foreach (var kind in kinds.Distinct().Order())
        {
            content.Number((long)kind);
        }

        return content.ToFingerprint();
    }
}
