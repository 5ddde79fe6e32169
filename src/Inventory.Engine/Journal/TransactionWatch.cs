using System.Diagnostics;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>One stream of changes, read as its caller takes them.</summary>
public sealed class TransactionWatch : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);

    private readonly FollowJournal journal;
    private readonly StockDirectory directory;
    private readonly long fingerprint;
    private JournalCursor cursor;
    private bool atEnd;
    private long? toldAt;
    private int ended;

    internal TransactionWatch(FollowJournal journal, StockDirectory directory, JournalCursor cursor, long fingerprint)
    {
        this.journal = journal;
        this.directory = directory;
        this.cursor = cursor;
        this.fingerprint = fingerprint;
    }

    internal IReadOnlySet<string> Skus { get; init; } = new HashSet<string>();

    internal IReadOnlySet<string> Warehouses { get; init; } = new HashSet<string>();

    internal IReadOnlySet<JournalKind> Kinds { get; init; } = new HashSet<JournalKind>();

    internal TimeSpan HeartbeatEvery { get; init; }

    internal int PageSize { get; init; }

    internal Action Ended { get; init; } = () => { };

    /// <summary>Waits for the next rows that match, or until it is time to tell how far it is.</summary>
    /// <returns>By position, without what there was before and after; a token that is good behind them.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async ValueTask<WatchStep<Transaction>> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (atEnd)
            {
                await Task.Delay(PollEvery, cancellation);
            }

            if (await journal.ExecuteAsync(cursor, PageSize, cancellation) is not { } page)
            {
                return new([], null, WatchEnd.Of(WatchOutcome.EraOver));
            }

            cursor = page.Next;
            atEnd = page.IsLast;
            var told = await MatchAsync(page.Entries, cancellation);
            if (told.Count > 0 || toldAt is not { } at || Stopwatch.GetElapsedTime(at) >= HeartbeatEvery)
            {
                toldAt = Stopwatch.GetTimestamp();
                return new(told, ResumeToken.Write(cursor, fingerprint));
            }
        }
    }

    /// <summary>Another may begin in its place.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            Ended();
        }
    }

    private async ValueTask<IReadOnlyList<Transaction>> MatchAsync(
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        var ofKind = Kinds.Count == 0 ? entries : [.. entries.Where(e => Kinds.Contains(e.Kind))];
        if (ofKind.Count == 0)
        {
            return [];
        }

        var stockIds = ofKind.Where(e => e.StockId is not null).Select(e => e.StockId!.Value).Distinct();
        var owners = await directory.DescribeAsync([.. stockIds], cancellation);
        var told = new List<Transaction>();
        foreach (var entry in ofKind)
        {
            var owner = entry.StockId is { } id ? owners.GetValueOrDefault(id) : null;
            if (IsAmong(Skus, owner?.Sku) && IsAmong(Warehouses, owner?.Warehouse))
            {
                told.Add(ToTransaction(entry, owner));
            }
        }

        return told;
    }

    private static bool IsAmong(IReadOnlySet<string> names, string? name) =>
        names.Count == 0 || (name is not null && names.Contains(name));

    private static Transaction ToTransaction(JournalEntry entry, StockOwner? owner) =>
        new()
        {
            Position = entry.Position,
            At = entry.At,
            StockId = entry.StockId ?? 0,
            Sku = owner?.Sku ?? "",
            Warehouse = owner?.Warehouse ?? "",
            Version = entry.Version ?? 0,
            Kind = entry.Kind,
            Actor = entry.Actor,
            Reason = entry.Reason,
            Trace = entry.Trace,
            Document = entry.Document,
            Change = new(
                entry.OnHand,
                entry.Reserved,
                entry.Damaged,
                entry.QualityControl,
                entry.InTransit,
                entry.SafetyStock,
                entry.Waiting
            ),
        };
}
