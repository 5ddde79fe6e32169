using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class EditStockTests : EngineFixture
{
    [TestCase(EditKind.Add, 3, 8, 3)]
    [TestCase(EditKind.Remove, 3, 2, -3)]
    [TestCase(EditKind.Adjust, -3, 2, -3)]
    [TestCase(EditKind.Adjust, 3, 8, 3)]
    [TestCase(EditKind.Set, 3, 3, -2)]
    public async Task An_edit_moves_on_hand_and_writes_who_did_it_and_why(
        EditKind kind,
        long quantity,
        long onHand,
        long delta
    )
    {
        var sku = await Given.Stock(onHand: 5);

        var answer = await Edit(Some.Edit(kind, sku, quantity) with { Reason = "found", Note = "behind the shelf" });

        var journal = await JournalEntry.OfAsync(Database, sku);
        Assert.That(answer.Outcome, Is.EqualTo(EditOutcome.Edited));
        Assert.That(answer.Stock, Is.EqualTo(await Node.Stock.ExecuteAsync(StockTarget.At(sku, "MAIN"), default)));
        Assert.That(answer.Stock!.OnHand, Is.EqualTo(onHand));
        Assert.That(
            journal[^1],
            Is.EqualTo(new JournalEntry(2, delta, null, null, (JournalKind)kind, "tests", "found: behind the shelf"))
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_set_to_what_is_there_is_written_without_a_difference()
    {
        var sku = await Given.Stock(onHand: 5);

        var answer = await Edit(Some.Set(sku, 5));

        var journal = await JournalEntry.OfAsync(Database, sku);
        Assert.That(answer.Outcome, Is.EqualTo(EditOutcome.Edited));
        Assert.That(journal[^1], Is.EqualTo(new JournalEntry(2, null, null, null, JournalKind.Set, "tests", "test")));
    }

    [Test]
    public async Task A_replay_learns_the_first_answer_whatever_has_happened_since()
    {
        var sku = await Given.Stock(onHand: 5);
        var edit = Some.Add(sku, 3);
        var first = await Edit(edit);
        await Hold(sku, quantity: 8);
        await Edit(Some.Add(sku, 100));

        var again = await Edit(edit);

        Assert.That(again, Is.EqualTo(first with { Outcome = EditOutcome.Replayed }));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(108));
    }

    [Test]
    public async Task A_replay_is_found_before_any_refusal()
    {
        var sku = await Given.Stock(onHand: 5);
        var edit = Some.Remove(sku, 5) with { ExpectedRevision = 1 };
        await Edit(edit);

        var again = await Edit(edit);

        Assert.That(again.Outcome, Is.EqualTo(EditOutcome.Replayed));
        Assert.That(again.Stock!.OnHand, Is.Zero);
    }

    [Test]
    public async Task A_request_id_serves_one_content_only()
    {
        var sku = await Given.Stock(onHand: 5);
        var other = await Given.Stock(onHand: 5);
        var edit = Some.Add(sku, 3) with { ExpectedRevision = 1, Reason = "a", Note = "b" };
        await Edit(edit);

        StockEdit[] misuses =
        [
            edit with
            {
                Quantity = 4,
            },
            edit with
            {
                Kind = EditKind.Set,
            },
            edit with
            {
                Target = StockTarget.At(other, Given.MainWarehouse),
            },
            edit with
            {
                Target = StockTarget.At(sku, "nowhere"),
            },
            edit with
            {
                ExpectedRevision = null,
            },
            edit with
            {
                Reason = "c",
            },
            edit with
            {
                Note = null,
            },
        ];
        var answers = await Task.WhenAll(misuses.Select(Edit));

        Assert.That(answers, Is.All.EqualTo(new EditAnswer(EditOutcome.RequestIdReused, null)));
        Assert.That(await Then.OnHand(sku) + await Then.OnHand(other), Is.EqualTo(13));
    }

    [Test]
    public async Task Another_caller_and_a_reservation_may_use_the_same_request_id()
    {
        var sku = await Given.Stock(onHand: 5);
        var edit = Some.Add(sku, 3);

        await Edit(edit);
        var another = await Edit(edit with { Caller = new("others") });
        var held = await Reserve(Some.Reserve(sku, quantity: 11, requestId: edit.RequestId));

        Assert.That(another.Outcome, Is.EqualTo(EditOutcome.Edited));
        Assert.That(held.Reservation, Is.Not.Null);
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task An_edit_made_from_an_old_revision_is_told_the_current_one_and_sales_do_not_raise_it()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku);
        var first = await Edit(Some.Add(sku, 1) with { ExpectedRevision = 1 });

        var stale = await Edit(Some.Add(sku, 1) with { ExpectedRevision = 1 });

        Assert.That(first.Stock!.Revision, Is.EqualTo(2));
        Assert.That(stale, Is.EqualTo(new EditAnswer(EditOutcome.VersionConflict, first.Stock)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(6));
    }

    [TestCase(EditKind.Remove, 2)]
    [TestCase(EditKind.Adjust, -2)]
    [TestCase(EditKind.Set, 7)]
    public async Task What_is_reserved_damaged_or_in_quality_control_stays_and_the_refusal_says_the_numbers(
        EditKind kind,
        long quantity
    )
    {
        var sku = await Given.Stock(onHand: 9, safetyStock: 1, damaged: 1, qualityControl: 2);
        await Hold(sku, quantity: 5);
        var edit = Some.Edit(kind, sku, quantity);

        var refused = await Edit(edit);
        var judgedAnew = await Edit(edit);

        Assert.That(refused.Outcome, Is.EqualTo(EditOutcome.StockShort));
        Assert.That(judgedAnew, Is.EqualTo(refused));
        Assert.That(
            (refused.Stock!.OnHand, refused.Stock.Reserved, refused.Stock.Damaged, refused.Stock.QualityControl),
            Is.EqualTo((9, 5, 1, 2))
        );
        Assert.That(await Then.Changes(sku), Is.EqualTo(2));
        Assert.That(await Requests(refused.Stock.StockId), Is.Zero);
    }

    [Test]
    public async Task Safety_stock_may_be_removed()
    {
        var sku = await Given.Stock(onHand: 5, safetyStock: 4);

        var answer = await Edit(Some.Remove(sku, 5));

        Assert.That(answer.Outcome, Is.EqualTo(EditOutcome.Edited));
        Assert.That(await Then.Available(sku), Is.EqualTo(-4));
    }

    [Test]
    public async Task On_hand_does_not_grow_beyond_what_json_carries()
    {
        var sku = await Given.Stock(onHand: 5);

        var answer = await Edit(Some.Add(sku, StockEdit.QuantityMax - 4));

        Assert.That(answer.Outcome, Is.EqualTo(EditOutcome.TooMuch));
        Assert.That(answer.Stock!.OnHand, Is.EqualTo(5));
    }

    [Test]
    public async Task Nothing_is_added_to_a_discontinued_item_or_an_inactive_warehouse_and_the_rest_may_leave()
    {
        var ended = await Given.Stock(onHand: 5, discontinued: true);
        var shut = await Given.Warehouse(active: false);
        var sku = await Given.Stock(onHand: 5, warehouse: shut);

        var toEnded = await Edit(Some.Add(ended));
        var toShut = await Edit(Some.Add(sku, warehouse: shut));
        var fromEnded = await Edit(Some.Remove(ended));
        var fromShut = await Edit(Some.Set(sku, 4, warehouse: shut));

        Assert.That(toEnded.Outcome, Is.EqualTo(EditOutcome.ItemDiscontinued));
        Assert.That(toShut.Outcome, Is.EqualTo(EditOutcome.WarehouseInactive));
        Assert.That((fromEnded.Stock!.OnHand, fromShut.Stock!.OnHand), Is.EqualTo((4, 4)));
    }

    [Test]
    public async Task What_is_not_known_is_named()
    {
        var sku = await Given.Stock(onHand: 5);

        var item = await Edit(Some.Add(Some.Sku()));
        var warehouse = await Edit(Some.Add(sku, warehouse: "nowhere"));
        var row = await Edit(Some.Add(sku) with { Target = StockTarget.Row(long.MaxValue) });

        Assert.That(item, Is.EqualTo(new EditAnswer(EditOutcome.SkuUnknown, null)));
        Assert.That(warehouse, Is.EqualTo(new EditAnswer(EditOutcome.WarehouseUnknown, null)));
        Assert.That(row, Is.EqualTo(new EditAnswer(EditOutcome.StockUnknown, null)));
    }

    [Test]
    public async Task A_row_is_edited_by_its_own_id_and_by_public_ids()
    {
        var sku = await Given.Stock(onHand: 5);
        var stock = (await Node.Stock.ExecuteAsync(StockTarget.At(sku, Given.MainWarehouse), default))!;
        var item = (await Node.Directory.FindAsync([sku], default))[sku];
        var warehouse = (await Node.Directory.FindWarehouseAsync(Given.MainWarehouse, default))!;
        var byPublicIds = StockTarget.At(PublicId.Item(item.ItemId), PublicId.Warehouse(warehouse.WarehouseId));

        await Edit(Some.Add(sku, 1) with { Target = StockTarget.Row(stock.StockId) });
        var second = await Edit(Some.Add(sku, 1) with { Target = byPublicIds });

        Assert.That(second.Stock!.OnHand, Is.EqualTo(7));
        Assert.That((second.Stock.Sku, second.Stock.Warehouse), Is.EqualTo((sku, Given.MainWarehouse)));
    }

    [Test]
    public async Task What_a_commit_left_is_published_once()
    {
        var sku = await Given.Stock(onHand: 5, safetyStock: 1);
        var published = new List<StockLevel>();
        await using var node = new EngineNode(Database.Cell);
        node.Committed.Committed += published.AddRange;
        var edit = Some.Add(sku, 3);

        var answer = await node.Edit.ExecuteAsync(edit, default);
        await node.Edit.ExecuteAsync(edit, default);
        await node.Edit.ExecuteAsync(Some.Remove(sku, 9), default);

        Assert.That(published, Has.Count.EqualTo(1));
        Assert.That(
            (published[0].StockId, published[0].OnHand, published[0].Available, published[0].Version),
            Is.EqualTo((answer.Stock!.StockId, 8, 7, 2))
        );
    }

    private async Task<long> Requests(long stockId)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(
            "SELECT count(*) FROM request WHERE (answer ->> 'stock_id')::bigint = @StockId",
            new { StockId = stockId }
        );
    }
}
