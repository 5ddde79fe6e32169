using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Npgsql;

namespace Inventory.Engine.Scans;

/// <summary>
/// Finds the items, warehouses and stock rows that scans name. A row that is to take something in, and is not there,
/// begins here.
/// </summary>
internal sealed class ResolveScans(StockDirectory directory, ScanBarcodes barcodes, OpenStock open)
{
    private sealed class Names
    {
        internal Dictionary<string, WarehouseRow?> Warehouses { get; } = new(StringComparer.Ordinal);

        internal required IReadOnlyDictionary<string, string> Skus { get; init; }

        internal Dictionary<string, ItemRows> Items { get; } = new(StringComparer.Ordinal);

        /// <summary>Why no row could begin.</summary>
        internal Dictionary<(string Sku, int WarehouseId, bool Receiving), ScanProblem> Refusals { get; } = [];

        internal ItemRows? Item(NewScan scan) =>
            (scan.Sku ?? (scan.Gtin is { } gtin ? Skus.GetValueOrDefault(gtin) : null)) is { } sku
                ? Items.GetValueOrDefault(sku)
                : null;

        internal WarehouseRow? Warehouse(string? name) => name is null ? null : Warehouses.GetValueOrDefault(name);

        internal void Take(IReadOnlyDictionary<string, ItemRows> read)
        {
            foreach (var (sku, item) in read)
            {
                Items[sku] = item;
            }
        }
    }

    /// <summary>A row that is missing where goods are to come in.</summary>
    private readonly record struct Gap(ItemRows Item, WarehouseRow Warehouse, bool Receiving);

