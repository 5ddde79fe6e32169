using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Engine.Transfers;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Transfers;

public sealed class CreateTransferTests : TransferFixture
{
    [Test]
    public async Task An_immediate_transfer_is_at_its_target_at_once_where_a_row_begins()
    {
        var (sku, from, to) = await Places(onHand: 5);

        var transfer = await Created(Some.Transfer(sku, from, to, 3));

        Assert.That((await At(sku, from), await At(sku, to)), Is.EqualTo(((2, 0), (3, 0))));
        Assert.That(
            (transfer.State, transfer.Received, transfer.InTransit, transfer.Version),
            Is.EqualTo((TransferState.Completed, 3, 0, 1))
        );
        Assert.That(transfer, Is.EqualTo(await Node.Transfer.ExecuteAsync(transfer.TransferId, default)));
        Assert.That(
            await Journal(transfer.TransferId),
            Is.EqualTo(
                new Leg[]
                {
                    new(from, JournalKind.TransferShipped, -3, null, "test"),
                    new(to, JournalKind.TransferReceived, 3, null, "test"),
                }
            )
        );
        await AddUp();
    }

    [Test]
    public async Task What_is_reserved_damaged_or_kept_back_does_not_go_and_the_refusal_begins_no_row()
    {
        var (from, to) = (await Given.Warehouse(), await Given.Warehouse());
        var sku = await Given.Stock(10, warehouse: from, safetyStock: 1, damaged: 2, qualityControl: 1);
        await Hold(sku, quantity: 4);

        var refused = await Create(Some.Transfer(sku, from, to, 3));
        var there = await At(sku, to);
        var fits = await Create(Some.Transfer(sku, from, to, 2));

        Assert.That(refused, Is.EqualTo(new TransferAnswer(TransferOutcome.StockShort, null, 2)));
        Assert.That(there, Is.Null);
        Assert.That(fits.Outcome, Is.EqualTo(TransferOutcome.Done));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(4));
        await AddUp();
    }

    [Test]
    public async Task Safety_stock_makes_available_negative_and_the_refusal_says_0()
    {
        var (sku, from, to) = await Places(onHand: 1, safetyStock: 5);

        var refused = await Create(Some.Transfer(sku, from, to, 1));

        Assert.That((refused.Outcome, refused.Available), Is.EqualTo((TransferOutcome.StockShort, 0)));
    }

    [Test]
    public async Task A_hold_whose_time_has_come_is_in_nobodys_way()
    {
        var (sku, from, to) = await Places(onHand: 5);
        var held = await Hold(sku, quantity: 5);
        var before = await Create(Some.Transfer(sku, from, to, 5));
        await Given.Lapsed(held.ReservationId);
        var planned = await Created(Some.Transfer(sku, to, from, 1, TransferMode.Planned));

        var after = await Create(Some.Transfer(sku, from, to, 5));
        var (held2, back) = (await Hold(sku, quantity: 5), planned.TransferId);
        await Given.Lapsed(held2.ReservationId);
        var shipped = await Ship(back);

        Assert.That(before.Outcome, Is.EqualTo(TransferOutcome.StockShort));
        Assert.That((after.Outcome, shipped.Outcome), Is.EqualTo((TransferOutcome.Done, TransferOutcome.Done)));
        await AddUp();
    }

    [Test]
    public async Task A_replay_learns_the_first_answer_and_other_content_is_a_misuse()
    {
        var (sku, from, to) = await Places(onHand: 5);
        var request = Some.Transfer(sku, from, to, 5, TransferMode.Shipped);
        var first = await Create(request);
        await Receive(first.Transfer!.TransferId);

        var again = await Create(request);
        NewTransfer[] misuses =
        [
            request with
            {
                Quantity = 4,
            },
            request with
            {
                Mode = TransferMode.Immediate,
            },
            request with
            {
                To = from,
                From = to,
            },
            request with
            {
                Reason = null,
            },
            request with
            {
                Sku = "nothing",
            },
        ];
        var misused = await Task.WhenAll(misuses.Select(Create));
        var edit = await Edit(Some.Add(sku, 1, from) with { RequestId = request.RequestId });

        Assert.That(again, Is.EqualTo(first with { Outcome = TransferOutcome.Replayed }));
        Assert.That(misused, Is.All.EqualTo(new TransferAnswer(TransferOutcome.RequestIdReused, null)));
        Assert.That(edit.Outcome, Is.EqualTo(EditOutcome.RequestIdReused));
        Assert.That((await At(sku, from), await At(sku, to)), Is.EqualTo(((0, 0), (5, 0))));
    }

    [Test]
    public async Task An_inactive_target_takes_nothing_in_and_an_inactive_source_is_emptied()
    {
        var (sku, from, _) = await Places(onHand: 5);
        var shut = await Given.Warehouse(active: false);
        await Given.Stock(onHand: 2, sku: sku, warehouse: shut);

        var into = await Create(Some.Transfer(sku, from, shut));
        var outOf = await Create(Some.Transfer(sku, shut, from, 2));

        Assert.That(into.Outcome, Is.EqualTo(TransferOutcome.WarehouseInactive));
        Assert.That(outOf.Outcome, Is.EqualTo(TransferOutcome.Done));
        Assert.That(await At(sku, from), Is.EqualTo((7, 0)));
    }

    [Test]
    public async Task What_is_no_longer_sold_can_be_brought_together()
    {
        var (from, to) = (await Given.Warehouse(), await Given.Warehouse());
        var sku = await Given.Stock(3, warehouse: from, discontinued: true);

        var answer = await Create(Some.Transfer(sku, from, to, 3));

        Assert.That(answer.Outcome, Is.EqualTo(TransferOutcome.Done));
        Assert.That(await At(sku, to), Is.EqualTo((3, 0)));
    }

    [Test]
    public async Task What_is_not_known_is_named_and_a_warehouse_is_no_target_of_its_own()
    {
        var (sku, from, to) = await Places(onHand: 5);
        var itself = PublicId.Warehouse((await Node.Directory.FindWarehouseAsync(from, default))!.WarehouseId);
        var product = $"P-{sku}";
        string[] variants = [await Given.Item(), await Given.Item()];
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "UPDATE item SET product_id = @Product, variant_id = sku WHERE sku = ANY (@Variants)",
            new { Product = product, Variants = variants }
        );

        TransferAnswer[] answers =
        [
            await Create(Some.Transfer("nothing", from, to)),
            await Create(Some.Transfer(sku, "nowhere", to)),
            await Create(Some.Transfer(sku, from, "nowhere")),
            await Create(Some.Transfer(sku, from, itself)),
            await Create(Some.Transfer("", from, to) with { ProductId = product }),
            await Create(Some.Transfer(sku, from, to, StockEdit.QuantityMax)),
            await Create(Some.Transfer("", from, to) with { ProductId = sku }),
        ];

        Assert.That(
            answers.Select(a => (a.Outcome, a.Unknown)),
            Is.EqualTo(
                new (TransferOutcome, string?)[]
                {
                    (TransferOutcome.ItemUnknown, "nothing"),
                    (TransferOutcome.WarehouseUnknown, "nowhere"),
                    (TransferOutcome.WarehouseUnknown, "nowhere"),
                    (TransferOutcome.SameWarehouse, null),
                    (TransferOutcome.SeveralVariants, null),
                    (TransferOutcome.StockShort, null),
                    (TransferOutcome.Done, null),
                }
            )
        );
    }

    [Test]
    public async Task More_than_can_be_counted_does_not_come_together()
    {
        var (sku, from, to) = await Places(onHand: 5);
        await Given.Stock(StockEdit.QuantityMax - 2, sku: sku, warehouse: to);

        var answer = await Create(Some.Transfer(sku, from, to, 3));
        var fits = await Create(Some.Transfer(sku, from, to, 2, TransferMode.Shipped));
        var withTransit = await Create(Some.Transfer(sku, from, to, 1));

        Assert.That(
            new[] { answer.Outcome, fits.Outcome, withTransit.Outcome },
            Is.EqualTo(new[] { TransferOutcome.TooMuch, TransferOutcome.Done, TransferOutcome.TooMuch })
        );
    }

    [Test]
    public async Task What_a_commit_left_is_published_once()
    {
        var (sku, from, to) = await Places(onHand: 5);
        await using var node = new EngineNode(Database.Cell);
        await node.CreateTransfer.ExecuteAsync(Some.Transfer(sku, from, to), default);
        var published = new List<StockLevel>();
        node.Committed.Committed += published.AddRange;
        var request = Some.Transfer(sku, from, to, 2);

        await node.CreateTransfer.ExecuteAsync(request, default);
        await node.CreateTransfer.ExecuteAsync(request, default);
        await node.CreateTransfer.ExecuteAsync(Some.Transfer(sku, from, to, 9), default);

        Assert.That(published.Select(l => (l.OnHand, l.Available)), Is.EquivalentTo(new[] { (2L, 2L), (3L, 3L) }));
    }
}
