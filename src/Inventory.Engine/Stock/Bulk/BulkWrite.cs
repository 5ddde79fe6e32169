using Inventory.Engine.Database;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>
/// The parameters of a write: what some stock rows are to be, and all changes that lead there, in the order of each
/// row's versions.
/// </summary>
internal sealed class BulkWrite
{
    private const int ChangesAtOnce = 2_000;

    public required string Actor { get; init; }

    public required int? Origin { get; init; }

    public required Guid? Trace { get; init; }

    public required long[] StockIds { get; init; }

    public required long[] OnHand { get; init; }

    public required long[] Versions { get; init; }

    public required long[] Revisions { get; init; }

    public required long[] ChangedIds { get; init; }

    public required long[] ChangeVersions { get; init; }

    public required long[] Deltas { get; init; }

    public required short[] Kinds { get; init; }

    public required string?[] Reasons { get; init; }

    /// <summary>In pieces of some thousand changes; those of one row stay together.</summary>
    internal static IEnumerable<BulkWrite> Of(IReadOnlyList<BulkShelf> changed, Actor actor)
    {
        var piece = new List<BulkShelf>();
        var count = 0;
        foreach (var shelf in changed)
        {
            piece.Add(shelf);
            count += shelf.Changes!.Count;
            if (count >= ChangesAtOnce)
            {
                yield return Make(piece, actor);
                piece.Clear();
                count = 0;
            }
        }

        if (piece.Count > 0)
        {
            yield return Make(piece, actor);
        }
    }

    private static BulkWrite Make(List<BulkShelf> shelves, Actor actor)
    {
        var changes = shelves.SelectMany(s => s.Changes!, (s, change) => (s.StockId, Change: change)).ToArray();
        return new()
        {
            Actor = actor.Name,
            Origin = actor.Origin,
            Trace = actor.Trace,
            StockIds = [.. shelves.Select(s => s.StockId)],
            OnHand = [.. shelves.Select(s => s.OnHand)],
            Versions = [.. shelves.Select(s => s.Version)],
            Revisions = [.. shelves.Select(s => s.Revision)],
            ChangedIds = [.. changes.Select(c => c.StockId)],
            ChangeVersions = [.. changes.Select(c => c.Change.Version)],
            Deltas = [.. changes.Select(c => c.Change.Delta)],
            Kinds = [.. changes.Select(c => (short)c.Change.Kind)],
            Reasons = [.. changes.Select(c => c.Change.Reason)],
        };
    }
}
