using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>Promise 9: nothing lapses early, nothing is sold after it has lapsed.</summary>
internal static class TimeChecks
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);

    public static IEnumerable<Violation> Judge(IReadOnlyList<Entry> history, Tables tables)
    {
        var rows = tables.Reservations.DistinctBy(r => r.ReservationId).ToDictionary(r => r.ReservationId);
        var holds = history
            .Select(e => e.Ask)
            .OfType<ReserveAsk>()
            .GroupBy(a => (a.Caller, a.RequestId))
            .ToDictionary(id => id.Key, id => id.Min(a => a.Hold));
        var late = history
            .Where(e => e is { MayHaveHadEffect: true, Ask: PartAsk { IsLate: true } })
            .Select(e => ((PartAsk)e.Ask).ReservationId)
            .ToHashSet();
        return tables
            .Reservations.SelectMany(r => OfOne(r, holds, late))
            .Concat(history.SelectMany(e => OfAnswer(e, rows, late)));
    }

    private static IEnumerable<Violation> OfOne(
        ReservationRow row,
        Dictionary<(string, string), TimeSpan> holds,
        HashSet<Guid> late
    )
    {
        if (row.EndedAt is { } ended && row.State == ReservationRow.Expired && ended < row.ExpiresAt)
        {
            yield return new(9, $"{row} lapsed {row.ExpiresAt - ended} early");
        }

        if (
            row.EndedAt is { } end
            && row.State != ReservationRow.Expired
            && end >= row.ExpiresAt
            && !IsRetaken(row, late)
        )
        {
            yield return new(9, $"{row} was ended by its caller {end - row.ExpiresAt} after it lapsed");
        }

        if (
            holds.TryGetValue((row.Caller, row.RequestId), out var hold)
            && row.ExpiresAt < row.CreatedAt + hold - Slack
        )
        {
            yield return new(9, $"{row} is held for {row.ExpiresAt - row.CreatedAt}, and {hold} was asked for");
        }
    }

    private static IEnumerable<Violation> OfAnswer(
        Entry entry,
        Dictionary<Guid, ReservationRow> rows,
        HashSet<Guid> late
    )
    {
        var reservation = entry switch
        {
            { Ask: EndAsk ask, Reply: Refused { Reason: RefusalReason.Expired } } => ask.ReservationId,
            { Ask: PartAsk ask, Reply: Refused { Reason: RefusalReason.Expired } } => ask.ReservationId,
            { Ask: ExtendAsk ask, Reply: Refused { Reason: RefusalReason.Expired } } => ask.ReservationId,
            { Reply: Granted { IsExpired: true } granted } => granted.ReservationId,
            _ => Guid.Empty,
        };
        if (!rows.TryGetValue(reservation, out var row))
        {
            yield break;
        }

        if (entry.CompletedAt.UtcDateTime < row.ExpiresAt - Slack)
        {
            yield return new(9, $"{row} was called lapsed before {row.ExpiresAt:HH:mm:ss.ffffff}: {entry}");
        }

        if (row.State is not (ReservationRow.Held or ReservationRow.Expired) && !IsRetaken(row, late))
        {
            yield return new(9, $"{row} had lapsed, and ended otherwise: {entry}");
        }
    }

    /// <summary>Somebody may have taken it again after it had lapsed, to sell it.</summary>
    private static bool IsRetaken(ReservationRow row, HashSet<Guid> late) =>
        row.State is ReservationRow.Confirmed or ReservationRow.Fulfilled && late.Contains(row.ReservationId);
}
