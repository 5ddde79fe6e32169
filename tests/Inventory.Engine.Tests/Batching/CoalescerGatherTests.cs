using System.Collections.Concurrent;
using Dapper;
using Inventory.Engine.Batching;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Batching;

/// <summary>When a second lane begins beside a first that is at work.</summary>
[TestFixture]
public sealed class CoalescerGatherTests : EngineFixture
{
    private TaskCompletionSource first = new();
    private ConcurrentQueue<int> sizes = new();

    [SetUp]
    public void Forget() => (first, sizes) = (new(), new());

    [TearDown]
    public void LetGo() => first.TrySetResult();

    [Test]
    public async Task Beside_a_lane_at_work_another_begins_with_enough_for_a_batch()
    {
        await using var coalescer = Make(gatherMsMax: 60_000);
        var held = coalescer.SubmitAsync("first", CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => sizes.Count == 1);

        var early = coalescer.SubmitAsync("a", CancellationToken.None).AsTask();
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            // Long enough for a lane that would take it at once.
            await connection.ExecuteAsync("SELECT pg_sleep(0.1)");
        }

        Assert.That(sizes, Is.EqualTo([1]));
        var others = new[] { "b", "c" }.Select(r => coalescer.SubmitAsync(r, CancellationToken.None).AsTask()).ToList();
        Assert.That(await Task.WhenAll([early, .. others]), Is.EqualTo(["a!", "b!", "c!"]));
        Assert.That(sizes, Is.EqualTo([1, 3]));
        Assert.That(held.IsCompleted, Is.False);
        first.SetResult();
        Assert.That(await held, Is.EqualTo("first!"));
    }

    [Test]
    public async Task Beside_a_lane_that_is_held_up_another_begins_with_few()
    {
        await using var coalescer = Make(gatherMsMax: 20);
        var held = coalescer.SubmitAsync("first", CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => sizes.Count == 1);

        var alone = coalescer.SubmitAsync("alone", CancellationToken.None).AsTask();

        Assert.That(await alone.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo("alone!"));
        Assert.That(held.IsCompleted, Is.False);
        first.SetResult();
        Assert.That(await held, Is.EqualTo("first!"));
    }

    [Test]
    public async Task What_gathers_goes_with_the_lane_that_ends_first()
    {
        await using var coalescer = Make(gatherMsMax: 60_000);
        var held = coalescer.SubmitAsync("first", CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => sizes.Count == 1);
        var gathered = new[] { "a", "b" }
            .Select(r => coalescer.SubmitAsync(r, CancellationToken.None).AsTask())
            .ToList();

        first.SetResult();

        Assert.That(await Task.WhenAll([held, .. gathered]), Is.EqualTo(["first!", "a!", "b!"]));
        Assert.That(sizes, Is.EqualTo([1, 2]));
    }

    private Coalescer<string, string> Make(int gatherMsMax) =>
        new(
            Database.Cell,
            new CoalescerOptions
            {
                Operation = "test.gather",
                GatherMin = 3,
                GatherMsMax = gatherMsMax,
            },
            "shed",
            async (_, batch) =>
            {
                sizes.Enqueue(batch.Count);
                if (batch[0].Request == "first")
                {
                    await first.Task.WaitAsync(TimeSpan.FromSeconds(10));
                }

                foreach (var pending in batch)
                {
                    pending.Settle(pending.Request + "!");
                }
            }
        );
}
