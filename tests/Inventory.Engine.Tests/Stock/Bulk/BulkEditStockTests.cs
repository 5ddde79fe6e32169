using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock.Bulk;

[Parallelizable(ParallelScope.Self)]
public sealed class BulkEditStockTests : BulkFixture
{
    [Test]
    public async Task Rows_of_all_kinds_are_applied_and_each_has_its_journal_row()
    {
        var skus = await Shelves(4, onHand: 10);

        var answer = await Apply(
            Some.Bulk(),
            Some.Row(EditKind.Set, skus[0], 3),
            Some.Row(EditKind.Add, skus[1], 3),
            Some.Row(EditKind.Remove, skus[2], 3) with
            {
                Note = "behind the shelf",
            },
            Some.Row(EditKind.Adjust, skus[3], -3)
        );

        Assert.That((answer.Outcome, answer.AppliedCount), Is.EqualTo((BulkOutcome.Applied, 4)));
        Assert.That(answer.Results.Select(r => r.Stock!.OnHand), Is.EqualTo(new[] { 3, 13, 7, 7 }));
        Assert.That(answer.Results[0].Stock, Is.EqualTo(await Stock(skus[0])));
        Assert.That(
            (await JournalEntry.OfAsync(Database, skus[2]))[^1],
            Is.EqualTo(new JournalEntry(2, -3, null, null, JournalKind.Removed, "tests", "test: behind the shelf"))
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task One_bad_row_aborts_all_and_every_bad_row_is_told()
    {
        var (sku, held, fresh) = (await Given.Stock(10), await Given.Stock(5), await Given.Item(safetyStock: 1));
        await Hold(held, quantity: 4);
        var call = Some.Bulk();

        var answer = await Apply(
            call,
            Some.Row(EditKind.Add, sku, 1),
            Some.Row(EditKind.Set, held, 3),
            Some.Row(EditKind.Add, fresh, 1),
            Some.Row(EditKind.Add, "nothing", 1),
            Some.Row(EditKind.Remove, sku, 12)
        );

        Assert.That(
            (answer.Outcome, answer.AppliedCount, answer.RefusedCount),
            Is.EqualTo((BulkOutcome.Aborted, 0, 3))
        );
        Assert.That(
            Outcomes(answer),
            Is.EqualTo(
                new[]
                {
                    EditOutcome.Edited,
                    EditOutcome.StockShort,
                    EditOutcome.Edited,
                    EditOutcome.SkuUnknown,
                    EditOutcome.StockShort,
                }
            )
        );
        Assert.That((await Then.Changes(sku), await Then.Changes(held)), Is.EqualTo((1, 2)));
        Assert.That((await Stock(fresh), await Answers(call)), Is.EqualTo(((StockRecord?)null, 0)));
    }

    [Test]
    public async Task A_call_that_continues_applies_what_is_in_order()
    {
        var skus = await Shelves(3, onHand: 5);

        var answer = await Apply(
            Some.Bulk(BulkOnError.Continue),
            Some.Row(EditKind.Remove, skus[0], 6),
            Some.Row(EditKind.Remove, skus[1], 5),
            BulkRow.Wrong("not a row"),
            Some.Row(EditKind.Add, skus[2], 1) with
            {
                ExpectedRevision = 7,
            }
        );

        Assert.That(
            (answer.Outcome, answer.AppliedCount, answer.RefusedCount),
            Is.EqualTo((BulkOutcome.WithRefusals, 1, 2))
        );
        Assert.That(answer.Results.Select(r => r.Index), Is.EqualTo(new[] { 0, 1, 3 }));
        Assert.That(answer.Results[2].Stock!.Revision, Is.EqualTo(1));
        Assert.That(
            (await Then.OnHand(skus[0]), await Then.OnHand(skus[1]), await Then.OnHand(skus[2])),
            Is.EqualTo((5, 0, 5))
        );
    }

    [Test]
    public async Task Rows_of_one_stock_are_applied_in_their_order()
    {
        var sku = await Given.Stock(onHand: 0);

        var answer = await Apply(
            Some.Bulk(BulkOnError.Continue),
            Some.Row(EditKind.Set, sku, 5),
            Some.Row(EditKind.Add, sku, 3) with
            {
                ExpectedRevision = 2,
            },
            Some.Row(EditKind.Remove, sku, 10),
            Some.Row(EditKind.Add, sku, 3) with
            {
                ExpectedRevision = 2,
            },
            Some.Row(EditKind.Remove, sku, 8)
        );

        Assert.That(
            Outcomes(answer),
            Is.EqualTo(
                new[]
                {
                    EditOutcome.Edited,
                    EditOutcome.Edited,
                    EditOutcome.StockShort,
                    EditOutcome.VersionConflict,
                    EditOutcome.Edited,
                }
            )
        );
        Assert.That(answer.Results.Select(r => r.Stock!.OnHand), Is.EqualTo(new[] { 5, 8, 8, 8, 0 }));
        Assert.That(
            (await JournalEntry.OfAsync(Database, sku)).Select(j => (j.Version, j.OnHand)),
            Is.EqualTo(new[] { (1L, 5L), (2L, 3L), (3L, (long?)-8) })
        );
    }

    [Test]
    public async Task Rows_that_are_not_there_begin_with_the_first_edit_that_may_begin_them()
    {
        var (sku, ended) = (await Given.Item(safetyStock: 2), await Given.Item(discontinued: true));
        var (open, shut) = (await Given.Warehouse(), await Given.Warehouse(active: false));

        var answer = await Apply(
            Some.Bulk(BulkOnError.Continue),
            Some.Row(EditKind.Remove, sku, 1, open),
            Some.Row(EditKind.Add, sku, 5, open),
            Some.Row(EditKind.Remove, sku, 1, open),
            Some.Row(EditKind.Add, sku, 5, shut),
            Some.Row(EditKind.Add, ended, 5, open),
            Some.Row(EditKind.Set, ended, 5, shut)
        );

        Assert.That(
            Outcomes(answer),
            Is.EqualTo(
                new[]
                {
                    EditOutcome.StockUnknown,
                    EditOutcome.Edited,
                    EditOutcome.Edited,
                    EditOutcome.WarehouseInactive,
                    EditOutcome.ItemDiscontinued,
                    EditOutcome.Edited,
                }
            )
        );
        Assert.That(answer.Results[2].Stock, Is.EqualTo(await Stock(sku, open)));
        Assert.That(answer.Results[5].Stock, Is.EqualTo(await Stock(ended, shut)));
        Assert.That(
            (await Stock(sku, shut), await Stock(ended, open)),
            Is.EqualTo(((StockRecord?)null, (StockRecord?)null))
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_dry_run_tells_the_same_waits_for_nobody_and_writes_nothing()
    {
        var (sku, fresh) = (await Given.Stock(onHand: 5), await Given.Item());
        BulkRow[] rows =
        [
            Some.Row(EditKind.Add, sku, 1),
            Some.Row(EditKind.Set, fresh, 2),
            Some.Row(EditKind.Remove, sku, 7),
        ];
        var call = Some.Bulk(BulkOnError.Continue);

        BulkAnswer dry;
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await Dapper.SqlMapper.ExecuteAsync(
                connection,
                "SELECT count(*) FROM (SELECT FROM stock FOR UPDATE) AS locked"
            );
            dry = await Apply(call with { DryRun = true }, rows).WaitAsync(TimeSpan.FromSeconds(5));
        }

        var (changes, begun) = (await Then.Changes(sku), await Stock(fresh));
        var wet = await Apply(call, rows);
        Assert.That((changes, begun), Is.EqualTo((1L, (StockRecord?)null)));
        Assert.That((dry.Outcome, dry.AppliedCount, dry.RefusedCount), Is.EqualTo((wet.Outcome, 2, 1)));
        Assert.That(Outcomes(dry), Is.EqualTo(Outcomes(wet)));
        Assert.That(wet.Replayed, Is.False);
    }

    [Test]
    public async Task A_row_that_nobody_could_read_aborts_all_and_the_others_are_still_judged()
    {
        var sku = await Given.Stock(onHand: 5);

        var answer = await Apply(
            Some.Bulk(),
            Some.Row(EditKind.Add, sku, 1),
            BulkRow.Wrong("?"),
            Some.Row(EditKind.Remove, sku, 9)
        );

        Assert.That((answer.Outcome, answer.RefusedCount), Is.EqualTo((BulkOutcome.Aborted, 1)));
        Assert.That(Outcomes(answer), Is.EqualTo(new[] { EditOutcome.Edited, EditOutcome.StockShort }));
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task More_rows_than_a_call_may_have_are_not_taken()
    {
        var sku = await Given.Stock(onHand: 5);
        using var bulk = new BulkEditStock(Database.Cell, Node.Directory, Node.Committed, rowsMax: 3);
        var row = Some.Row(EditKind.Add, sku, 1);

        var fits = await Apply(bulk, Some.Bulk(), [row, row, row]);
        var exceeds = await Apply(bulk, Some.Bulk(), [row, row, row, row]);

        Assert.That((fits.Outcome, exceeds.Outcome), Is.EqualTo((BulkOutcome.Applied, BulkOutcome.TooManyRows)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(8));
    }

    [Test]
    public async Task More_rows_than_the_server_has_room_for_are_turned_away_until_others_are_done()
    {
        var sku = await Given.Stock(onHand: 5);
        using var bulk = new BulkEditStock(Database.Cell, Node.Directory, Node.Committed, rowsMax: 25_000);
        var row = Some.Row(EditKind.Add, sku, 1);
        var waiting = new List<BulkLines>();
        foreach (var _ in Enumerable.Range(0, 100))
        {
            // Room is taken a thousand rows at a time.
            waiting.Add(bulk.Gather(Some.Bulk()));
            await waiting[^1].AddAsync(row, default);
        }

        var full = await Apply(bulk, Some.Bulk(), [row]);
        waiting.ForEach(w => w.Dispose());
        var empty = await Apply(bulk, Some.Bulk(), [row]);

        Assert.That((full.Outcome, empty.Outcome), Is.EqualTo((BulkOutcome.Overloaded, BulkOutcome.Applied)));
    }

    [Test]
    public async Task What_a_call_has_changed_is_published_once_as_it_was_left()
    {
        var (sku, fresh) = (await Given.Stock(onHand: 5, safetyStock: 1), await Given.Item());
        var published = new List<StockLevel>();
        await using var node = new EngineNode(Database.Cell);
        node.Committed.Committed += published.AddRange;
        var call = Some.Bulk(BulkOnError.Continue);
        BulkRow[] rows =
        [
            Some.Row(EditKind.Add, sku, 1),
            Some.Row(EditKind.Add, sku, 2),
            Some.Row(EditKind.Set, fresh, 4),
            Some.Row(EditKind.Remove, sku, 100),
        ];

        await Apply(node.Bulk, call, rows);
        await Apply(node.Bulk, call, rows);

        var stock = (await Stock(sku))!;
        Assert.That(
            published.Select(l => (l.StockId, l.OnHand, l.Available, l.Version)),
            Is.EquivalentTo(new[] { (stock.StockId, 8L, 7L, 3L), ((await Stock(fresh))!.StockId, 4L, 4L, 1L) })
        );
    }
}
