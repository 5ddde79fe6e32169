using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>
/// A system that keeps every promise, in one thread: it writes the history and the tables that a checker must accept.
/// Its lists are open, so that a test can break one thing and see the checker reject it.
/// </summary>
internal sealed class World
{
    private DateTime now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private long xid = 1;

    public List<Entry> History { get; } = [];
    public List<StockRow> Stock { get; } = [];
    public List<ReservationRow> Reservations { get; } = [];
    public List<JournalRow> Journal { get; } = [];

    public DateTime Now => now;

    public IReadOnlyList<Violation> Judge() => Checker.Judge(History, new Tables(Stock, Reservations, Journal));

    public void Pass(TimeSpan time) => now += time;

    public void AddStock(string sku, string warehouse, long onHand)
    {
        var row = new StockRow(Stock.Count + 1, sku, warehouse);
        Stock.Add(row);
        Tell(
            new AdjustAsk($"open-{row.StockId}", sku, warehouse, onHand),
            () =>
            {
                Move(row.StockId, onHand, 0, null, $"open-{row.StockId}");
                return new Done(Replayed: false);
            }
        );
    }

    public Reply Adjust(string requestId, string sku, string warehouse, long difference) =>
        Tell(
            new AdjustAsk(requestId, sku, warehouse, difference),
            () =>
            {
                var row = Stock.Single(s => (s.Sku, s.Warehouse) == (sku, warehouse));
                if (row.Available + difference < 0)
                {
                    return new Refused(RefusalReason.StockShort);
                }

                Move(row.StockId, difference, 0, null, requestId);
                return new Done(Replayed: false);
            }
        );

    public Reply Reserve(ReserveAsk ask) => Tell(ask, () => Grant(ask));

    public Reply End(Guid reservationId, ReservationEnd end) =>
        Tell(
            new EndAsk(reservationId, end),
            () =>
            {
                var row = Reservations.Single(r => r.ReservationId == reservationId);
                if (row.State == (int)end)
                {
                    return new Done(Replayed: true);
                }

                if (row.State != ReservationRow.Held || row.ExpiresAt <= now)
                {
                    var lapsed = row.State is ReservationRow.Held or ReservationRow.Expired;
                    return new Refused(lapsed ? RefusalReason.Expired : RefusalReason.OtherState);
                }

                EndRow(row, (int)end);
                return new Done(Replayed: false);
            }
        );

    public Reply Part(PartAsk ask) =>
        Tell(
            ask,
            () =>
            {
                if (History.Exists(e => e.Reply is Done && e.Ask is PartAsk p && p.RequestId == ask.RequestId))
                {
                    return new Done(Replayed: true);
                }

                var row = Reservations.Single(r => r.ReservationId == ask.ReservationId);
                var line = row.StockIds.ToList().FindIndex(id => Stock.Single(s => s.StockId == id).Sku == ask.Sku);
                return row.State == ReservationRow.Held && row.ExpiresAt > now && line >= 0 && EndPart(row, line, ask)
                    ? new Done(Replayed: false)
                    : new Refused(RefusalReason.Invalid);
            }
        );

    public Reply Extend(Guid reservationId, DateTimeOffset until) =>
        Tell(
            new ExtendAsk(reservationId, until),
            () =>
            {
                var index = Reservations.FindIndex(r => r.ReservationId == reservationId);
                Reservations[index] = Reservations[index] with { ExpiresAt = until.UtcDateTime };
                return new Done(Replayed: false);
            }
        );

    /// <summary>What the job does: ends what has lapsed.</summary>
    public void Sweep()
    {
        Tick();
        foreach (var row in Reservations.Where(r => r.State == ReservationRow.Held && r.ExpiresAt <= now).ToList())
        {
            EndRow(row, ReservationRow.Expired);
        }
    }

