using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Tells the rows of the journal as they are written, from where a token left off: none is skipped, each stock row's in
/// their order. A stream reads a page when its caller has taken the last one, so that a slow one costs nothing but
/// itself.
/// </summary>
public sealed class StreamTransactions(Cell cell, StockDirectory directory)
{
    /// <summary>The most SKUs of a stream.</summary>
    public const int SkusMax = 500;

    private int count;

    /// <summary>The most streams at once.</summary>
    public int StreamsMax { get; init; } = 200;

    /// <summary>How long a stream is silent before it tells how far it is.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The rows that are looked at for a message.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Begins a stream.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="resumeToken">Of an earlier stream of the same; none: as the filter says.</param>
    /// <param name="cancellation">Ends the look for names.</param>
    /// <returns>The stream, or why there is none.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<(TransactionWatch? Stream, WatchEnd? Refusal)> OpenAsync(
        StreamFilter filter,
        string? resumeToken,
        CancellationToken cancellation
    )
    {
        var (skus, codes, unknown) = await ResolveAsync(filter, cancellation);
        if (unknown is not null)
        {
            return (null, unknown);
        }

        var fingerprint = StreamFilter.Fingerprint(skus, codes, filter.Kinds);
        JournalCursor? from = null;
        if (!string.IsNullOrEmpty(resumeToken))
        {
            if (!ResumeToken.TryRead(resumeToken, fingerprint, out from))
            {
                return (null, WatchEnd.Of(WatchOutcome.TokenInvalid));
            }

            var kept = await KeptJournal.ExecuteAsync(cell, long.MaxValue, cancellation);
            if (!kept.Has(from) && from != JournalCursor.Beginning(kept.Era))
            {
                return (null, new(WatchOutcome.TokenTooOld, [], kept.Oldest));
            }
        }

        if (Interlocked.Increment(ref count) > StreamsMax)
        {
            Interlocked.Decrement(ref count);
            return (null, WatchEnd.Of(WatchOutcome.TooManyWatchers));
        }

        try
        {
            from ??= await BeginAsync(filter.FromBeginning, cancellation);
        }
        catch
        {
            Interlocked.Decrement(ref count);
            throw;
        }

        var stream = new TransactionWatch(new(cell), directory, from, fingerprint)
        {
            Skus = skus,
            Warehouses = codes,
            Kinds = filter.Kinds.ToHashSet(),
            HeartbeatEvery = HeartbeatEvery,
            PageSize = PageSize,
            Ended = () => Interlocked.Decrement(ref count),
        };
        return (stream, null);
    }

    private async Task<(HashSet<string> Skus, HashSet<string> Codes, WatchEnd? Unknown)> ResolveAsync(
        StreamFilter filter,
        CancellationToken cancellation
    )
    {
        var known = await directory.FindAsync([.. filter.Skus.Distinct()], cancellation);
        var unknown = filter.Skus.Where(s => !known.ContainsKey(s)).Distinct().ToList();
        if (unknown.Count > 0)
        {
            return ([], [], new(WatchOutcome.SkuUnknown, unknown));
        }

        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in filter.Warehouses)
        {
            if (await directory.FindWarehouseAsync(name, cancellation) is not { } warehouse)
            {
                return ([], [], new(WatchOutcome.WarehouseUnknown, [name]));
            }

            codes.Add(warehouse.Code);
        }

        return (known.Values.Select(i => i.Sku).ToHashSet(StringComparer.Ordinal), codes, null);
    }

    private async Task<JournalCursor> BeginAsync(bool fromBeginning, CancellationToken cancellation)
    {
        var (end, _) = await new FollowJournal(cell).EndAsync(cancellation);
        return fromBeginning ? JournalCursor.Beginning(end.Era) : end;
    }
}
