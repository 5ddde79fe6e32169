namespace Inventory.Faults.Checking;

/// <summary>What a stock row was, commit after commit, as its journal tells.</summary>
internal sealed class StockTimeline
{
    // The journal's times have microseconds, the history's a tenth of them.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);

    private readonly List<Commit> commits = [new(DateTime.MinValue, 0, false)];
    private readonly Dictionary<Guid, List<Hold>> holds = [];

    /// <summary>Takes the row's journal in the order of its versions, and when each hold lapses.</summary>
    public StockTimeline(IReadOnlyList<JournalRow> journal, IReadOnlyDictionary<Guid, DateTime> expiry)
    {
        var sum = new JournalRow(0, 0, default, 0, 0);
        for (var i = 0; i < journal.Count; i++)
        {
            sum = Add(sum, journal[i]);
            Follow(journal[i], expiry);
            if (i + 1 == journal.Count || journal[i + 1].Xid != journal[i].Xid)
            {
                var taken = sum.Reserved + sum.Damaged + sum.QualityControl;
                var negative = Math.Min(Math.Min(sum.Reserved, sum.Damaged), sum.QualityControl) < 0;
                commits.Add(new(journal[i].At, sum.OnHand - taken - sum.SafetyStock, negative || taken > sum.OnHand));
            }
        }
    }

    /// <summary>A state that other sessions could see: all that one transaction changed at once.</summary>
    /// <param name="At">When it was made; the commit came later, but before the next change of the row began.</param>
    /// <param name="Free">What could be held.</param>
    /// <param name="IsBroken">It was oversold, or had a negative amount.</param>
    internal sealed record Commit(DateTime At, long Free, bool IsBroken);

    /// <summary>What a reservation held, from one commit up to another: the next has what a part has left.</summary>
    private sealed record Hold(int From, int To, long Quantity, DateTime ExpiresAt);

    public IEnumerable<Commit> Broken => commits.Where(c => c.IsBroken);

    /// <summary>The least that could have been found available between two moments, lapsed holds not counted.</summary>
    public long LeastAvailable(DateTime from, DateTime to)
    {
        var lapsing = holds.Values.SelectMany(h => h).Where(h => h.ExpiresAt <= to).ToArray();
        var least = long.MaxValue;
        for (var i = 0; i < commits.Count; i++)
        {
            // In force from its commit, which may have come at once, until the commit of the next, which came before
            // the one after that could begin.
            var begins = commits[i].At;
            var ends = i + 2 < commits.Count ? commits[i + 2].At + Slack : DateTime.MaxValue;
            if (begins <= to && ends >= from)
            {
                var moment = begins > from ? begins : from;
                var lapsed = lapsing.Where(h => h.From <= i && i < h.To && h.ExpiresAt <= moment).Sum(h => h.Quantity);
                least = Math.Min(least, commits[i].Free + lapsed);
            }
        }

        return least;
    }

    /// <summary>Whether the reservation's grant was committed for certain before this moment.</summary>
    public bool WasGrantedBefore(Guid reservation, DateTime moment) =>
        holds.TryGetValue(reservation, out var held)
        && held[0].From + 1 < commits.Count
        && commits[held[0].From + 1].At < moment;

    private void Follow(JournalRow row, IReadOnlyDictionary<Guid, DateTime> expiry)
    {
        if (row.Document is not { } document || row.Reserved == 0)
        {
            return;
        }

        if (!holds.TryGetValue(document, out var held))
        {
            holds[document] = held = [];
        }

        var before = 0L;
        if (held.Count > 0)
        {
            before = held[^1].Quantity;
            held[^1] = held[^1] with { To = commits.Count };
        }

        var expiresAt = expiry.GetValueOrDefault(document, DateTime.MaxValue);
        held.Add(new Hold(commits.Count, int.MaxValue, before + row.Reserved, expiresAt));
    }

    private static JournalRow Add(JournalRow sum, JournalRow row) =>
        sum with
        {
            OnHand = sum.OnHand + row.OnHand,
            Reserved = sum.Reserved + row.Reserved,
            Damaged = sum.Damaged + row.Damaged,
            QualityControl = sum.QualityControl + row.QualityControl,
            SafetyStock = sum.SafetyStock + row.SafetyStock,
        };
}
