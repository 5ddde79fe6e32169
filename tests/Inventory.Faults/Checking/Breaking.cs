using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>Ways to break one thing of a world that was whole.</summary>
internal static class Breaking
{
    public static void Change(this World world, string sku, Func<StockRow, StockRow> change)
    {
        var index = world.Stock.FindIndex(s => s.Sku == sku);
        world.Stock[index] = change(world.Stock[index]);
    }

    public static void Change(this World world, string requestId, Func<ReservationRow, ReservationRow> change)
    {
        var index = world.Reservations.FindIndex(r => r.RequestId == requestId);
        world.Reservations[index] = change(world.Reservations[index]);
    }

    /// <summary>The last caller who asked this was told, or had asked, something else.</summary>
    public static void Retell<TAsk>(this World world, string requestId, Func<Entry, Entry> retell)
        where TAsk : Ask
    {
        var index = world.History.FindLastIndex(e => e.Ask is TAsk && RequestId(world, e.Ask) == requestId);
        world.History[index] = retell(world.History[index]);
    }

    /// <summary>Somebody was refused just now.</summary>
    public static void Refuse(this World world, string requestId, string sku, long quantity)
    {
        var ask = new ReserveAsk("shop", requestId, TimeSpan.FromMinutes(1), new AskLine(sku, quantity));
        var refused = new Refused(RefusalReason.StockShort);
        world.History.Add(new Entry(ask, refused, world.Now.AddMilliseconds(5), world.Now.AddMilliseconds(10)));
    }

    /// <summary>The reservation's first or last journal row is there twice.</summary>
    public static void Repeat(this World world, string requestId, bool last)
    {
        var row = JournalOf(world, requestId, last);
        world.Journal.Add(row with { Position = world.Journal.Count + 1, Version = row.Version + 100 });
    }

    /// <summary>The reservation's last journal row is not there.</summary>
    public static void Forget(this World world, string requestId) =>
        world.Journal.Remove(JournalOf(world, requestId, last: true));

    /// <summary>For the time between two commits more was reserved than there is.</summary>
    public static void Slip(this World world)
    {
        var row = world.Stock[1];
        foreach (var reserved in new[] { 100, -100 })
        {
            var (position, version) = (world.Journal.Count + 1, world.Stock[1].Version + 1);
            var slip = new JournalRow(position, 1_000 + position, world.Now, row.StockId, version)
            {
                Reserved = reserved,
            };
            world.Journal.Add(slip);
            world.Stock[1] = world.Stock[1] with { Version = version };
        }
    }

    /// <summary>Two changes of one row change places in the journal.</summary>
    public static void Swap(this World world)
    {
        var first = world.Journal.FindIndex(j => j.StockId == 1);
        var next = world.Journal.FindIndex(first + 1, j => j.StockId == 1);
        var (a, b) = (world.Journal[first], world.Journal[next]);
        (world.Journal[first], world.Journal[next]) = (
            a with
            {
                Position = b.Position,
            },
            b with
            {
                Position = a.Position,
            }
        );
    }

    private static JournalRow JournalOf(World world, string requestId, bool last)
    {
        var id = world.Reservations.Single(r => r.RequestId == requestId).ReservationId;
        return last ? world.Journal.Last(j => j.Document == id) : world.Journal.First(j => j.Document == id);
    }

    private static string? RequestId(World world, Ask ask) =>
        ask switch
        {
            ReserveAsk reserve => reserve.RequestId,
            AdjustAsk adjust => adjust.RequestId,
            PartAsk part => world.Reservations.Find(r => r.ReservationId == part.ReservationId)?.RequestId,
            EndAsk end => world.Reservations.Find(r => r.ReservationId == end.ReservationId)?.RequestId,
            _ => null,
        };
}
