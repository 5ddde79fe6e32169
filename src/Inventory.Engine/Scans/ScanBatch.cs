using Inventory.Engine.Database;
using Inventory.Engine.Stock;

namespace Inventory.Engine.Scans;

/// <summary>
/// The scans of one transaction, judged in their order, each on what those before it have left. The stock rows are
/// locked and were read after that; nothing is written here.
/// </summary>
/// <param name="found">What the tables say.</param>
/// <param name="window">Reads of a tag that are less than this apart are one; zero: each is one.</param>
internal sealed class ScanBatch(FoundScans found, TimeSpan window)
{
    private readonly HashSet<(string Device, long Sequence)> met = [];
    private readonly Dictionary<(string Tag, int WarehouseId, ScanMeaning Meaning), List<DateTime>> reads = [];

    /// <summary>What is to be kept, in the order in which it was judged.</summary>
    internal List<JudgedScan> Kept { get; } = [];

    /// <summary>What the journal is to tell, in the same order.</summary>
    internal List<(ScanChange Change, string Actor)> Changes { get; } = [];

    /// <summary>The stock rows that have changed.</summary>
    internal IEnumerable<ScanShelf> Changed => found.Shelves.Values.Where(s => s.IsChanged);

    /// <summary>
    /// Whether names that were resolved before stand for something else by now: a row is gone, or a barcode is another
    /// item's.
    /// </summary>
    internal bool IsStale(IReadOnlyList<ResolvedScan> scans)
    {
        foreach (var scan in scans)
        {
            if (
                scan.Flaw is null
                && (
                    IsGone(scan.StockId)
                    || IsGone(scan.ToStockId)
                    || (
                        scan.IsByBarcode
                        && found.Barcodes.GetValueOrDefault(scan.Scan.Gtin!) is var itemId
                        && itemId != scan.ItemId
                    )
                )
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="caller">The journal's actor.</param>
    /// <param name="scan">Not stale.</param>
    /// <param name="place">Among all scans of the batch, from 0.</param>
    internal ScanVerdict Judge(string caller, ResolvedScan scan, int place)
    {
        if (found.Seen.Contains(place) || !met.Add((scan.Scan.DeviceId, scan.Scan.Sequence)))
        {
            return new(ScanFate.Duplicate);
        }

        var scanId = Guid.CreateVersion7();
        if (IsRepeated(scan, place))
        {
            Kept.Add(new(scanId, caller, scan, ScanState.Repeated, null, null));
            return new(ScanFate.Repeated);
        }

        var (flaw, available) = Settle(caller, scan, scanId);
        Kept.Add(new(scanId, caller, scan, flaw is null ? ScanState.Accepted : ScanState.Quarantined, flaw, available));
        return flaw is null ? new(ScanFate.Accepted) : new(ScanFate.Quarantined, flaw.Problem);
    }

    /// <summary>Moves what the scan moves, if it can.</summary>
    /// <returns>Why it cannot, and what there is where that is too little.</returns>
    internal (ScanFlaw? Flaw, long? Available) Settle(string caller, ResolvedScan resolved, Guid scanId)
    {
        var scan = resolved.Scan;
        if (resolved.Flaw is { } flaw)
        {
            return (flaw, null);
        }

        var from = Shelf(resolved.StockId);
        var to = Shelf(resolved.ToStockId);
        switch (scan.Meaning)
        {
            case ScanMeaning.Receive:
                return Put(scan, from, JournalKind.ScanReceived);
            case ScanMeaning.Return:
                return Put(scan, from, JournalKind.ScanReturned);
            case ScanMeaning.Ship:
                return Take(scan, from, JournalKind.ScanShipped);
            case ScanMeaning.Sale:
                return Take(scan, from, JournalKind.ScanSold);
            case ScanMeaning.Move:
                var refusal = Takeable(scan, from) is { } shortage ? shortage : (Closed(scan, to!), null);
                if (refusal.Flaw is null)
                {
                    Take(scan, from, JournalKind.ScanMovedOut);
                    Add(to!.Apply(scan, scanId, scan.Quantity, JournalKind.ScanMovedIn));
                }

                return refusal;
            case ScanMeaning.Count:
                return default;
            default:
                return (new(ScanProblem.FieldInvalid, "meaning"), null);
        }

        (ScanFlaw? Flaw, long? Available) Put(NewScan put, ScanShelf? into, JournalKind kind)
        {
            if (Closed(put, into!) is { } closed)
            {
                return (closed, null);
            }

            Add(into!.Apply(put, scanId, put.Quantity, kind));
            return default;
        }

        (ScanFlaw? Flaw, long? Available) Take(NewScan taken, ScanShelf? of, JournalKind kind)
        {
            if (Takeable(taken, of) is { } shortage)
            {
                return shortage;
            }

            Add(of!.Apply(taken, scanId, -taken.Quantity, kind));
            return default;
        }

        void Add(ScanChange change) => Changes.Add((change, caller));
    }

    private static (ScanFlaw? Flaw, long? Available)? Takeable(NewScan scan, ScanShelf? from)
    {
        var there = from?.Takeable(scan.State) ?? 0;
        return there < scan.Quantity ? (new ScanFlaw(ScanProblem.StockShort), there) : null;
    }

    /// <summary>Why a row takes nothing in.</summary>
    private ScanFlaw? Closed(NewScan scan, ScanShelf into) =>
        scan.Meaning == ScanMeaning.Receive && into.Discontinued ? new(ScanProblem.ItemDiscontinued)
        : found.Shut.Contains(into.WarehouseId) ? new(ScanProblem.WarehouseInactive)
        : into.OnHand + scan.Quantity > StockEdit.QuantityMax ? new(ScanProblem.TooMuch)
        : null;

    private bool IsRepeated(ResolvedScan resolved, int place)
    {
        var scan = resolved.Scan;
        if (
            window == TimeSpan.Zero
            || scan is not { Tag: { } tag, ScannedAt: { } at, Meaning: { } meaning }
            || resolved.WarehouseId is not { } warehouseId
        )
        {
            return false;
        }

        ref var times = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
            reads,
            (tag, warehouseId, meaning),
            out _
        );
        var isRepeated = found.Repeated.Contains(place) || (times?.Exists(t => (t - at).Duration() < window) ?? false);
        (times ??= []).Add(at);
        return isRepeated;
    }

    private bool IsGone(long? stockId) => stockId is { } id && !found.Shelves.ContainsKey(id);

    private ScanShelf? Shelf(long? stockId) => stockId is { } id ? found.Shelves[id] : null;
}

/// <summary>A scan as it is to be kept.</summary>
internal sealed record JudgedScan(
    Guid ScanId,
    string Caller,
    ResolvedScan Resolved,
    ScanState State,
    ScanFlaw? Flaw,
    long? Available
);
