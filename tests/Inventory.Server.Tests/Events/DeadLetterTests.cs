using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Events;

/// <summary>Subscribers that are not well, and what becomes of what they were to be told.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class DeadLetterTests : WebhookFixture
{
    [Test]
    public async Task What_fails_to_the_end_is_kept_what_is_behind_it_goes_on_and_it_is_sent_again_when_asked_for()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var sku = await Given.Stock(onHand: 5);
        var subscribed = await Subscribe(receiver, sku);
        var wellAgain = receiver.Answer;
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        await Hold(sku);
        await WithoutPauses(subscribed, async () => (await Deliveries(subscribed, DeliveryState.Dead)).Count == 1);
        var dead = (await Deliveries(subscribed, DeliveryState.Dead)).Single();
        receiver.Answer = wellAgain;
        await Hold(sku);
        await Eventually.TrueAsync(() => receiver.Taken.Any());
        var behind = receiver.Taken.Single();
        var asked = await Events.RedeliverAsync(new() { DeliveryId = dead.DeliveryId });
        await Eventually.TrueAsync(() => receiver.Taken.Count() == 2);

        Assert.That(dead.Attempts, Is.EqualTo(AttemptsMax));
        Assert.That(dead.LastStatus, Is.EqualTo(500));
        Assert.That(dead.LastError, Is.EqualTo("the answer was 500"));
        Assert.That(asked.Delivery.State, Is.EqualTo(DeliveryState.Pending));
        Assert.That(behind.Id, Is.Not.EqualTo(dead.DeliveryId));
        var again = receiver.Taken.Last();
        Assert.That(again.Id, Is.EqualTo(dead.DeliveryId));
        Assert.That(
            receiver
                .Requests.Where(r => r.Id == dead.DeliveryId)
                .Select(r => $"{r.Events[0]["id"]}")
                .Distinct()
                .Count(),
            Is.EqualTo(1)
        );
        await Eventually.TrueAsync(async () => (await Deliveries(subscribed, DeliveryState.Delivered)).Count == 2);
    }

    [Test]
    public async Task Until_its_pause_is_over_it_is_not_tried_again_and_what_is_behind_it_waits()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var sku = await Given.Stock(onHand: 5);
        var subscribed = await Subscribe(receiver, sku);
        receiver.Answer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        await Hold(sku);
        await Eventually.TrueAsync(async () => (await Deliveries(subscribed)).Any(d => d.Attempts == 1));
        await Hold(sku);
        await using var other = await WebhookReceiver.StartAsync();
        await Subscribe(other, sku);
        await Hold(sku);
        await Eventually.TrueAsync(() => other.Taken.Any());

        var waiting = (await Deliveries(subscribed)).Single();
        Assert.That(waiting.State, Is.EqualTo(DeliveryState.Pending));
        Assert.That(waiting.Attempts, Is.EqualTo(1));
        Assert.That(waiting.LastStatus, Is.Zero);
        Assert.That(waiting.LastError, Is.Not.Empty);
        Assert.That(waiting.NextAttemptTime, Is.GreaterThan(waiting.AttemptTime));
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_subscriber_that_is_away_for_long_has_one_row_and_gets_all_when_it_is_back()
    {
        var receiver = await WebhookReceiver.StartAsync();
        var sku = await Given.Stock(onHand: 300);
        var subscribed = await Subscribe(receiver, sku);
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await Hold(sku);
        await Eventually.TrueAsync(async () => (await Deliveries(subscribed)).Any(d => d.Attempts == 1));

        await Task.WhenAll(Enumerable.Range(0, 250).Select(_ => Hold(sku)));
        var meanwhile = await Deliveries(subscribed);
        receiver.Answer = (request, _) =>
        {
            request.Taken = true;
            return Task.CompletedTask;
        };
        await WithoutPauses(subscribed, () => Task.FromResult(receiver.Taken.Sum(r => r.Events.Length) == 251));

        Assert.That(meanwhile, Has.Count.EqualTo(1));
        Assert.That(receiver.Taken.Select(r => r.Events.Length), Has.All.LessThanOrEqualTo(100));
        Assert.That(
            receiver.Taken.SelectMany(r => r.Events).Select(e => long.Parse($"{e["data"]!["stockVersion"]}")),
            Is.EqualTo(Enumerable.Range(2, 251).Select(v => (long)v))
        );
        await receiver.DisposeAsync();
    }
}
