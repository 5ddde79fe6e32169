namespace Inventory.Engine.Scans;

/// <summary>
/// The parameters of the second round trip: one element a scan, then one a stock row, then one a row of the journal.
/// </summary>
internal sealed class WrittenScans
{
    public required Guid[] ScanIds { get; init; }

    /// <summary>In microseconds since 1970: an array of times that begins with none has no type of its own.</summary>
    public required long?[] ScannedAt { get; init; }

    public required long[] Sequences { get; init; }

    public required long[] Quantities { get; init; }

    public required long?[] ItemIds { get; init; }

    public required long?[] Available { get; init; }

    public required int?[] WarehouseIds { get; init; }

    public required int?[] ToWarehouseIds { get; init; }

    public required short[] Meanings { get; init; }

    public required short[] StockStates { get; init; }

    public required short[] States { get; init; }

    public required short?[] Problems { get; init; }

    public required string[] DeviceIds { get; init; }

    public required string[] Callers { get; init; }

    public required string[] Identifiers { get; init; }

    public required string?[] Gtins { get; init; }

    public required string?[] Tags { get; init; }

    public required string[] Warehouses { get; init; }

    public required string?[] ToWarehouses { get; init; }

    public required string?[] Reasons { get; init; }

    public required string?[] References { get; init; }

    public required string?[] Details { get; init; }

    /// <summary>Distinct, ascending.</summary>
    public required long[] StockIds { get; init; }

    public required long[] OnHand { get; init; }

    public required long[] Damaged { get; init; }

    public required long[] QualityControl { get; init; }

    public required long[] Versions { get; init; }

    public required long[] Revisions { get; init; }

    public required long[] ChangedIds { get; init; }

    public required long[] ChangeVersions { get; init; }

    public required Guid[] Documents { get; init; }

    public required long[] OnHandDeltas { get; init; }

    public required long[] DamagedDeltas { get; init; }

    public required long[] QualityControlDeltas { get; init; }

    public required short[] Kinds { get; init; }

    public required string[] Actors { get; init; }

    public required string?[] ChangeReasons { get; init; }

    internal static WrittenScans Of(ScanBatch batch)
    {
        var kept = batch.Kept;
        ScanShelf[] shelves = [.. batch.Changed.OrderBy(s => s.StockId)];
        var changes = batch.Changes;
        return new()
        {
            ScanIds = [.. kept.Select(k => k.ScanId)],
            ScannedAt = [.. kept.Select(k => Microseconds(k.Resolved.Scan.ScannedAt))],
            Sequences = [.. kept.Select(k => k.Resolved.Scan.Sequence)],
            Quantities = [.. kept.Select(k => k.Resolved.Scan.Quantity)],
            ItemIds = [.. kept.Select(k => k.Resolved.ItemId)],
            Available = [.. kept.Select(k => k.Available)],
            WarehouseIds = [.. kept.Select(k => k.Resolved.WarehouseId)],
            ToWarehouseIds = [.. kept.Select(k => k.Resolved.ToWarehouseId)],
            Meanings = [.. kept.Select(k => (short)(k.Resolved.Scan.Meaning ?? 0))],
            StockStates = [.. kept.Select(k => (short)k.Resolved.Scan.State)],
            States = [.. kept.Select(k => (short)k.State)],
            Problems = [.. kept.Select(k => (short?)k.Flaw?.Problem)],
            DeviceIds = [.. kept.Select(k => k.Resolved.Scan.DeviceId)],
            Callers = [.. kept.Select(k => k.Caller)],
            Identifiers = [.. kept.Select(k => k.Resolved.Scan.Identifier)],
            Gtins = [.. kept.Select(k => k.Resolved.Scan.Gtin)],
            Tags = [.. kept.Select(k => k.Resolved.Scan.Tag)],
            Warehouses = [.. kept.Select(k => k.Resolved.Scan.Warehouse)],
            ToWarehouses = [.. kept.Select(k => k.Resolved.Scan.ToWarehouse)],
            Reasons = [.. kept.Select(k => k.Resolved.Scan.Reason)],
            References = [.. kept.Select(k => k.Resolved.Scan.Reference)],
            Details = [.. kept.Select(k => k.Flaw?.Detail)],
            StockIds = [.. shelves.Select(s => s.StockId)],
            OnHand = [.. shelves.Select(s => s.OnHand)],
            Damaged = [.. shelves.Select(s => s.Damaged)],
            QualityControl = [.. shelves.Select(s => s.QualityControl)],
            Versions = [.. shelves.Select(s => s.Version)],
            Revisions = [.. shelves.Select(s => s.Revision)],
            ChangedIds = [.. changes.Select(c => c.Change.StockId)],
            ChangeVersions = [.. changes.Select(c => c.Change.Version)],
            Documents = [.. changes.Select(c => c.Change.ScanId)],
            OnHandDeltas = [.. changes.Select(c => c.Change.OnHand)],
            DamagedDeltas = [.. changes.Select(c => c.Change.Damaged)],
            QualityControlDeltas = [.. changes.Select(c => c.Change.QualityControl)],
            Kinds = [.. changes.Select(c => (short)c.Change.Kind)],
            Actors = [.. changes.Select(c => c.Actor)],
            ChangeReasons = [.. changes.Select(c => c.Change.Reason)],
        };
    }

    private static long? Microseconds(DateTime? at) => (at - DateTime.UnixEpoch)?.Ticks / TimeSpan.TicksPerMicrosecond;
}