    /// <param name="caller">Begins the rows that are missing.</param>
    /// <param name="scans">As they came.</param>
    /// <param name="isFresh">Whether to read the tables, whatever is remembered.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    internal async Task<ResolvedScan[]> ExecuteAsync(
        string caller,
        IReadOnlyList<NewScan> scans,
        bool isFresh,
        CancellationToken cancellation
    )
    {
        var gtins = scans.Where(s => s.Sku is null && s.Gtin is not null).Select(s => s.Gtin!).Distinct().ToArray();
        var names = new Names { Skus = await barcodes.FindAsync(gtins, isFresh, cancellation) };
        foreach (var name in scans.SelectMany(s => new[] { s.Warehouse, s.ToWarehouse }).OfType<string>().Distinct())
        {
            names.Warehouses[name] = name.Length == 0 ? null : await directory.FindWarehouseAsync(name, cancellation);
        }

        var skus = scans.Select(s => s.Sku).OfType<string>().Concat(names.Skus.Values).Distinct().ToArray();
        names.Take(
            isFresh ? await directory.ReadAsync(skus, cancellation) : await directory.FindAsync(skus, cancellation)
        );
        if (!isFresh && IsDoubtful(scans, names))
        {
            // What is remembered may lack a row, or an item that has taken the place of another; the tables don't.
            return await ExecuteAsync(caller, scans, isFresh: true, cancellation);
        }

        await FillAsync(caller, [.. scans.SelectMany(s => Gaps(s, names)).Distinct()], names, cancellation);
        return [.. scans.Select(s => Resolve(s, names))];
    }

    private static bool IsDoubtful(IEnumerable<NewScan> scans, Names names) =>
        scans.Any(s =>
            s.Flaw is null
            && (
                names.Item(s) is { } item
                    ? IsMissing(item, names.Warehouse(s.Warehouse)) || IsMissing(item, names.Warehouse(s.ToWarehouse))
                    : s.Sku is not null || (s.Gtin is { } gtin && names.Skus.ContainsKey(gtin))
            )
        );

    private static bool IsMissing(ItemRows item, WarehouseRow? warehouse) =>
        warehouse is not null && !item.IsKit && Row(item, warehouse) is null;

    private static IEnumerable<Gap> Gaps(NewScan scan, Names names)
    {
        var into = scan.Meaning switch
        {
            ScanMeaning.Receive or ScanMeaning.Return => names.Warehouse(scan.Warehouse),
            // Where there is nothing to move, no row begins for it.
            ScanMeaning.Move when names.Item(scan) is { } moved && names.Warehouse(scan.Warehouse) is { } from => Row(
                moved,
                from
            )
                is null
                ? null
                : names.Warehouse(scan.ToWarehouse),
            _ => null,
        };
        if (scan.Flaw is null && names.Item(scan) is { IsKit: false } item && IsMissing(item, into))
        {
            yield return new(item, into!, scan.Meaning == ScanMeaning.Receive);
        }
    }

    private async Task FillAsync(
        string caller,
        IReadOnlyCollection<Gap> gaps,
        Names names,
        CancellationToken cancellation
    )
    {
        foreach (var alike in gaps.GroupBy(g => g.Receiving))
        {
            Gap[] places = [.. alike];
            var refusals = await open.ExecuteAsync(
                [.. places.Select(g => (g.Item, g.Warehouse))],
                alike.Key,
                caller,
                cancellation
            );
            // An item or a warehouse that has gone since is not answered for, and found missing when it is judged.
            for (var i = 0; i < Math.Min(places.Length, refusals.Count); i++)
            {
                if (refusals[i] is { } refusal && refusals.Count == places.Length)
                {
                    var (item, warehouse, receiving) = places[i];
                    names.Refusals[(item.Sku, warehouse.WarehouseId, receiving)] = ToProblem(refusal);
                }
            }
        }

        if (gaps.Count > 0)
        {
            names.Take(await directory.FindAsync([.. names.Items.Keys], cancellation));
        }
    }

    private static ScanProblem ToProblem(EditOutcome refusal) =>
        refusal == EditOutcome.ItemDiscontinued ? ScanProblem.ItemDiscontinued
        : refusal == EditOutcome.WarehouseInactive ? ScanProblem.WarehouseInactive
        : ScanProblem.ItemIsKit;

    private static ResolvedScan Resolve(NewScan scan, Names names)
    {
        var item = names.Item(scan);
        var warehouse = names.Warehouse(scan.Warehouse);
        var target = names.Warehouse(scan.ToWarehouse);
        return new(scan)
        {
            ItemId = item?.ItemId,
            WarehouseId = warehouse?.WarehouseId,
            ToWarehouseId = target?.WarehouseId,
            // A count moves nothing. But the lock of its row keeps two readers from counting one tag at once.
            StockId = scan is { Meaning: ScanMeaning.Count, Tag: null } ? null : Row(item, warehouse),
            ToStockId = scan.Meaning == ScanMeaning.Move ? Row(item, target) : null,
            Flaw =
                scan.Flaw
                ?? (
                    item is null ? new(ScanProblem.ItemUnknown, scan.Gtin is null ? "it names no trade item" : null)
                    : warehouse is null ? new(ScanProblem.WarehouseUnknown, scan.Warehouse)
                    : scan.ToWarehouse is not null && target is null
                        ? new(ScanProblem.WarehouseUnknown, scan.ToWarehouse)
                    : target is not null && target.WarehouseId == warehouse.WarehouseId
                        ? new(ScanProblem.FieldInvalid, "to_warehouse is the source: a move goes to another")
                    : item.IsKit ? new(ScanProblem.ItemIsKit)
                    : names.Refusals.TryGetValue(Place(scan, item, target ?? warehouse), out var refusal) ? new(refusal)
                    : null
                ),
        };
    }

    private static (string, int, bool) Place(NewScan scan, ItemRows item, WarehouseRow into) =>
        (item.Sku, into.WarehouseId, scan.Meaning == ScanMeaning.Receive);

    private static long? Row(ItemRows? item, WarehouseRow? warehouse) =>
        item is not null && warehouse is not null && item.TryGetRow(warehouse.WarehouseId, out var row)
            ? row.StockId
            : null;
}
