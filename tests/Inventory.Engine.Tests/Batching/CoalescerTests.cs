using Dapper;
using Inventory.Engine.Batching;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Batching;

/// <summary>The coalescer with statements of its own, so that each of its promises can be provoked.</summary>
[TestFixture]
public sealed class CoalescerTests : EngineFixture
{
    private const string Shed = "shed";

    [Test]
    public async Task Requests_gather_while_the_lane_is_busy()
    {
        var sizes = new List<int>();
        var gate = new TaskCompletionSource();
        await using var coalescer = Make(
            async (_, batch) =>
            {
                sizes.Add(batch.Count);
                await gate.Task;
                Settle(batch);
            }
        );

        var first = coalescer.SubmitAsync("0", CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => sizes.Count == 1);
        var others = Enumerable
            .Range(1, 50)
            .Select(i => coalescer.SubmitAsync($"{i}", CancellationToken.None).AsTask());
        var all = others.Prepend(first).ToList();
        gate.SetResult();

        Assert.That(await Task.WhenAll(all), Is.EqualTo(Enumerable.Range(0, 51).Select(i => $"{i}!")));
        Assert.That(sizes, Is.EqualTo([1, 50]));
    }

    [Test]
    public async Task What_a_batch_leaves_unsettled_goes_in_order_to_the_head_of_the_next()
    {
        var seen = new List<string[]>();
        var gate = new TaskCompletionSource();
        await using var coalescer = Make(
            async (_, batch) =>
            {
                await gate.Task;
                seen.Add([.. batch.Select(p => p.Request)]);
                Settle(seen.Count == 2 ? batch.Skip(2) : batch);
            },
            batchSizeMax: 3
        );

        var answers = Enumerable
            .Range(0, 6)
            .Select(i => coalescer.SubmitAsync($"{i}", CancellationToken.None).AsTask())
            .ToList();
        gate.SetResult();
        await Task.WhenAll(answers);

        var undecided = seen[1][..2];
        Assert.That(seen[2][..2], Is.EqualTo(undecided));
    }

    [Test]
    public async Task One_more_than_may_wait_is_shed_at_once()
    {
        var gate = new TaskCompletionSource();
        await using var coalescer = Make(
            async (_, batch) =>
            {
                await gate.Task;
                Settle(batch);
            },
            batchSizeMax: 1,
            queueLengthMax: 2
        );

        var running = coalescer.SubmitAsync("running", CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => coalescer.Waiting == 0);
        var waiting = new[] { "a", "b" }
            .Select(r => coalescer.SubmitAsync(r, CancellationToken.None).AsTask())
            .ToList();
        var extra = coalescer.SubmitAsync("c", CancellationToken.None);

        Assert.That(extra.IsCompletedSuccessfully);
        Assert.That(await extra, Is.EqualTo(Shed));
        gate.SetResult();
        Assert.That(await Task.WhenAll([running, .. waiting]), Is.EqualTo(["running!", "a!", "b!"]));
    }

    [Test]
    public async Task A_request_that_waited_past_its_limit_is_shed_when_its_turn_comes()
    {
        var started = new TaskCompletionSource();
        await using var coalescer = Make(
            async (connection, batch) =>
            {
                started.TrySetResult();
                await connection.ExecuteAsync("SELECT pg_sleep(0.3)");
                Settle(batch);
            },
            waitMsMax: 100
        );

        var running = coalescer.SubmitAsync("running", CancellationToken.None).AsTask();
        await started.Task;
        var late = coalescer.SubmitAsync("late", CancellationToken.None).AsTask();

        Assert.That(await Task.WhenAll(running, late), Is.EqualTo(["running!", Shed]));
    }

