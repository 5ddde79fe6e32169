using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class BulkStreamTests : ServerFixture
{
    private const int RowsMax = 12_000;

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (Setting.BulkRows, $"{RowsMax}"));

    [Test]
    public async Task More_rows_than_a_message_may_have_are_one_call_in_many_messages()
    {
        var sku = await Given.Stock(onHand: 0);
        var first = Part(sku, 5_000);
        first.RequestId = Some.RequestId();
        BulkUpdateInventoryStreamRequest[] parts = [first, Part(sku, 5_000), Part(sku, 2_000)];

        var answer = await SendAsync(parts);
        var again = await SendAsync(parts);

        Assert.That((answer.Outcome, answer.AppliedCount), Is.EqualTo((BulkOutcome.Applied, 12_000)));
        Assert.That((answer.RequestId, answer.Replayed), Is.EqualTo((first.RequestId, false)));
        answer.Replayed = true;
        Assert.That(again, Is.EqualTo(answer));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(12_000));
    }

    [Test]
    public async Task Refused_rows_are_named_by_their_place_in_the_whole_call()
    {
        var sku = await Given.Stock(onHand: 0);
        var (first, second) = (Part(sku, 3), Part(sku, 3));
        second.Rows[1].Quantity = 0;
        second.Rows[2].Mode = BulkMode.Remove;
        second.Rows[2].Quantity = 100;

        var aborted = await SendAsync(first, second);
        first.OnError = BulkOnError.Continue;
        var continued = await SendAsync(first, second);

        Assert.That((aborted.Outcome, aborted.AppliedCount), Is.EqualTo((BulkOutcome.Aborted, 0)));
        Assert.That((continued.Outcome, continued.AppliedCount), Is.EqualTo((BulkOutcome.WithRefusals, 4)));
        foreach (var answer in new[] { aborted, continued })
        {
            Assert.That(
                answer.Refused.Select(r => (r.Index, (Code)r.Error.Code)),
                Is.EqualTo(new[] { (4, Code.InvalidArgument), (5, Code.FailedPrecondition) })
            );
        }

        Assert.That(await Then.OnHand(sku), Is.EqualTo(4));
    }

    [Test]
    public async Task What_is_wrong_with_the_call_ends_it_and_nothing_is_written()
    {
        var sku = await Given.Stock(onHand: 0);
        var (other, otherId) = (Part(sku, 1), Part(sku, 1));
        other.OnError = BulkOnError.Continue;
        otherId.RequestId = "another";

        Refusal[] refusals =
        [
            await RefusedAsync(),
            await RefusedAsync(new BulkUpdateInventoryStreamRequest { RequestId = "nothing-1" }),
            await RefusedAsync(Part(sku, 1), other, otherId),
            await RefusedAsync(Part(sku, 1), otherId),
            await RefusedAsync(new BulkUpdateInventoryStreamRequest { RequestId = "é", OnError = (BulkOnError)5 }),
            await RefusedAsync(Part(sku, 10_000), Part(sku, RowsMax - 10_000), Part(sku, 1)),
        ];

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.InvalidArgument));
        Assert.That(
            refusals.SelectMany(r => r.Fields),
            Is.EqualTo(
                new[]
                {
                    ("rows", "REQUIRED"),
                    ("rows", "REQUIRED"),
                    ("on_error", "CONFLICT"),
                    ("request_id", "CONFLICT"),
                    ("request_id", "CHARACTERS"),
                    ("on_error", "UNKNOWN_VALUE"),
                    ("rows", "OUT_OF_RANGE"),
                }
            )
        );
        Assert.That(await Then.Changes(sku), Is.EqualTo(0));
    }

    [Test]
    public async Task A_caller_that_leaves_before_the_last_row_has_had_no_effect()
    {
        var sku = await Given.Stock(onHand: 0);
        using (var left = Stock.BulkUpdateInventoryStream())
        {
            await left.RequestStream.WriteAsync(Part(sku, 100));
        }

        var answer = await SendAsync(Part(sku, 1));

        Assert.That(answer.AppliedCount, Is.EqualTo(1));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(1));
        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    private async Task<BulkUpdateInventoryStreamResponse> SendAsync(params BulkUpdateInventoryStreamRequest[] parts)
    {
        using var call = Stock.BulkUpdateInventoryStream();
        foreach (var part in parts)
        {
            try
            {
                await call.RequestStream.WriteAsync(part);
            }
            catch (RpcException)
            {
                // It was answered before all was sent: the response says how.
                break;
            }
        }

        try
        {
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // Likewise.
        }

        return await call.ResponseAsync;
    }

    private async Task<Refusal> RefusedAsync(params BulkUpdateInventoryStreamRequest[] parts) =>
        new((await Assert.ThrowsAsync<RpcException>(() => SendAsync(parts)))!);

    private static BulkUpdateInventoryStreamRequest Part(string sku, int rows) =>
        new()
        {
            Rows =
            {
                Enumerable
                    .Repeat(
                        new BulkUpdateRow
                        {
                            Sku = sku,
                            Warehouse = Given.MainWarehouse,
                            Mode = BulkMode.Add,
                            Quantity = 1,
                        },
                        rows
                    )
                    .Select(r => r.Clone()),
            },
        };
}
