namespace Inventory.Engine.Scans;

/// <summary>The parameters of the first round trip, one element a scan where it does not say otherwise.</summary>
internal sealed class TakenScans
{
    /// <summary>Distinct, ascending.</summary>
    public required long[] StockIds { get; init; }

    /// <summary>Distinct.</summary>
    public required int[] WarehouseIds { get; init; }

    /// <summary>Distinct.</summary>
    public required string[] Gtins { get; init; }

    public required string[] DeviceIds { get; init; }

    public required long[] Sequences { get; init; }

    /// <summary>From 0; of the scans of tags, as the following.</summary>
    public required int[] TagPlaces { get; init; }

    public required string[] Tags { get; init; }

    public required int[] TagWarehouseIds { get; init; }

    public required short[] TagMeanings { get; init; }

    public required DateTime[] TagTimes { get; init; }

    public required double WindowSeconds { get; init; }

    internal static TakenScans Of(IReadOnlyList<ResolvedScan> scans, TimeSpan window)
    {
        var tagged = Enumerable
            .Range(0, window == TimeSpan.Zero ? 0 : scans.Count)
            .Where(i => IsOfTag(scans[i]))
            .ToArray();
        return new()
        {
            StockIds = [.. scans.SelectMany(s => new[] { s.StockId, s.ToStockId }).OfType<long>().Distinct().Order()],
            WarehouseIds =
            [
                .. scans.SelectMany(s => new[] { s.WarehouseId, s.ToWarehouseId }).OfType<int>().Distinct(),
            ],
            Gtins = [.. scans.Where(s => s.IsByBarcode).Select(s => s.Scan.Gtin!).Distinct()],
            DeviceIds = [.. scans.Select(s => s.Scan.DeviceId)],
            Sequences = [.. scans.Select(s => s.Scan.Sequence)],
            TagPlaces = tagged,
            Tags = [.. tagged.Select(i => scans[i].Scan.Tag!)],
            TagWarehouseIds = [.. tagged.Select(i => scans[i].WarehouseId!.Value)],
            TagMeanings = [.. tagged.Select(i => (short)scans[i].Scan.Meaning!.Value)],
            TagTimes = [.. tagged.Select(i => scans[i].Scan.ScannedAt!.Value)],
            WindowSeconds = window.TotalSeconds,
        };
    }

    private static bool IsOfTag(ResolvedScan scan) =>
        scan is { WarehouseId: not null, Scan: { Tag: not null, ScannedAt: not null, Meaning: not null } };
}
