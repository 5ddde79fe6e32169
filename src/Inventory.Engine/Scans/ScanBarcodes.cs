using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Scans;

/// <summary>
/// Which item has a barcode: a bounded copy. What is not remembered is looked up anew each time, so that a barcode that
/// an item gets is known with its next scan; and one that went to another item is found out by <see cref="ScanBatch"/>,
/// which reads the barcodes of its scans.
/// </summary>
internal sealed class ScanBarcodes : IAsyncDisposable
{
    // Not their item's other columns: those are the directory's.
    private const string Sql = """
        -- scans.barcodes
        SELECT b.gtin, (SELECT i.sku FROM item i WHERE i.item_id = b.item_id) AS sku
        FROM barcode b WHERE b.gtin = ANY (@Gtins)
        """;

    private readonly TwoGenerations<string, string> skus = new(StockDirectory.DefaultItemsMax, StringComparer.Ordinal);
    private readonly Coalescer<string, Found> reads;

    internal ScanBarcodes(Cell cell)
    {
        var options = new CoalescerOptions
        {
            Operation = "scans.barcodes",
            Lanes = 1,
            BatchSizeMax = 2_000,
            QueueLengthMax = 200_000,
        };
        reads = new(cell, options, new(null, IsShed: true), ReadAsync);
    }

    private readonly record struct Found(string? Sku, bool IsShed = false);

    /// <summary>The SKUs of the items that have them.</summary>
    /// <param name="gtins">Distinct.</param>
    /// <param name="isFresh">Whether to read the tables, whatever is remembered.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    internal async ValueTask<IReadOnlyDictionary<string, string>> FindAsync(
        IReadOnlyCollection<string> gtins,
        bool isFresh,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<string, string>(gtins.Count, StringComparer.Ordinal);
        List<(string Gtin, Task<Found> Read)>? missing = null;
        foreach (var gtin in gtins)
        {
            if (!isFresh && skus.TryGet(gtin, out var sku))
            {
                found[gtin] = sku;
            }
            else
            {
                (missing ??= []).Add((gtin, reads.SubmitAsync(gtin, cancellation).AsTask()));
            }
        }

        foreach (var (gtin, read) in missing ?? [])
        {
            var (sku, isShed) = await read;
            if (isShed)
            {
                throw new TimeoutException("Too many look-ups wait.");
            }

            if (sku is not null)
            {
                found[gtin] = sku;
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => reads.DisposeAsync();

    private async Task ReadAsync(NpgsqlConnection connection, IReadOnlyList<Pending<string, Found>> batch)
    {
        var asked = batch.Select(p => p.Request).Distinct().ToArray();
        var rows = await connection.QueryAsync<(string Gtin, string Sku)>(Sql, new { Gtins = asked });
        var found = rows.ToDictionary(r => r.Gtin, r => r.Sku, StringComparer.Ordinal);
        foreach (var pending in batch)
        {
            if (found.TryGetValue(pending.Request, out var sku))
            {
                skus.Set(pending.Request, sku);
            }
            else
            {
                skus.Remove(pending.Request);
            }

            pending.Settle(new(sku));
        }
    }
}
