using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>Promises 3, 5 and 6 for what becomes of a hold: who was told that it is so finds it so.</summary>
internal static class EndChecks
{
    public static IEnumerable<Violation> Judge(IReadOnlyList<Entry> history, Tables tables)
    {
        var rows = tables.Reservations.DistinctBy(r => r.ReservationId).ToDictionary(r => r.ReservationId);
        var ends = history.Where(e => e.Ask is EndAsk).ToLookup(e => ((EndAsk)e.Ask).ReservationId);
        var parts = history.Where(e => e.Ask is PartAsk).ToLookup(e => ((PartAsk)e.Ask).ReservationId);
        var granted = history
            .Where(e => e.Reply is Granted)
            .GroupBy(e => ((Granted)e.Reply).ReservationId)
            .ToDictionary(g => g.Key, g => g.Min(e => e.CompletedAt));
        return ends.SelectMany(e =>
                OfOne([.. e], rows.GetValueOrDefault(e.Key), granted.GetValueOrDefault(e.Key, DateTimeOffset.MaxValue))
            )
            .Concat(
                tables.Reservations.SelectMany(row => Unasked(row, ends[row.ReservationId], parts[row.ReservationId]))
            )
            .Concat(history.SelectMany(e => Extensions(e, rows)));
    }

    private static IEnumerable<Violation> OfOne(Entry[] ends, ReservationRow? row, DateTimeOffset grantedBy)
    {
        if (row is null)
        {
            return ends.Where(e => e.Reply is Done).Select(e => new Violation(5, $"its reservation is not there: {e}"));
        }

        var lost = ends.Where(e => e.Reply is Done && !Is(row, e))
            .Select(e => new Violation(5, $"{row} is not so: {e}"));
        var denied = ends.Where(e => e.Reply is Refused { Reason: RefusalReason.NotFound } && e.InvokedAt > grantedBy)
            .Select(e => new Violation(5, $"{row} was not found: {e}"));
        var twice = ends.Count(e => e.Reply is Done { Replayed: false }) > 1;
        return lost.Concat(denied).Concat(twice ? [new Violation(3, $"{row} was ended more than once")] : []);
    }

    private static IEnumerable<Violation> Unasked(
        ReservationRow row,
        IEnumerable<Entry> ends,
        IEnumerable<Entry> parts
    ) =>
        Enum.IsDefined((ReservationEnd)row.State)
        && !ends.Any(e => e.MayHaveHadEffect && Is(row, e))
        && !parts.Any(e => e.MayHaveHadEffect && (int)((PartAsk)e.Ask).End == row.State)
            ? [new(6, $"nobody was told of the end of {row}")]
            : [];

    private static IEnumerable<Violation> Extensions(Entry entry, Dictionary<Guid, ReservationRow> rows) =>
        entry is { Ask: ExtendAsk ask, Reply: Done }
        && !(rows.TryGetValue(ask.ReservationId, out var row) && row.ExpiresAt >= ToMicroseconds(ask.Until))
            ? [new(5, $"it was not extended: {entry}")]
            : [];

    private static bool Is(ReservationRow row, Entry end)
    {
        var state = row.State == ReservationRow.Fulfilled ? ReservationRow.Confirmed : row.State;
        return state == (int)((EndAsk)end.Ask).End;
    }

    private static DateTime ToMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
}
