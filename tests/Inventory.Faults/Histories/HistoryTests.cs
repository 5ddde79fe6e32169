using NUnit.Framework;

namespace Inventory.Faults.Histories;

[TestFixture]
public sealed class HistoryTests
{
    [Test]
    public void A_call_without_an_answer_is_unknown_for_ever()
    {
        var history = new History();

        history.Invoke(new EndAsk(Guid.NewGuid(), ReservationEnd.Confirmed));

        var entry = history.Entries.Single();
        Assert.That(entry.Reply, Is.TypeOf<Unknown>());
        Assert.That(entry.CompletedAt, Is.EqualTo(DateTimeOffset.MaxValue));
    }

    [Test]
    public async Task Calls_from_many_tasks_are_all_recorded_once_with_their_times_in_order()
    {
        var history = new History();

        await Parallel.ForAsync(
            0,
            1_000,
            async (i, _) =>
            {
                var call = history.Invoke(new AdjustAsk($"{i}", "A", "W1", 1));
                await Task.Yield();
                call.Complete(new Done(Replayed: false));
            }
        );

        Assert.That(history.Entries.Select(e => e.Ask).Distinct().Count(), Is.EqualTo(1_000));
        Assert.That(history.Entries, Has.Count.EqualTo(1_000));
        Assert.That(history.Entries.All(e => e.Reply is Done && e.InvokedAt <= e.CompletedAt), Is.True);
    }
}