    private Reply Grant(ReserveAsk ask)
    {
        if (Reservations.Find(r => (r.Caller, r.RequestId) == (ask.Caller, ask.RequestId)) is { } there)
        {
            var first = History.Select(e => e.Ask).OfType<ReserveAsk>().First(a => a.RequestId == ask.RequestId);
            var expired =
                there.State == ReservationRow.Expired || (there.State == ReservationRow.Held && there.ExpiresAt <= now);
            return first.IsSameAs(ask)
                ? new Granted(there.ReservationId, true, expired, there.ExpiresAt)
                : new Refused(RefusalReason.RequestIdReused);
        }

        Sweep();
        var taken = ask
            .Lines.SelectMany(Allocate)
            .GroupBy(t => t.StockId)
            .Select(t => (StockId: t.Key, Quantity: t.Sum(x => x.Quantity)))
            .ToList();
        if (taken.Any(t => Stock.Single(s => s.StockId == t.StockId).Available < t.Quantity))
        {
            return new Refused(RefusalReason.StockShort);
        }

        var row = new ReservationRow(Guid.NewGuid(), ask.Caller, ask.RequestId)
        {
            State = ReservationRow.Held,
            CreatedAt = now,
            ExpiresAt = now + ask.Hold,
            StockIds = [.. taken.Select(t => t.StockId)],
            Quantities = [.. taken.Select(t => t.Quantity)],
        };
        Reservations.Add(row);
        foreach (var (stockId, quantity) in taken)
        {
            Move(stockId, 0, quantity, row.ReservationId, null);
        }

        return new Granted(row.ReservationId, false, false, row.ExpiresAt);
    }

    private IEnumerable<(long StockId, long Quantity)> Allocate(AskLine line)
    {
        var missing = line.Quantity;
        var rows = Stock.Where(s => s.Sku == line.Sku && (line.Warehouse ?? s.Warehouse) == s.Warehouse).ToList();
        foreach (var row in rows)
        {
            var part = row == rows[^1] ? missing : Math.Min(missing, row.Available);
            missing -= part;
            if (part > 0)
            {
                yield return (row.StockId, part);
            }
        }
    }

    private bool EndPart(ReservationRow row, int line, PartAsk ask)
    {
        long[] held = [.. row.HeldParts ?? row.Quantities];
        long[] confirmed = [.. row.ConfirmedParts ?? row.Quantities.Select(_ => 0L)];
        if (held[line] < ask.Quantity)
        {
            return false;
        }

        var sold = ask.End == ReservationEnd.Confirmed ? ask.Quantity : 0;
        held[line] -= ask.Quantity;
        confirmed[line] += sold;
        Reservations[Reservations.IndexOf(row)] = row with
        {
            HeldParts = held,
            ConfirmedParts = confirmed,
            State = held.Sum() > 0 ? row.State : (int)ask.End,
            EndedAt = held.Sum() > 0 ? null : now,
        };
        Move(row.StockIds[line], -sold, -ask.Quantity, row.ReservationId, null);
        return true;
    }

    private void EndRow(ReservationRow row, int state)
    {
        Reservations[Reservations.IndexOf(row)] = row with { State = state, EndedAt = now };
        foreach (var (stockId, quantity) in row.Reserved.Where(line => line.Quantity > 0))
        {
            Move(stockId, state == ReservationRow.Confirmed ? -quantity : 0, -quantity, row.ReservationId, null);
        }
    }

    private void Move(long stockId, long onHand, long reserved, Guid? document, string? reason)
    {
        var index = Stock.FindIndex(s => s.StockId == stockId);
        var row = Stock[index];
        Stock[index] = row with
        {
            OnHand = row.OnHand + onHand,
            Reserved = row.Reserved + reserved,
            Available = row.Available + onHand - reserved,
            Version = row.Version + 1,
        };
        Journal.Add(
            new JournalRow(Journal.Count + 1, xid, now, stockId, row.Version + 1)
            {
                OnHand = onHand,
                Reserved = reserved,
                Document = document,
                Reason = reason,
            }
        );
    }

    private Reply Tell(Ask ask, Func<Reply> act)
    {
        var invoked = Tick();
        var reply = act();
        var completed = Tick();
        History.Add(new Entry(ask, reply, invoked, completed));
        return reply;
    }

    private DateTime Tick()
    {
        xid++;
        return now += TimeSpan.FromMilliseconds(5);
    }
}
