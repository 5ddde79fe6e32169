using System.Net;
using System.Net.Sockets;
using Inventory.Engine.Events;
using Inventory.Server.Events.Webhooks;
using Inventory.Server.Tests.Security;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Events;

/// <summary>What a webhook may reach, and how long it may take.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AddressTests
{
    private static readonly WebhookOptions Guarded = new()
    {
        AllowPrivate = false,
        AttemptsMax = 1,
        FirstPause = TimeSpan.FromSeconds(1),
    };

    private readonly ManualTime time = new();

    [TestCase("8.8.8.8", true)]
    [TestCase("2606:4700:4700::1111", true)]
    [TestCase("64:ff9b::808:808", true)]
    [TestCase("0.0.0.0", false)]
    [TestCase("10.1.2.3", false)]
    [TestCase("100.64.0.1", false)]
    [TestCase("127.0.0.1", false)]
    [TestCase("127.255.255.254", false)]
    [TestCase("169.254.169.254", false)]
    [TestCase("172.16.0.1", false)]
    [TestCase("172.31.255.255", false)]
    [TestCase("172.32.0.1", true)]
    [TestCase("192.168.1.1", false)]
    [TestCase("198.18.0.1", false)]
    [TestCase("224.0.0.1", false)]
    [TestCase("255.255.255.255", false)]
    [TestCase("::", false)]
    [TestCase("::1", false)]
    [TestCase("::ffff:127.0.0.1", false)]
    [TestCase("::ffff:8.8.8.8", true)]
    [TestCase("::7f00:1", false)]
    [TestCase("64:ff9b::7f00:1", false)]
    [TestCase("fc00::1", false)]
    [TestCase("fe80::1", false)]
    [TestCase("ff02::1", false)]
    [TestCase("2001:db8::1", false)]
    [TestCase("2002:7f00:1::", false)]
    public void Public_is_what_is_given_to_somebody_on_the_internet(string address, bool isPublic) =>
        Assert.That(PublicAddresses.Contains(IPAddress.Parse(address)), Is.EqualTo(isPublic));

    [Test]
    public async Task A_name_that_resolves_to_this_machine_is_not_called()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = new WebhookClient(Guarded, time);

        var answer = await client.PostAsync(To($"http://localhost:{new Uri(receiver.Url).Port}/"), default);

        Assert.That(answer, Is.EqualTo(new WebhookAnswer(false, null, "localhost has no public address")));
        Assert.That(receiver.Requests, Is.Empty);
    }

    [Test]
    public async Task Neither_is_one_that_resolves_to_it_in_the_form_of_IPv6()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = new WebhookClient(
            Guarded,
            time,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("::ffff:127.0.0.1"), IPAddress.Loopback])
        );

        var answer = await client.PostAsync(To($"http://rebound.example:{new Uri(receiver.Url).Port}/"), default);

        Assert.That(answer.Error, Is.EqualTo("rebound.example has no public address"));
        Assert.That(receiver.Requests, Is.Empty);
    }

    [Test]
    public async Task A_redirect_is_not_followed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (_, context) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        using var client = new WebhookClient(Guarded with { AllowPrivate = true }, time);

        var answer = await client.PostAsync(To(receiver.Url), default);

        Assert.That(answer, Is.EqualTo(new WebhookAnswer(false, 302, "the answer was 302")));
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_subscriber_that_hangs_is_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new WebhookClient(
            Guarded with
            {
                AllowPrivate = true,
                AnswerMax = TimeSpan.FromMilliseconds(200),
            },
            time
        );

        var answer = await client.PostAsync(To($"http://{listener.LocalEndpoint}/"), default);

        Assert.That(answer, Is.EqualTo(new WebhookAnswer(false, null, "there was no answer in time")));
    }

    [Test]
    public async Task A_body_without_end_is_not_read()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async (_, context) =>
        {
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        };
        using var client = new WebhookClient(Guarded with { AllowPrivate = true }, time);

        var answer = await client.PostAsync(To(receiver.Url), default);

        Assert.That(answer, Is.EqualTo(new WebhookAnswer(true, 200, null)));
    }

    [Test]
    public async Task What_is_signed_is_the_time_of_the_attempt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = new WebhookClient(Guarded with { AllowPrivate = true }, time);

        await client.PostAsync(To(receiver.Url), default);
        time.Now = time.Now.AddMinutes(5);
        await client.PostAsync(To(receiver.Url), default);

        var (first, second) = (receiver.Requests.First(), receiver.Requests.Last());
        Assert.That(long.Parse(second.Timestamp) - long.Parse(first.Timestamp), Is.EqualTo(300));
        Assert.That(second.Signature, Is.Not.EqualTo(first.Signature));
        Assert.That(second.Id, Is.EqualTo(first.Id));
    }

    private static WebhookRequest To(string url) =>
        new("dlv_1", url, WebhookSecret.Make(), "application/json", "[]"u8.ToArray());
}
