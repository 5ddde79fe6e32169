using Inventory.Faults.Histories;
using NUnit.Framework;
using static Inventory.Faults.Histories.RefusalReason;

namespace Inventory.Faults.Checking;

/// <summary>The checker accepts what keeps the promises, and rejects each way of breaking one by its number.</summary>
[TestFixture]
public sealed class CheckerTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<(int Promise, string What), Action<World>> Breaches = new()
    {
        [(1, "more is reserved than there is")] = w => w.Change("A", s => s with { Reserved = s.OnHand + 1 }),
        [(1, "an amount is negative")] = w => w.Change("B", s => s with { Damaged = -1 }),
        [(1, "available is not what remains")] = w => w.Change("A", s => s with { Available = s.Available + 1 }),
        [(1, "a commit in between was oversold")] = w => w.Slip(),
        [(2, "reserved is not what is held")] = w => w.Change("A", s => s with { Reserved = 0 }),
        [(2, "an ended reservation still holds")] = w => w.Change("held", r => r with { State = 5, EndedAt = w.Now }),
        [(2, "on hand has no journal row")] = w => w.Change("B", s => s with { OnHand = s.OnHand + 1 }),
        [(2, "in transit has no journal row")] = w => w.Change("B", s => s with { InTransit = 1 }),
        [(3, "it was confirmed twice")] = w => w.Repeat("sold", last: true),
        [(3, "it was granted twice")] = w => w.Repeat("held", last: false),
        [(3, "it ended and its stock did not move")] = w => w.Forget("back"),
        [(3, "it has no time of its end")] = w => w.Change("sold", r => r with { EndedAt = null }),
        [(3, "it was ended anew twice")] = w => w.Retell<EndAsk>("resold", e => e with { Reply = new Done(false) }),
        [(3, "stock is held for nobody")] = w => w.Reservations.RemoveAll(r => r.RequestId == "held"),
        [(4, "a line is not there")] = w => w.Change("pair", r => r with { StockIds = [1], Quantities = [1] }),
        [(4, "a line was not granted")] = w => w.Forget("pair"),
        [(4, "a line holds less than was asked")] = w => w.Change("pair", r => r with { Quantities = [1, 1] }),
        [(4, "a line holds where it was not asked to")] = w => w.Change("named", r => r with { StockIds = [3] }),
        [(5, "a grant is lost")] = w => w.Reservations.RemoveAll(r => r.RequestId == "held"),
        [(5, "a confirmed one is held")] = w => w.Change("sold", r => r with { State = 2, EndedAt = null }),
        [(5, "a grant is not found")] = w => w.Retell<EndAsk>("sold", e => e with { Reply = new Refused(NotFound) }),
        [(5, "it ended otherwise than told")] = w => w.Change("sold", r => r with { State = 5 }),
        [(5, "an extension is lost")] = w => w.Change("long", r => r with { ExpiresAt = r.CreatedAt + Hold }),
        [(5, "a receipt is lost")] = w => w.Journal.RemoveAll(j => j.Reason == "receipt"),
        [(6, "the refused is held")] = w =>
            w.Retell<ReserveAsk>("held", e => e with { Reply = new Refused(StockShort) }),
        [(6, "the shed is held")] = w => w.Retell<ReserveAsk>("held", e => e with { Reply = new Refused(Overloaded) }),
        [(6, "the refused is sold")] = w => w.Retell<EndAsk>("sold", e => e with { Reply = new Refused(OtherState) }),
        [(6, "the unasked is held")] = w => w.History.RemoveAll(e => e.Ask is ReserveAsk { RequestId: "held" }),
        [(6, "the refused came in")] = w =>
            w.Retell<AdjustAsk>("receipt", e => e with { Reply = new Refused(Invalid) }),
        [(6, "it came in elsewhere")] = w =>
            w.Retell<AdjustAsk>("receipt", e => e with { Ask = (AdjustAsk)e.Ask with { Sku = "A" } }),
        [(7, "an id is there twice")] = w =>
            w.Reservations.Add(w.Reservations[0] with { ReservationId = Guid.NewGuid() }),
        [(7, "a replay shows another")] = w =>
            w.Retell<ReserveAsk>("again", e => e with { Reply = new Granted(Guid.NewGuid(), true, false, default) }),
        [(7, "a replay is called new")] = w =>
            w.Retell<ReserveAsk>("again", e => e with { Reply = (Granted)e.Reply with { Replayed = false } }),
        [(7, "the same is called other")] = w =>
            w.Retell<ReserveAsk>("again", e => e with { Reply = new Refused(RequestIdReused) }),
        [(7, "a receipt came twice")] = w => w.Journal.Add(w.Journal.Single(j => j.Reason == "receipt")),
        [(8, "what fitted was refused")] = w =>
            w.Retell<ReserveAsk>("short", e => e with { Ask = (ReserveAsk)e.Ask with { Lines = [new("A", 1)] } }),
        [(8, "a lapsed hold refused a sale")] = w => w.Refuse("late", "D", 5),
        [(8, "a replay was refused")] = w =>
            w.Retell<ReserveAsk>("again", e => e with { Reply = new Refused(StockShort) }),
        [(9, "a hold lapsed early")] = w =>
            w.Change("lapsed", r => r with { EndedAt = r.ExpiresAt.AddMilliseconds(-1) }),
        [(9, "a hold is short")] = w => w.Change("held", r => r with { ExpiresAt = r.CreatedAt.AddSeconds(1) }),
        [(9, "a lapsed hold was sold")] = w => w.Change("sold", r => r with { EndedAt = r.ExpiresAt }),
        [(9, "a live hold was called lapsed")] = w =>
            w.Retell<EndAsk>("sold", e => e with { Reply = new Refused(Expired) }),
        [(9, "a replay was called lapsed")] = w =>
            w.Retell<ReserveAsk>("again", e => e with { Reply = (Granted)e.Reply with { IsExpired = true } }),
        [(3, "a part is not told")] = w => w.Change("parted", r => r with { ConfirmedParts = [0] }),
        [(3, "a part was sold twice")] = w => w.Repeat("parted", last: true),
        [(3, "more came back than was sold")] = w => w.Change("sold", r => r with { Returned = [1] }),
        [(5, "a part is lost")] = w =>
            w.Retell<PartAsk>("parted", e => e with { Ask = (PartAsk)e.Ask with { Quantity = 3 } }),
        [(6, "the refused part is sold")] = w =>
            w.Retell<PartAsk>("parted", e => e with { Reply = new Refused(Invalid) }),
        [(11, "a change is not told")] = w => w.Journal.RemoveAll(j => j is { StockId: 1, Version: 2 }),
        [(11, "two changes are told in the wrong order")] = w => w.Swap(),
        [(11, "a change of no row is told")] = w => w.Journal.Add(new JournalRow(99, 99, w.Now, 99, 1)),
    };

    private static IEnumerable<object[]> Cases => Breaches.Keys.Select(b => new object[] { b.Promise, b.What });

    [Test]
    public void A_history_that_keeps_every_promise_is_accepted()
    {
        var violations = Whole().Judge();

        Assert.That(violations, Is.Empty, string.Join('\n', violations));
    }

    [TestCaseSource(nameof(Cases))]
    public void A_breach_is_rejected_by_the_number_of_its_promise(int promise, string what)
    {
        var world = Whole();

        Breaches[(promise, what)](world);

        var violations = world.Judge();
        Assert.That(violations.Select(v => v.Promise), Has.Member(promise), string.Join('\n', violations));
    }

    [Test]
    public void What_nobody_was_told_may_have_happened_or_not()
    {
        var world = Whole();

        world.Retell<ReserveAsk>("held", e => e with { Reply = new Unknown("connection lost") });
        world.Retell<EndAsk>("sold", e => e with { Reply = new Unknown("connection lost") });
        world.Retell<ReserveAsk>("short", e => e with { Reply = new Unknown("connection lost") });

        var violations = world.Judge();
        Assert.That(violations, Is.Empty, string.Join('\n', violations));
    }

    [Test]
    public void A_refusal_beside_a_change_of_the_row_is_given_the_benefit_of_the_doubt()
    {
        var world = Whole();
        var free = world.Stock.Single(s => s.Sku == "B").Available;
        var taken = (Granted)world.Reserve(new ReserveAsk("shop", "all", Hold, new AskLine("B", free)));
        var sold = world.History[^1];

        world.End(taken.ReservationId, ReservationEnd.Cancelled);
        world.Refuse("beside", "B", free);
        world.History[^1] = world.History[^1] with { InvokedAt = sold.InvokedAt };

        var violations = world.Judge();
        Assert.That(violations, Is.Empty, string.Join('\n', violations));
    }

    [TestCase(3, ExpectedResult = false)]
    [TestCase(4, ExpectedResult = true)]
    public bool A_lapsed_hold_gives_back_what_its_parts_have_left_of_it(int refused)
    {
        var world = Whole();
        world.AddStock("E", "W1", 5);
        var hold = (Granted)world.Reserve(new ReserveAsk("shop", "lapses in part", Short, new AskLine("E", 5)));
        world.Part(new PartAsk(hold.ReservationId, "a part", "E", 2, ReservationEnd.Confirmed));
        world.Pass(2 * Short);

        world.Refuse("beside", "E", refused);
        world.Pass(Short);
        world.Sweep();

        return world.Judge().Count == 0;
    }

    [Test]
    public void Random_histories_of_a_whole_world_are_accepted([Range(1, 40)] int seed)
    {
        var world = RandomWorld.Live(new Random(seed), steps: 150);

        var violations = world.Judge();
        Assert.That(violations, Is.Empty, string.Join('\n', violations));
    }

    /// <summary>One of everything that callers do.</summary>
    private static World Whole()
    {
        var world = new World();
        world.AddStock("A", "W1", 10);
        world.AddStock("B", "W1", 14);
        world.AddStock("A", "W2", 5);
        world.AddStock("D", "W1", 5);
        world.Adjust("receipt", "B", "W1", 3);
        Reserve("held", Hold, new AskLine("A", 1));
        Reserve("again", Hold, new AskLine("A", 1, "W1"));
        world.Reserve(new ReserveAsk("shop", "again", Hold, new AskLine("A", 2)));
        Reserve("again", Hold, new AskLine("A", 1, "W1"));
        world.End(Reserve("sold", Hold, new AskLine("A", 1)), ReservationEnd.Confirmed);
        var resold = Reserve("resold", Hold, new AskLine("B", 1));
        world.End(resold, ReservationEnd.Confirmed);
        world.End(resold, ReservationEnd.Confirmed);
        world.End(Reserve("back", Hold, new AskLine("A", 1)), ReservationEnd.Cancelled);
        Reserve("pair", Hold, new AskLine("A", 1), new AskLine("B", 2));
        Reserve("named", Hold, new AskLine("A", 1, "W1"));
        var parted = Reserve("parted", Hold, new AskLine("B", 4));
        world.Part(new PartAsk(parted, "some", "B", 2, ReservationEnd.Confirmed));
        world.Extend(Reserve("long", Hold, new AskLine("B", 1)), world.Now + (2 * Hold));
        world.Reserve(new ReserveAsk("shop", "short", Hold, new AskLine("A", 100)));
        Reserve("lapsed", Short, new AskLine("A", 1));
        world.Pass(2 * Short);
        world.Sweep();
        Reserve("lapsing", Short, new AskLine("D", 5));
        world.Pass(2 * Short);
        return world;

        Guid Reserve(string requestId, TimeSpan hold, params AskLine[] lines) =>
            ((Granted)world.Reserve(new ReserveAsk("shop", requestId, hold, lines))).ReservationId;
    }
}
