using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Events;

/// <summary>Subscriptions come and go; on a server that takes public https only.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SubscriptionTests : ServerFixture
{
    private const string Url = "https://subscriber.example/hook";

    private EventService.EventServiceClient Events => new(Server.Channel);

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (EventSettings.WebhookPrivate, "off"));

    [Test]
    public async Task The_same_request_is_told_the_same_secret_and_nobody_else_any()
    {
        var request = new CreateSubscriptionRequest { RequestId = Some.RequestId(), Url = Url };

        var first = await Events.CreateSubscriptionAsync(request);
        var again = await Events.CreateSubscriptionAsync(request);
        var listed = (await Events.ListSubscriptionsAsync(new())).Subscriptions;
        request.Skus.Add("A");
        var refused = await Refused(Events.CreateSubscriptionAsync(request));

        Assert.That(first.Secret, Does.Match("^whsec_[A-Za-z0-9+/]{43}=$"));
        Assert.That(again.Secret, Is.EqualTo(first.Secret));
        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(again.Subscription, Is.EqualTo(first.Subscription));
        Assert.That(listed, Has.One.EqualTo(first.Subscription));
        Assert.That(refused.Reason, Is.EqualTo("REQUEST_ID_REUSED"));
    }

    [Test]
    public async Task One_that_is_deleted_is_gone_with_its_secret_and_may_be_deleted_again()
    {
        var request = new CreateSubscriptionRequest { RequestId = Some.RequestId(), Url = Url };
        var made = await Events.CreateSubscriptionAsync(request);
        var id = made.Subscription.SubscriptionId;

        await Events.DeleteSubscriptionAsync(new() { SubscriptionId = id });
        await Events.DeleteSubscriptionAsync(new() { SubscriptionId = id });
        var listed = (await Events.ListSubscriptionsAsync(new())).Subscriptions;
        var replayed = await Events.CreateSubscriptionAsync(request);
        var unknown = await Refused(Events.DeleteSubscriptionAsync(new() { SubscriptionId = "sub_999999" }));

        Assert.That(listed.Select(s => s.SubscriptionId), Has.None.EqualTo(id));
        Assert.That(replayed.Secret, Is.Empty);
        Assert.That(unknown.Reason, Is.EqualTo("SUBSCRIPTION_UNKNOWN"));
        Assert.That(
            (await Refused(Events.RedeliverAsync(new() { DeliveryId = "dlv_999999" }))).Reason,
            Is.EqualTo("DELIVERY_UNKNOWN")
        );
    }

    [TestCase("http://subscriber.example/")]
    [TestCase("https://user:secret@subscriber.example/")]
    [TestCase("https://subscriber.example/#there")]
    [TestCase("ftp://subscriber.example/")]
    [TestCase("subscriber.example")]
    [TestCase("https://127.0.0.1/")]
    [TestCase("https://localhost/")]
    [TestCase("https://[::1]/")]
    [TestCase("https://[::ffff:10.0.0.1]/")]
    [TestCase("https://169.254.169.254/latest/meta-data")]
    [TestCase("https://2130706433/")]
    [TestCase("https://0x7f.1/")]
    public async Task A_URL_that_is_not_public_https_is_refused(string url)
    {
        var refused = await Refused(Events.CreateSubscriptionAsync(new() { Url = url }));

        Assert.That(refused.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(refused.Fields.Select(f => f.Field), Is.EqualTo(["url"]));
    }

    [Test]
    public async Task All_that_is_wrong_is_named_at_once()
    {
        var refused = await Refused(
            Events.CreateSubscriptionAsync(
                new()
                {
                    Url = "",
                    Types_ = { "inventory.stock.*", "inventory.nothing.*" },
                    Skus = { "" },
                    Warehouses = { "\n" },
                    Format = (EventFormat)9,
                }
            )
        );

        Assert.That(
            refused.Fields.Select(f => f.Field),
            Is.EqualTo(["url", "types[1]", "skus[0]", "warehouses[0]", "format"])
        );
    }
}
