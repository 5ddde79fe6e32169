using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class BulkUpdateTests : ServerFixture
{
    private const string Main = Given.MainWarehouse;

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (Setting.BulkRows, "12000"));

    [Test]
    public async Task Each_row_has_its_result_and_the_stock_that_it_left()
    {
        var (sku, fresh) = (await Given.Stock(onHand: 10), await Given.Item());
        var byId = (await Stock.GetInventoryAsync(new() { Sku = sku, Warehouse = Main })).Stock;

        var answer = await Stock.BulkUpdateInventoryAsync(
            Call(
                Row(sku, BulkMode.Set, 4),
                new()
                {
                    InventoryId = byId.InventoryId,
                    Mode = BulkMode.Add,
                    Quantity = 3,
                },
                Row(sku, BulkMode.Remove, 2),
                Row(sku, BulkMode.Adjust, -1),
                Row(fresh, BulkMode.Set, 0)
            )
        );

        Assert.That(
            (answer.Outcome, answer.AppliedCount, answer.RefusedCount),
            Is.EqualTo((BulkOutcome.Applied, 5, 0))
        );
        Assert.That(answer.Results.Select(r => r.Index), Is.EqualTo(Enumerable.Range(0, 5)));
        Assert.That(answer.Results.Select(r => r.Stock.Levels.OnHand), Is.EqualTo(new[] { 4, 7, 5, 4, 0 }));
        Assert.That(answer.Results.Select(r => r.Stock.Sku), Is.EqualTo(new[] { sku, sku, sku, sku, fresh }));
        Assert.That(answer.Results.Select(r => r.Stock.Version), Is.EqualTo(new[] { 2, 3, 4, 5, 2 }));
        Assert.That(answer.RequestId, Has.Length.EqualTo(32));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task The_same_call_again_learns_the_same_answer_and_another_content_is_refused()
    {
        var sku = await Given.Stock(onHand: 10);
        var call = Call(Row(sku, BulkMode.Add, 1), Row(sku, BulkMode.Add, 2));
        call.RequestId = Some.RequestId();

        var first = await Stock.BulkUpdateInventoryAsync(call);
        var again = await Stock.BulkUpdateInventoryAsync(call);
        call.Rows[0].Quantity = 5;
        var other = await Refused(Stock.BulkUpdateInventoryAsync(call));

        first.Replayed = true;
        Assert.That(again, Is.EqualTo(first));
        Assert.That((other.Code, other.Reason), Is.EqualTo((StatusCode.AlreadyExists, "REQUEST_ID_REUSED")));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(13));
    }

    [Test]
    public async Task Refused_rows_abort_the_call_and_each_says_why_as_a_single_edit_does()
    {
        var (sku, ended, shut) = (
            await Given.Stock(10),
            await Given.Stock(1, discontinued: true),
            await Given.Warehouse(active: false)
        );
        await Hold(sku, quantity: 4);
        var stale = Row(sku, BulkMode.Add, 1);
        stale.ExpectedVersion = 9;
        var unknownRow = new BulkUpdateRow
        {
            InventoryId = "stock_999999999",
            Mode = BulkMode.Set,
            Quantity = 1,
        };

        var answer = await Stock.BulkUpdateInventoryAsync(
            Call(
                Row(sku, BulkMode.Add, 1),
                Row("nothing", BulkMode.Add, 1),
                Row(sku, BulkMode.Add, 1, "nowhere"),
                unknownRow,
                stale,
                Row(ended, BulkMode.Add, 1),
                Row(sku, BulkMode.Add, 1, shut),
                Row(sku, BulkMode.Remove, 8),
                Row(sku, BulkMode.Add, (1L << 53) - 1)
            )
        );

        Assert.That(
            (answer.Outcome, answer.AppliedCount, answer.RefusedCount),
            Is.EqualTo((BulkOutcome.Aborted, 0, 8))
        );
        Assert.That(answer.Results[0], Is.EqualTo(new BulkUpdateResult { Outcome = BulkRowOutcome.NotApplied }));
        Assert.That(
            answer.Results.Skip(1).Select(r => ((Code)r.Error.Code, Of(r).Reason)),
            Is.EqualTo(
                new[]
                {
                    (Code.NotFound, "SKU_UNKNOWN"),
                    (Code.NotFound, "WAREHOUSE_UNKNOWN"),
                    (Code.NotFound, "STOCK_UNKNOWN"),
                    (Code.Aborted, "VERSION_CONFLICT"),
                    (Code.FailedPrecondition, "ITEM_DISCONTINUED"),
                    (Code.FailedPrecondition, "WAREHOUSE_INACTIVE"),
                    (Code.FailedPrecondition, "INSUFFICIENT_STOCK"),
                    (Code.FailedPrecondition, "ON_HAND_LIMIT"),
                }
            )
        );
        // One was added to before it, as far as this call goes.
        Assert.That(Of(answer.Results[7]).Metadata["removable"], Is.EqualTo("7"));
        Assert.That(Of(answer.Results[4]).Metadata["current_version"], Is.EqualTo("2"));
        Assert.That(answer.Results[7].Error.Details[1].Unpack<PreconditionFailure>().Violations, Has.Count.EqualTo(1));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(10));
    }

    [Test]
    public async Task A_call_that_continues_applies_the_rest_also_beside_malformed_rows()
    {
        var sku = await Given.Stock(onHand: 10);
        var call = Call(Row(sku, BulkMode.Add, 1), Row(sku, BulkMode.Add, -1), Row(sku, BulkMode.Remove, 100));
        call.OnError = BulkOnError.Continue;
        call.RequestId = Some.RequestId();

        var answer = await Stock.BulkUpdateInventoryAsync(call);
        var again = await Stock.BulkUpdateInventoryAsync(call);

        Assert.That(
            (answer.Outcome, answer.AppliedCount, answer.RefusedCount),
            Is.EqualTo((BulkOutcome.WithRefusals, 1, 2))
        );
        Assert.That(
            answer.Results.Select(r => r.Outcome),
            Is.EqualTo(new[] { BulkRowOutcome.Applied, BulkRowOutcome.Refused, BulkRowOutcome.Refused })
        );
        Assert.That(
            answer.Results[1].Error.Details[1].Unpack<BadRequest>().FieldViolations.Select(v => (v.Field, v.Reason)),
            Is.EqualTo(new[] { ("rows[1].quantity", "OUT_OF_RANGE") })
        );
        answer.Replayed = true;
        Assert.That(again, Is.EqualTo(answer));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(11));
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once_and_nothing_is_written()
    {
        var sku = await Given.Stock(onHand: 10);
        var twice = Row(sku, BulkMode.Set, 1);
        twice.InventoryId = "stock_1";
        var bare = new BulkUpdateRow
        {
            InventoryId = "42",
            Note = "why",
            ExpectedVersion = 0,
        };
        var call = Call(
            Row(sku, BulkMode.Add, 1),
            new(),
            Row("a\0", BulkMode.Add, 0, new string('w', 65)),
            Row(sku, BulkMode.Adjust, 0),
            Row(sku, (BulkMode)77, 1),
            twice,
            bare
        );
        call.RequestId = "\t";
        call.OnError = (BulkOnError)9;
        call.Rows[3].Reason = "";

        var refusal = await Refused(Stock.BulkUpdateInventoryAsync(call));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(
            refusal.Fields,
            Is.EqualTo(
                new[]
                {
                    ("request_id", "CHARACTERS"),
                    ("on_error", "UNKNOWN_VALUE"),
                    ("rows[1].sku", "REQUIRED"),
                    ("rows[1].warehouse", "REQUIRED"),
                    ("rows[1].mode", "REQUIRED"),
                    ("rows[1].quantity", "REQUIRED"),
                    ("rows[2].sku", "CHARACTERS"),
                    ("rows[2].warehouse", "TOO_LONG"),
                    ("rows[2].quantity", "OUT_OF_RANGE"),
                    ("rows[3].quantity", "OUT_OF_RANGE"),
                    ("rows[3].reason", "REQUIRED"),
                    ("rows[4].mode", "UNKNOWN_VALUE"),
                    ("rows[5].inventory_id", "CONFLICT"),
                    ("rows[6].inventory_id", "FORMAT"),
                    ("rows[6].mode", "REQUIRED"),
                    ("rows[6].quantity", "REQUIRED"),
                    ("rows[6].note", "CONFLICT"),
                    ("rows[6].expected_version", "OUT_OF_RANGE"),
                }
            )
        );
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_has_1_to_10_000_rows()
    {
        var sku = await Given.Stock(onHand: 0);
        var full = Call(Enumerable.Range(0, 10_000).Select(_ => Row(sku, BulkMode.Add, 1)));
        var over = full.Clone();
        over.Rows.Add(over.Rows[0]);

        var most = await Stock.BulkUpdateInventoryAsync(full);
        var more = await Refused(Stock.BulkUpdateInventoryAsync(over));
        var none = await Refused(Stock.BulkUpdateInventoryAsync(new()));

        Assert.That(most.Results[^1].Stock.Levels.OnHand, Is.EqualTo(10_000));
        Assert.That(more.Fields.Concat(none.Fields), Is.All.EqualTo(("rows", "OUT_OF_RANGE")));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(10_000));
    }

    [Test]
    public async Task A_message_of_nearly_4_MiB_is_taken_and_one_beyond_is_refused()
    {
        var sku = await Given.Stock(onHand: 0);
        var row = Row(sku, BulkMode.Add, 1);
        row.Note = new string('n', 500);
        var large = Call(Enumerable.Range(0, 6_500).Select(_ => row));
        var tooLarge = Call(Enumerable.Range(0, 8_000).Select(_ => row));
        Assert.That(large.CalculateSize(), Is.InRange(3_500_000, 4 << 20));

        var taken = await Stock.BulkUpdateInventoryAsync(large);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Stock.BulkUpdateInventoryAsync(tooLarge)
        );

        Assert.That(taken.AppliedCount, Is.EqualTo(6_500));
        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(6_500));
    }

    [TestCase(256)]
    [TestCase(1_500)]
    [TestCase(5_000)]
    public async Task Other_calls_of_the_service_take_no_larger_messages_than_they_did(int kibibytes)
    {
        var edit = new AddInventoryToLocationRequest { Sku = new string('s', kibibytes * 1024), Quantity = 1 };

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await Stock.AddInventoryToLocationAsync(edit));

        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    [Test]
    public async Task Ten_thousand_refusals_fit_into_a_message_that_clients_take()
    {
        var rows = Enumerable.Range(0, 10_000).Select(n => Row($"{new string('s', 55)}-{n}", BulkMode.Add, 1));
        var call = Call(rows);
        call.OnError = BulkOnError.Continue;

        var answer = await Stock.BulkUpdateInventoryAsync(call);

        Assert.That(answer.RefusedCount, Is.EqualTo(10_000));
        Assert.That(answer.Results.Select(r => r.Error.Code), Is.All.EqualTo((int)Code.NotFound));
        Assert.That(answer.Results[0].Error.Details, Is.Not.Empty);
        Assert.That(answer.Results[^1].Error.Details, Is.Empty);
    }

    private static ErrorInfo Of(BulkUpdateResult result) => result.Error.Details[0].Unpack<ErrorInfo>();

    private static BulkUpdateInventoryRequest Call(params IEnumerable<BulkUpdateRow> rows) => new() { Rows = { rows } };

    private static BulkUpdateRow Row(string sku, BulkMode mode, long quantity, string warehouse = Main) =>
        new()
        {
            Sku = sku,
            Warehouse = warehouse,
            Mode = mode,
            Quantity = quantity,
            Reason = "test",
        };
}
