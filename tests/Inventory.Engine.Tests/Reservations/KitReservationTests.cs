using Inventory.Engine.Catalog;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>A kit is held by its parts, all or nothing.</summary>
[TestFixture]
public sealed class KitReservationTests : EngineFixture
{
    [Test]
    public async Task A_kit_holds_its_parts_and_is_one_line()
    {
        var (leg, top) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4), (top, 1));

        var made = await Reserve(Some.Reserve(kit, 2));
        var more = await Reserve(Some.Reserve(kit, 1));

        var line = made.Reservation!.Lines!.Single();
        Assert.That((line.Sku, line.Quantity, line.ShortQuantity), Is.EqualTo((kit, 2, 0)));
        Assert.That(line.Allocations.Select(a => (a.Sku, a.Quantity)), Is.EquivalentTo([(leg, 8), (top, 2)]));
        Assert.That((await Then.Reserved(leg), await Then.Reserved(top)), Is.EqualTo((8, 2)));
        Assert.That(more.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(more.Refusals.Select(r => (r.Sku, r.Requested, r.Available)), Is.EqualTo([(kit, 1, 0)]));
    }

    [Test]
    public async Task Kits_and_single_items_that_share_a_part_are_judged_together()
    {
        var (leg, top) = (await Given.Stock(onHand: 10), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4), (top, 1));

        var tooMuch = await Reserve(Some.Reserve((kit, 2), (leg, 3)));
        var fits = await Reserve(Some.Reserve((kit, 2), (leg, 2)));

        Assert.That(tooMuch.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(
            fits.Reservation!.Lines!.Select(l =>
                (l.Sku, l.Quantity, l.Allocations.Where(a => a.Sku == leg).Sum(a => a.Quantity))
            ),
            Is.EquivalentTo([(kit, 2, 8), (leg, 2, 2)])
        );
        Assert.That(await Then.Available(leg), Is.Zero);
    }

    [Test]
    public async Task A_kit_at_a_warehouse_takes_all_parts_from_there_and_elsewhere_from_anywhere()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var leg = await Given.Stock(onHand: 4, warehouse: near);
        var top = await Given.Stock(onHand: 4, warehouse: far);
        var kit = await Given.Kit((leg, 1), (top, 1));

        var named = await Reserve(Some.Reserve(kit, 1, near));
        var anywhere = await Reserve(Some.Reserve(kit, 1));

        Assert.That(named.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(
            anywhere.Reservation!.Allocations,
            Is.EquivalentTo([new Allocation(leg, near, 1), new Allocation(top, far, 1)])
        );
    }

    [Test]
    public async Task Best_effort_holds_as_many_whole_kits_as_the_parts_allow()
    {
        var (leg, top) = (await Given.Stock(onHand: 11), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4), (top, 1));

        var answer = await Reserve(Some.Reserve(kit, 5) with { Fill = ReserveFill.BestEffort });

        Assert.That(answer.Reservation!.Lines!.Single().ShortQuantity, Is.EqualTo(3));
        Assert.That((await Then.Reserved(leg), await Then.Reserved(top)), Is.EqualTo((8, 2)));
    }

    [Test]
    public async Task A_replay_is_of_what_the_kit_was_made_of()
    {
        var (leg, top) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4), (top, 1));
        var order = Some.Reserve(kit, 1);
        var first = await Reserve(order);
        await ComposeAsync(kit, new Component(leg, 1));

        var again = await Reserve(order);
        var next = await Reserve(Some.Reserve(kit, 1));

        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(
            again.Reservation!.Lines!.Single().Allocations,
            Is.EquivalentTo(first.Reservation!.Lines!.Single().Allocations)
        );
        Assert.That(
            next.Reservation!.Lines!.Single().Allocations.Select(a => (a.Sku, a.Quantity)),
            Is.EqualTo([(leg, 1)])
        );
    }

    [Test]
    public async Task Another_server_holds_what_the_kit_is_made_of_now()
    {
        await using var other = new EngineNode(Database.Cell);
        var (leg, top) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4));
        await other.Reserve.ExecuteAsync(Some.Reserve(kit, 1), CancellationToken.None);
        await ComposeAsync(kit, new Component(top, 2));

        var answer = await other.Reserve.ExecuteAsync(Some.Reserve(kit, 1), CancellationToken.None);

        Assert.That(answer.Reservation!.Allocations.Select(a => (a.Sku, a.Quantity)), Is.EqualTo([(top, 2)]));
    }

    [Test]
    public async Task A_discontinued_kit_or_part_is_refused_and_due_holds_of_parts_are_counted()
    {
        var (leg, gone) = (await Given.Stock(onHand: 4), await Given.Stock(onHand: 4, discontinued: true));
        var (kit, closed) = (await Given.Kit((leg, 4)), await Given.Kit((leg, 1), (gone, 1)));
        var lapsed = await Hold(leg, 4);
        await Given.Lapsed(lapsed.ReservationId);

        var held = await Reserve(Some.Reserve(kit, 1));
        var part = await Reserve(Some.Reserve(closed, 1));
        await Node.UpdateItem.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                RequestId = Some.RequestId(),
                Item = kit,
                Discontinued = true,
            },
            CancellationToken.None
        );
        var kitGone = await Reserve(Some.Reserve(kit, 1));
        var inPart = await Reserve(Some.Reserve(kit, 1) with { Fill = ReserveFill.BestEffort });

        Assert.That(held.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(
            new[] { part.Outcome, kitGone.Outcome, inPart.Outcome },
            Is.All.EqualTo(ReserveOutcome.ItemDiscontinued)
        );
        Assert.That(kitGone.Refusals.Single().Sku, Is.EqualTo(kit));
    }

    [Test]
    public async Task A_kit_is_explained_by_its_parts()
    {
        var (leg, top) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 1));
        var kit = await Given.Kit((leg, 4), (top, 1));

        var told = await Node.Explain.ExecuteAsync(Some.Reserve(kit, 2), CancellationToken.None);
        var availability = await Node.ExplainAvailability.ExecuteAsync(kit, [], CancellationToken.None);

        Assert.That(told.Verdict, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(
            told.Lines.Single().Warehouses.Select(w => (w.Stock.Sku, w.Choice)),
            Is.EquivalentTo([(leg, SourceChoice.TooLittle), (top, SourceChoice.TooLittle)])
        );
        Assert.That(availability.Sellable, Is.EqualTo(1));
        Assert.That(availability.Parts.Select(p => (p.Sku, p.Quantity)), Is.EquivalentTo([(leg, 4), (top, 1)]));
    }

    [Test]
    public async Task Kits_that_share_parts_never_oversell_them()
    {
        var (leg, top, door) = (
            await Given.Stock(onHand: 100),
            await Given.Stock(onHand: 60),
            await Given.Stock(onHand: 60)
        );
        var (table, cupboard) = (await Given.Kit((leg, 2), (top, 1)), await Given.Kit((leg, 1), (door, 2)));
        await using var other = new EngineNode(Database.Cell);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 240)
                .Select(i =>
                    (i % 2 == 0 ? Node : other)
                        .Reserve.ExecuteAsync(
                            Some.Reserve(
                                i % 3 == 0 ? table
                                : i % 3 == 1 ? cupboard
                                : leg
                            ),
                            default
                        )
                        .AsTask()
                )
        );

        var held = answers
            .Where(a => a.Reservation is not null)
            .SelectMany(a => a.Reservation!.Allocations)
            .ToLookup(a => a.Sku);
        Assert.That(await Then.Reserved(leg), Is.EqualTo(held[leg].Sum(a => a.Quantity)).And.GreaterThan(98));
        Assert.That(await Then.Reserved(top), Is.EqualTo(held[top].Sum(a => a.Quantity)));
        Assert.That(await Then.Reserved(door), Is.EqualTo(held[door].Sum(a => a.Quantity)));
        Assert.That(
            answers.Select(a => a.Outcome),
            Is.All.EqualTo(ReserveOutcome.Held).Or.EqualTo(ReserveOutcome.StockShort)
        );
    }

    [TearDown]
    public async Task Every_row_is_what_its_holds_and_its_journal_add_up_to() =>
        Assert.That(await Then.Violations(), Is.Empty);

    private async Task ComposeAsync(string kit, params Component[] components)
    {
        var edit = new ItemEdit
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Item = kit,
            Components = components,
        };
        var answer = await Node.UpdateItem.ExecuteAsync(edit, CancellationToken.None);
        Assert.That(answer.Outcome, Is.EqualTo(UpdateItemOutcome.Updated));
    }
}
