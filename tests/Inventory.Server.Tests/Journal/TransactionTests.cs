using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Engine.Database;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Journal;

/// <summary>Changes of stock over the wire.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class TransactionTests : RestFixture
{
    private JournalService.JournalServiceClient Journal => new(Server.Channel);

    [Test]
    public async Task A_change_says_who_when_why_and_what_there_was_before_and_after()
    {
        var sku = await Given.Stock(onHand: 5);
        var held = await Hold(sku, 2);

        var first = await Journal.ListTransactionsAsync(new() { Sku = sku, PageSize = 1 });
        var second = await Journal.ListTransactionsAsync(
            new()
            {
                Sku = sku,
                PageSize = 1,
                PageToken = first.NextPageToken,
            }
        );

        var (last, opened) = (first.Transactions.Single(), second.Transactions.Single());
        Assert.That((last.Kind, opened.Kind), Is.EqualTo((TransactionKind.Held, TransactionKind.Opened)));
        Assert.That(last.DocumentId, Is.EqualTo(held.ReservationId));
        Assert.That(last.Time, Is.EqualTo(held.CreateTime));
        Assert.That((last.Sku, last.Warehouse, last.StockVersion), Is.EqualTo((sku, Given.MainWarehouse, 2)));
        Assert.That(last.Actor, Is.Not.Empty);
        Assert.That(last.Change, Is.EqualTo(new TransactionAmounts { Reserved = 2 }));
        Assert.That(last.Before, Is.EqualTo(new TransactionAmounts { OnHand = 5 }));
        Assert.That(last.After, Is.EqualTo(new TransactionAmounts { OnHand = 5, Reserved = 2 }));
    }

    [Test]
    public async Task Changes_are_listed_over_REST()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku, 2);

        var answer = await Get($"/v1/transactions?sku={sku}&kinds=TRANSACTION_KIND_HELD");

        var found = JsonDocument.Parse(answer.Text).RootElement.GetProperty("transactions");
        Assert.That(found.GetArrayLength(), Is.EqualTo(1));
        Assert.That(found[0].GetProperty("after").GetProperty("reserved").GetString(), Is.EqualTo("2"));
    }

    [Test]
    public async Task Unknown_names_are_NOT_FOUND_by_their_names()
    {
        var id = $"{Guid.NewGuid()}";
        Refusal[] refusals =
        [
            await Refused(Journal.ListTransactionsAsync(new() { Sku = "nothing" })),
            await Refused(Journal.ListTransactionsAsync(new() { Warehouse = "nowhere" })),
            await Refused(Journal.ListTransactionsAsync(new() { ReservationId = id })),
        ];

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.NotFound));
        Assert.That(
            refusals.Select(r => r.Resources.Single().ResourceName),
            Is.EqualTo(new[] { "nothing", "nowhere", id })
        );
    }

    [Test]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var wrong = await Refused(
            Journal.ListTransactionsAsync(
                new()
                {
                    PageSize = 1_001,
                    PageToken = "\0",
                    Sku = new string('s', 65),
                    Warehouse = "\n",
                    ReservationId = "1",
                    Actor = new string('a', 513),
                    Kinds = { TransactionKind.Held, TransactionKind.Unspecified, (TransactionKind)999 },
                    StartTime = new Timestamp { Nanos = -1 },
                    EndTime = new Timestamp { Seconds = long.MaxValue },
                }
            )
        );
        var token = await Refused(Journal.ListTransactionsAsync(new() { PageToken = "AAAA" }));

        Assert.That((wrong.Code, token.Code), Is.EqualTo((StatusCode.InvalidArgument, StatusCode.InvalidArgument)));
        Assert.That(
            string.Join(' ', wrong.Fields.Select(f => f.Field)),
            Is.EqualTo("page_size page_token sku warehouse reservation_id actor kinds[1] kinds[2] start_time end_time")
        );
        Assert.That(token.Fields, Is.EqualTo(new[] { ("page_token", "FORMAT") }));
    }

    [Test]
    public void The_wire_numbers_each_kind_as_the_engine_does()
    {
        var wire = System.Enum.GetValues<TransactionKind>().Where(k => k != TransactionKind.Unspecified);

        Assert.That(
            wire.Select(k => ((int)k, k.ToString())),
            Is.EqualTo(System.Enum.GetValues<JournalKind>().Select(k => ((int)k, k.ToString())))
        );
    }
}
