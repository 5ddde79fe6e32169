using FsCheck;
using FsCheck.Fluent;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>What is proposed is always there, in sum what is wanted, and the same however often it is asked.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ProposalTests
{
    private const int WarehouseCount = 4;
    private const int ItemCount = 3;

    // The later the warehouse's id, the lower its code; two priorities, so that codes decide.
    private static readonly WarehouseList Warehouses = new([
        .. Enumerable.Range(1, WarehouseCount).Select(w => new WarehouseRow(w, $"W{9 - w}", w % 2, true)),
    ]);

    private static readonly ItemRows[] Items =
    [
        .. Enumerable
            .Range(1, ItemCount)
            .Select(i => new ItemRows(
                i,
                $"S{i}",
                [.. Enumerable.Range(1, WarehouseCount).Select(w => new StockRow(10 * i + w, w))]
            )),
    ];

    private static readonly Gen<Ask> Asks =
        from stock in Gen.Choose(-1, 6).ArrayOf(WarehouseCount * ItemCount)
        from count in Gen.Choose(1, 4)
        from lines in (
            from item in Gen.Choose(0, ItemCount - 1)
            from warehouse in Gen.Choose(-WarehouseCount, WarehouseCount)
            from quantity in Gen.Choose(1, 9)
            from least in Gen.Choose(0, quantity)
            select (item, warehouse, quantity, least)
        ).ArrayOf(count)
        select new Ask(stock, lines);

    [Test]
    public void No_source_takes_more_than_a_row_has_and_each_takes_all_that_is_wanted() =>
        Prop.ForAll(
                Arb.From(Asks),
                Arb.From(Gen.Elements(Enum.GetValues<ReserveSource>())),
                (ask, source) =>
                {
                    var taken = Allocate.From(ask.Demands, null, source, Warehouses, ask);
                    var fits = LineAmounts.Find(ask.Demands, ReserveFill.AllOrNothing, ask) is not null;
                    return (taken is not null) == fits && (taken is null || IsRight(ask, null, taken));
                }
            )
            .QuickCheckThrowOnFailure();

    [Test]
    public void A_part_is_never_more_than_there_is_and_no_line_could_have_more() =>
        Prop.ForAll(
                Arb.From(Asks),
                Arb.From(Gen.Elements(ReserveFill.BestEffort, ReserveFill.WholeLines)),
                (ask, fill) =>
                {
                    var amounts = LineAmounts.Find(ask.Demands, fill, ask);
                    return amounts is null ? IsNothing(ask, fill) : IsTheMost(ask, fill, amounts);
                }
            )
            .QuickCheckThrowOnFailure();

    [Test]
    public void What_is_proposed_for_a_part_is_what_the_part_takes() =>
        Prop.ForAll(
                Arb.From(Asks),
                Arb.From(Gen.Elements(Enum.GetValues<ReserveSource>())),
                (ask, source) =>
                    LineAmounts.Find(ask.Demands, ReserveFill.BestEffort, ask) is not { } amounts
                    || (
                        Allocate.From(ask.Demands, amounts, source, Warehouses, ask) is { } taken
                        && IsRight(ask, amounts, taken)
                    )
            )
            .QuickCheckThrowOnFailure();

    [Test]
    public void Warehouses_of_one_priority_are_taken_by_their_codes()
    {
        var ask = new Ask([3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0], [(0, 0, 10, 0)]);

        var taken = Enum.GetValues<ReserveSource>()
            .Select(source => Allocate.From(ask.Demands, null, source, Warehouses, ask)!.Select(t => t.StockId));

        // Priorities 1, 0, 1, 0 and codes W8, W7, W6, W5: 4 before 2 before 3 before 1.
        Assert.That(taken, Is.All.EqualTo(new long[] { 14, 12, 13, 11 }));
    }

    [Test]
    public void The_fewest_warehouses_are_counted_over_the_order()
    {
        // One warehouse has all of both; by priority each item would come from another.
        var ask = new Ask([6, 0, 0, 9, 6, 9, 0, 0, 0, 0, 0, 0], [(0, 0, 6, 0), (1, 0, 6, 0)]);

        var taken = Allocate.From(ask.Demands, null, ReserveSource.FewestSplits, Warehouses, ask);
        var byPriority = Allocate.From(ask.Demands, null, ReserveSource.Priority, Warehouses, ask);

        Assert.That(taken, Is.EqualTo([(11L, 6L), (21L, 6L)]));
        Assert.That(byPriority, Is.EqualTo([(14L, 6L), (22L, 6L)]));
    }

    [Test]
    public void A_warehouse_that_a_line_names_is_used_before_another_is_opened()
    {
        var ask = new Ask([5, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0, 0], [(0, 0, 5, 0), (1, 1, 2, 0)]);

        var taken = Allocate.From(ask.Demands, null, ReserveSource.FewestSplits, Warehouses, ask);

        Assert.That(taken, Is.EquivalentTo([(11L, 5L), (21L, 2L)]));
    }

    [Test]
    public void The_highest_stock_goes_first_and_is_split_where_it_must_be()
    {
        var ask = new Ask([7, 1, 9, 2, 0, 0, 0, 0, 0, 0, 0, 0], [(0, 0, 11, 0)]);

        var taken = Allocate.From(ask.Demands, null, ReserveSource.HighestStock, Warehouses, ask);

        Assert.That(taken, Is.EqualTo([(13L, 9L), (11L, 2L)]));
    }

    private static bool IsRight(Ask ask, long[]? amounts, (long StockId, long Quantity)[] taken) =>
        taken.All(t => t.Quantity > 0 && t.Quantity <= ask.Available(t.StockId))
        && taken.Select(t => t.StockId).Distinct().Count() == taken.Length
        && Items.All(i =>
            taken.Where(t => i.Rows.Any(r => r.StockId == t.StockId)).Sum(t => t.Quantity)
            == ask.Demands.Where(d => d.Item == i).Sum(d => d.Wanted(amounts))
        )
        && ask.Demands.Where(d => !d.IsAnywhere)
            .All(d => taken.Where(t => t.StockId == d.Rows[0].StockId).Sum(t => t.Quantity) >= d.Wanted(amounts));

    private static bool IsTheMost(Ask ask, ReserveFill fill, long[] amounts)
    {
        var more = ask
            .Demands.Where(d => amounts[d.LineAt] < d.Line.Quantity)
            .Select(d =>
                amounts
                    .Select(
                        (a, line) =>
                            line != d.LineAt ? a
                            : fill == ReserveFill.WholeLines ? d.Line.Quantity
                            : a + 1
                    )
                    .ToArray()
            );
        return Fits(ask, amounts)
            && !more.Any(m => Fits(ask, m))
            && ask.Demands.All(d => amounts[d.LineAt] >= LineAmounts.Least(d.Line, fill))
            && ask.Demands.All(d =>
                fill == ReserveFill.BestEffort || amounts[d.LineAt] == 0 || amounts[d.LineAt] == d.Line.Quantity
            );
    }

    private static bool IsNothing(Ask ask, ReserveFill fill)
    {
        var least = ask.Demands.Select(d => LineAmounts.Least(d.Line, fill)).ToArray();
        var any = ask.Demands.Select(d =>
            least
                .Select(
                    (l, i) =>
                        i != d.LineAt ? l
                        : fill == ReserveFill.WholeLines ? d.Line.Quantity
                        : Math.Max(1, l)
                )
                .ToArray()
        );
        return !Fits(ask, least) || !any.Any(a => Fits(ask, a));
    }

    private static bool Fits(Ask ask, long[] amounts) =>
        Allocate.From(ask.Demands, amounts, ReserveSource.Priority, Warehouses, ask) is not null;

    /// <summary>Stock by item and warehouse; a warehouse of 0 or less is none.</summary>
    private sealed record Ask(int[] Stock, (int Item, int Warehouse, int Quantity, int Least)[] Lines) : IShelf
    {
        public Demand[] Demands { get; } =
        [
            .. Lines.Select(
                (l, i) =>
                    new Demand(
                        i,
                        new ReserveLine(
                            Items[l.Item].Sku,
                            l.Warehouse > 0 ? $"{l.Warehouse}" : null,
                            l.Quantity,
                            l.Least
                        ),
                        Items[l.Item],
                        l.Warehouse > 0 ? Warehouses.Find(l.Warehouse) : null,
                        l.Warehouse > 0 ? [Items[l.Item].Rows[l.Warehouse - 1]] : Items[l.Item].ByPriority(Warehouses)
                    )
            ),
        ];

        public long Available(long stockId) => Stock[(int)((stockId / 10 - 1) * WarehouseCount + stockId % 10 - 1)];
    }
}
