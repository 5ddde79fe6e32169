using System.Text.Json.Nodes;
using CloudNative.CloudEvents.V1;
using Google.Protobuf.WellKnownTypes;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Events;

/// <summary>What a subscriber is sent: all that it asked for, in order, signed, and the journal's own words.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WebhookTests : WebhookFixture
{
    [Test]
    public async Task A_change_arrives_signed_and_says_what_the_journal_says()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var sku = await Given.Stock(onHand: 5);
        var subscribed = await Subscribe(receiver, sku);

        var held = await Hold(sku, 2);
        await Eventually.TrueAsync(() => receiver.Taken.Any());

        var received = receiver.Taken.First();
        var sent = received.Events.Single();
        var booked = (
            await new JournalService.JournalServiceClient(Server.Channel).ListTransactionsAsync(new() { Sku = sku })
        ).Transactions[0];
        Assert.That(received.IsSignedBy(subscribed.Secret), Is.True);
        Assert.That(received.ContentType, Does.StartWith("application/cloudevents-batch+json"));
        Assert.That(Text(sent, "specversion"), Is.EqualTo("1.0"));
        Assert.That(Text(sent, "id"), Does.EndWith($"-{booked.Position}"));
        Assert.That(Text(sent, "source"), Is.EqualTo("/inventory"));
        Assert.That(Text(sent, "type"), Is.EqualTo("inventory.reservation.held.v1"));
        Assert.That(Text(sent, "subject"), Is.EqualTo($"{sku}/{Given.MainWarehouse}"));
        Assert.That(DateTimeOffset.Parse(Text(sent, "time")).UtcDateTime, Is.EqualTo(booked.Time.ToDateTime()));
        var data = InventoryChange.Parser.ParseJson(sent["data"]!.ToJsonString());
        Assert.That(data.Change, Is.EqualTo(booked.Change));
        Assert.That(data.StockVersion, Is.EqualTo(booked.StockVersion));
        Assert.That(data.DocumentId, Is.EqualTo(held.ReservationId));
        Assert.That(data.Kind, Is.EqualTo(TransactionKind.Held));
        await Eventually.TrueAsync(async () => (await Deliveries(subscribed, DeliveryState.Delivered)).Count == 1);
        Assert.That((await Deliveries(subscribed)).Single().DeliveryId, Is.EqualTo(received.Id));
    }

    [Test]
    public async Task Events_of_a_stock_row_come_in_the_order_of_its_versions_though_some_attempts_fail()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var random = new Random(7);
        receiver.Answer = (request, context) =>
        {
            request.Taken = random.Next(3) > 0;
            context.Response.StatusCode = request.Taken ? 200 : 503;
            return Task.CompletedTask;
        };
        var sku = await Given.Stock(onHand: 40);
        var subscribed = await Subscribe(receiver, sku);

        for (var i = 0; i < 40; i++)
        {
            await Hold(sku);
        }

        await WithoutPauses(subscribed, () => Task.FromResult(Versions(receiver).Contains(41)));

        // A dead letter would leave a gap, so all of them are asked for once more.
        Assert.That(Versions(receiver), Is.Ordered);
        Assert.That(
            Versions(receiver).Concat(await LostAsync(subscribed)).Order(),
            Is.EqualTo(Enumerable.Range(2, 40).Select(v => (long)v))
        );
    }

    [Test]
    public async Task Only_what_a_subscription_asks_for_is_sent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var sku = await Given.Stock(onHand: 5);
        await Given.Stock(onHand: 5, sku: sku, warehouse: "WEST");
        var other = await Given.Stock(onHand: 5);
        await Events.CreateSubscriptionAsync(
            new()
            {
                Url = receiver.Url,
                Skus = { sku },
                Warehouses = { "WEST" },
                Types_ = { "inventory.reservation.*", "inventory.stock.added.v1" },
            }
        );

        await Hold(other);
        await Reservations.ReserveInventoryAsync(Order(sku, 1, Given.MainWarehouse));
        await Stock.AdjustInventoryAsync(
            new()
            {
                Sku = sku,
                Warehouse = "WEST",
                Delta = 1,
                Reason = "test",
            }
        );
        await Reservations.ReserveInventoryAsync(Order(sku, 1, "WEST"));
        await Eventually.TrueAsync(() => receiver.Taken.Any());

        Assert.That(
            receiver.Taken.SelectMany(r => r.Events).Select(e => (Text(e, "subject"), Text(e, "type"))),
            Is.EqualTo([($"{sku}/WEST", "inventory.reservation.held.v1")])
        );
    }

    [Test]
    public async Task The_protobuf_form_says_the_same()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var sku = await Given.Stock(onHand: 5);
        await Events.CreateSubscriptionAsync(
            new()
            {
                Url = receiver.Url,
                Skus = { sku },
                Format = EventFormat.Protobuf,
            }
        );

        await Hold(sku, 3);
        await Eventually.TrueAsync(() => receiver.Taken.Any());

        var sent = CloudEventBatch.Parser.ParseFrom(receiver.Taken.First().Body).Events.Single();
        Assert.That(receiver.Taken.First().ContentType, Is.EqualTo("application/cloudevents-batch+protobuf"));
        Assert.That(sent.Type, Is.EqualTo("inventory.reservation.held.v1"));
        Assert.That(sent.Attributes["subject"].CeString, Is.EqualTo($"{sku}/{Given.MainWarehouse}"));
        Assert.That(sent.ProtoData.Unpack<InventoryChange>().Change.Reserved, Is.EqualTo(3));
        Assert.That(sent.Attributes["time"].CeTimestamp, Is.GreaterThan(new Timestamp()));
    }

    [Test]
    public async Task What_moves_no_stock_is_told_under_its_reservation()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var sku = await Given.Stock(onHand: 5);
        var held = await Hold(sku);
        await Events.CreateSubscriptionAsync(
            new() { Url = receiver.Url, Types_ = { "inventory.reservation.extended.v1" } }
        );

        await Reservations.ExtendReservationAsync(
            new()
            {
                ReservationId = held.ReservationId,
                ExpireTime = Timestamp.FromDateTime(held.ExpireTime.ToDateTime().AddHours(1)),
            }
        );
        await Eventually.TrueAsync(() => receiver.Taken.Any());

        var sent = receiver.Taken.SelectMany(r => r.Events).Single();
        Assert.That(Text(sent, "subject"), Is.EqualTo(held.ReservationId));
        Assert.That(Text(sent["data"]!, "inventoryId"), Is.Empty);
    }

    private async Task<IEnumerable<long>> LostAsync(CreateSubscriptionResponse subscribed)
    {
        var dead = await Deliveries(subscribed, DeliveryState.Dead);
        var booked = await new JournalService.JournalServiceClient(Server.Channel).ListTransactionsAsync(
            new() { Sku = subscribed.Subscription.Skus[0], PageSize = 1_000 }
        );
        var from = dead.Select(d => d.FirstPosition).ToHashSet();
        // A delivery of several says only its first; the test's are read again from the journal by their counts.
        return dead.Count == 0
            ? []
            : booked
                .Transactions.OrderBy(t => t.Position)
                .SelectMany(
                    (t, i) =>
                        from.Contains(t.Position)
                            ? booked
                                .Transactions.OrderBy(x => x.Position)
                                .Skip(i)
                                .Take(dead.Single(d => d.FirstPosition == t.Position).EventCount)
                                .Select(x => x.StockVersion)
                            : []
                );
    }

    private static List<long> Versions(WebhookReceiver receiver) =>
        [.. receiver.Taken.SelectMany(r => r.Events).Select(e => long.Parse(Text(e["data"]!, "stockVersion")))];

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
