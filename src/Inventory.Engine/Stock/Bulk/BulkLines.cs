using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>
/// Gathers the rows of a call before any of them is judged, so that no stock row is locked while a caller is still
/// sending. Names are resolved as they come. What it holds counts against the server's room until it is disposed.
/// </summary>
public sealed class BulkLines : IDisposable
{
    private const int ResolvedAtOnce = 1_000;

    private readonly BulkRoom room;
    private readonly StockDirectory directory;
    private readonly List<BulkLine> lines = [];
    private readonly List<BulkRow> waiting = [];
    private readonly Dictionary<string, string> reasons = new(StringComparer.Ordinal);
    private int taken;

    internal BulkLines(BulkEdit call, BulkRoom room, StockDirectory directory)
    {
        Call = call;
        this.room = room;
        this.directory = directory;
        Fingerprint = call.Fingerprint();
    }

    /// <summary>Whose rows they are.</summary>
    public BulkEdit Call { get; }

    /// <summary>How many there are.</summary>
    public int Count => lines.Count + waiting.Count;

    /// <summary>How many of them are unsound.</summary>
    public int UnsoundCount { get; private set; }

    /// <summary>
    /// Why no more rows are taken: <see cref="BulkOutcome.TooManyRows"/> or <see cref="BulkOutcome.Overloaded"/>.
    /// </summary>
    public BulkOutcome? Refused { get; private set; }

    /// <summary>The rest of the call cannot be read: whatever it says, nothing of it is applied.</summary>
    public bool IsCutShort { get; set; }

    /// <summary>Whether nothing may be written.</summary>
    internal bool JudgedOnly => Call.DryRun || IsCutShort || (Call.OnError == BulkOnError.Abort && UnsoundCount > 0);

    /// <summary>Of all that was asked so far.</summary>
    internal long Fingerprint { get; private set; }

    internal IReadOnlyList<BulkLine> All => lines;

    /// <summary>Some of the rows; of all, no copy.</summary>
    internal IReadOnlyList<BulkLine> Slice(int first, int count) =>
        count == lines.Count ? lines : lines.GetRange(first, count);

    /// <summary>Takes a row in.</summary>
    /// <param name="row">Its limits have been checked, or it is unsound.</param>
    /// <param name="cancellation">Ends the look-up of names.</param>
    /// <returns>Whether more may come; <see cref="Refused"/> says why not.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    public async ValueTask<bool> AddAsync(BulkRow row, CancellationToken cancellation)
    {
        if (Count == room.RowsMax)
        {
            Refused = BulkOutcome.TooManyRows;
        }
        else if (Count == taken)
        {
            if (room.TryTake(ResolvedAtOnce))
            {
                taken += ResolvedAtOnce;
            }
            else
            {
                Refused = BulkOutcome.Overloaded;
            }
        }

        if (Refused is not null)
        {
            return false;
        }

        UnsoundCount += row.Unsound is null ? 0 : 1;
        Fingerprint = row.Fingerprint(Fingerprint);
        waiting.Add(row);
        if (waiting.Count == ResolvedAtOnce)
        {
            await ResolveAsync(cancellation);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        room.GiveBack(taken);
        taken = 0;
    }

    internal async Task ResolveAsync(CancellationToken cancellation)
    {
        var named = waiting.Where(r => r.Unsound is null && r.Target.StockId is null).Select(r => r.Target).ToArray();
        var warehouses = new Dictionary<string, WarehouseRow?>(StringComparer.Ordinal);
        foreach (var warehouse in named.Select(t => t.Warehouse).Distinct())
        {
            warehouses[warehouse] = await directory.FindWarehouseAsync(warehouse, cancellation);
        }

        var items = await directory.FindAsync([.. named.Select(t => t.Sku).Distinct()], cancellation);
        // What is remembered may lack a row; the tables don't.
        var doubtful = named
            .Where(t => items.TryGetValue(t.Sku, out var i) && Row(i, warehouses[t.Warehouse]) is null)
            .Where(t => warehouses[t.Warehouse] is not null)
            .Select(t => t.Sku)
            .Distinct()
            .ToArray();
        var fresh = doubtful.Length == 0 ? items : await directory.ReadAsync(doubtful, cancellation);
        foreach (var row in waiting)
        {
            lines.Add(Line(row));
        }

        waiting.Clear();

        BulkLine Line(BulkRow row)
        {
            if (row.Unsound is not null)
            {
                return new() { IsUnsound = true };
            }

            if (row.Target.StockId is { } stockId)
            {
                return BulkLine.Of(row, Reason(row), new(stockId, null, null));
            }

            var warehouse = warehouses[row.Target.Warehouse];
            var item = fresh.GetValueOrDefault(row.Target.Sku) ?? items.GetValueOrDefault(row.Target.Sku);
            return BulkLine.Of(row, Reason(row), new(Row(item, warehouse), item, warehouse));
        }
    }

    private static long? Row(ItemRows? item, WarehouseRow? warehouse) =>
        item is not null && warehouse is not null && item.TryGetRow(warehouse.WarehouseId, out var row)
            ? row.StockId
            : null;

    /// <summary>One text for all rows that have the same reason.</summary>
    private string? Reason(BulkRow row)
    {
        var reason = row.Note is null ? row.Reason : $"{row.Reason}: {row.Note}";
        if (reason is null || reasons.Count > ResolvedAtOnce)
        {
            return reason;
        }

        return reasons.TryGetValue(reason, out var known) ? known : reasons[reason] = reason;
    }
}
