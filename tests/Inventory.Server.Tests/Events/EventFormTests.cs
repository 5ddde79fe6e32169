using System.Text;
using Inventory.Engine.Database;
using Inventory.Engine.Events;
using Inventory.Server.Events.Rabbit;
using Inventory.Server.Events.Webhooks;
using NUnit.Framework;

namespace Inventory.Server.Tests.Events;

/// <summary>Types, signatures and pauses, by themselves.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class EventFormTests
{
    [Test]
    public void Each_kind_of_change_has_a_type_of_its_own()
    {
        Assert.That(EventTypes.All, Is.Unique);
        Assert.That(EventTypes.All, Has.All.Match(@"^inventory\.[a-z]+\.[a-z_]+\.v1$"));
        Assert.That(EventTypes.Of((JournalKind)9_999), Is.EqualTo("inventory.other.kind_9999.v1"));
    }

    [TestCase("inventory.reservation.held.v1", true)]
    [TestCase("inventory.reservation.*", true)]
    [TestCase("*", true)]
    [TestCase("inventory.reservation.held", false)]
    [TestCase("inventory.stock.*", false)]
    public void A_filter_is_a_type_or_its_beginning_and_a_star(string filter, bool matches) =>
        Assert.That(EventTypes.Matches(filter, EventTypes.Of(JournalKind.Held)), Is.EqualTo(matches));

    // The example of the Standard Webhooks libraries.
    [Test]
    public void The_published_example_has_the_published_signature() =>
        Assert.That(
            WebhookSignature.Of(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                Encoding.UTF8.GetBytes("""{"test": 2432232314}""")
            ),
            Is.EqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );

    [TestCase(1, 5)]
    [TestCase(2, 10)]
    [TestCase(5, 80)]
    [TestCase(11, 3_600)]
    [TestCase(1_000, 3_600)]
    public void Pauses_double_up_to_an_hour_and_any_part_of_them_is_waited(int attempts, double seconds)
    {
        var first = TimeSpan.FromSeconds(5);

        Assert.That(new Backoff(first, () => 1).After(attempts).TotalSeconds, Is.EqualTo(seconds));
        Assert.That(new Backoff(first, () => 0.5).After(attempts).TotalSeconds, Is.EqualTo(seconds / 2));
        Assert.That(new Backoff(first, () => 0).After(attempts), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Confirmations_count_in_any_order_and_for_several_at_once()
    {
        var confirms = new ConfirmCount();
        var all = confirms.ExpectAsync(firstTag: 5, count: 4);

        confirms.Confirm(7, multiple: false);
        confirms.Confirm(6, multiple: true);
        confirms.Confirm(3, multiple: false);
        var before = all.IsCompleted;
        confirms.Confirm(8, multiple: false);

        Assert.That(before, Is.False);
        Assert.That(all.IsCompletedSuccessfully, Is.True);
    }
}