    [Test]
    public async Task A_caller_that_leaves_cancels_nobody()
    {
        var started = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var ended = new List<string>();
        using var leaving = new CancellationTokenSource();
        await using var coalescer = Make(
            async (_, batch) =>
            {
                started.TrySetResult();
                await gate.Task;
                ended.AddRange(batch.Select(p => p.Request));
                Settle(batch);
            }
        );

        var leaver = coalescer.SubmitAsync("leaver", leaving.Token).AsTask();
        await started.Task;
        var stayer = coalescer.SubmitAsync("stayer", CancellationToken.None).AsTask();
        await leaving.CancelAsync();

        Assert.That(async () => await leaver, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();
        Assert.That(await stayer, Is.EqualTo("stayer!"));
        Assert.That(ended, Is.EqualTo(["leaver", "stayer"]));
    }

    [Test]
    public async Task A_poisoned_request_fails_alone()
    {
        var gate = new TaskCompletionSource();
        await using var coalescer = Make(
            async (connection, batch) =>
            {
                await gate.Task;
                await connection.ExecuteAsync("SELECT x::int FROM unnest(@Texts) AS x", new { Texts = Texts(batch) });
                Settle(batch);
            }
        );

        var answers = new[] { "1", "2", "poison", "4" }.ToDictionary(
            r => r,
            r => coalescer.SubmitAsync(r, CancellationToken.None).AsTask()
        );
        gate.SetResult();

        Assert.That(async () => await answers["poison"], Throws.InstanceOf<PostgresException>());
        Assert.That(await answers["1"] + await answers["2"] + await answers["4"], Is.EqualTo("1!2!4!"));
    }

    [TestCase("40P01")]
    [TestCase("23505")]
    [TestCase("40001")]
    [TestCase("55P03")]
    public async Task A_batch_is_run_again_after(string sqlState)
    {
        var attempts = 0;
        await using var coalescer = Make(
            async (connection, batch) =>
            {
                if (++attempts < 3)
                {
                    await connection.ExecuteAsync($"DO $$ BEGIN RAISE 'again' USING ERRCODE = '{sqlState}'; END $$");
                }

                Settle(batch);
            }
        );

        Assert.That(await coalescer.SubmitAsync("a", CancellationToken.None), Is.EqualTo("a!"));
        Assert.That(attempts, Is.EqualTo(3));
    }

    [Test]
    public async Task A_batch_whose_connection_is_lost_is_run_again_after_the_old_attempt_is_surely_over()
    {
        var pids = new List<int>();
        var oldIsThere = new List<bool>();
        await using var coalescer = Make(
            async (connection, batch) =>
            {
                pids.Add(await connection.QuerySingleAsync<int>("SELECT pg_backend_pid()"));
                if (pids.Count == 1)
                {
                    // The client's side of the connection is gone; the backend knows nothing of it and is still at
                    // work.
                    var work = connection.ExecuteAsync("SELECT pg_sleep(30)");
                    connection.ClearSocket();
                    await work;
                }

                oldIsThere.Add(await IsThere(pids[0]));
                Settle(batch);
            }
        );

        Assert.That(await coalescer.SubmitAsync("a", CancellationToken.None), Is.EqualTo("a!"));
        Assert.That(pids.Distinct().Count(), Is.EqualTo(2));
        Assert.That(oldIsThere, Is.EqualTo([false]));
    }

    [Test]
    public async Task What_waits_is_finished_before_the_end()
    {
        var coalescer = Make(
            (_, batch) =>
            {
                Settle(batch);
                return Task.CompletedTask;
            }
        );
        var answers = Enumerable
            .Range(0, 100)
            .Select(i => coalescer.SubmitAsync($"{i}", CancellationToken.None).AsTask())
            .ToList();

        await coalescer.DisposeAsync();

        // All are decided; they are told a few at a time, on the pool's threads.
        Assert.That(await Task.WhenAll(answers), Is.EqualTo(Enumerable.Range(0, 100).Select(i => $"{i}!")));
        Assert.That(await coalescer.SubmitAsync("late", CancellationToken.None), Is.EqualTo(Shed));
    }

    private static void Settle(IEnumerable<Pending<string, string>> batch)
    {
        foreach (var pending in batch)
        {
            pending.Settle($"{pending.Request}!");
        }
    }

    private static string[] Texts(IReadOnlyList<Pending<string, string>> batch) => [.. batch.Select(p => p.Request)];

    private async Task<bool> IsThere(int pid)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = @Pid)",
            new { Pid = pid }
        );
    }

    private Coalescer<string, string> Make(
        Func<NpgsqlConnection, IReadOnlyList<Pending<string, string>>, Task> execute,
        int batchSizeMax = 100,
        int queueLengthMax = 1_000,
        int waitMsMax = 60_000
    ) =>
        new(
            Database.Cell,
            new CoalescerOptions
            {
                Operation = "tests.coalescer",
                Lanes = 1,
                BatchSizeMax = batchSizeMax,
                QueueLengthMax = queueLengthMax,
                WaitMsMax = waitMsMax,
            },
            Shed,
            execute
        );
}
