using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Followers;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal.Followers;

[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RunFollowerTests : FollowerFixture
{
    [Test]
    public async Task It_begins_at_the_end_unless_it_chooses_the_beginning()
    {
        await Change(Stock[0]);
        var late = Run(new SeenFollower("late"));
        var whole = Run(new SeenFollower("whole") { FromBeginning = true });

        await CatchUp(late);
        await CatchUp(whole);

        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 1L)]));
        Assert.That(Notes.Select(n => n.Kind), Is.All.EqualTo(FollowerNoteKind.LeaseTaken));
    }

    [Test]
    public async Task Who_was_given_a_place_before_its_first_step_handles_what_was_written_meanwhile()
    {
        var begin = new BeginFollowers(Database.Cell);
        var late = new SeenFollower("late");
        var whole = new SeenFollower("whole") { FromBeginning = true };
        await Change(Stock[0]);
        await begin.ExecuteAsync([late, whole], CancellationToken.None);
        await Change(Stock[1]);
        // Another server starts.
        await begin.ExecuteAsync([late, whole], CancellationToken.None);

        await CatchUp(Run(late));
        var seen = await Seen();
        await CatchUp(Run(whole));

        Assert.That(seen, Is.EqualTo([(Stock[1], 1L)]));
        Assert.That(
            (await Seen()).Skip(1),
            Is.EqualTo([(Stock[0], 1L), (Stock[1], 1L)]),
            "who chooses the beginning has it all the same"
        );
    }

    [Test]
    public async Task It_is_not_idle_at_the_end_of_a_pass_that_began_before_it_was_started_again()
    {
        var follower = new SeenFollower { PageSize = 2, FromBeginning = true };
        await Change(Stock[0]);
        await Change(Stock[0]);
        await using (var before = Run(follower))
        {
            Assert.That(await before.StepAsync(CancellationToken.None), Is.EqualTo(FollowerStep.More));
        }

        await Change(Stock[1]);
        await CatchUp(Run(follower));

        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 1L), (Stock[0], 2L), (Stock[1], 1L)]));
    }

    [Test]
    public async Task A_row_whose_transaction_commits_late_is_not_skipped()
    {
        var run = Run(new SeenFollower());
        await CatchUp(run);
        await using var late = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        var low = await Change(late, Stock[0]);
        var high = await Change(Stock[1]);

        await CatchUp(run);
        await transaction.CommitAsync();
        await CatchUp(run);

        Assert.That(high, Is.GreaterThan(low));
        Assert.That(await Seen(), Is.EqualTo([(Stock[1], 1L), (Stock[0], 1L)]));
    }

    [Test]
    public async Task Every_change_of_eight_writers_is_handled_once_and_each_rows_in_order_while_connections_end()
    {
        const int ChangesEach = 150;
        var first = Run(new SeenFollower { FromBeginning = true, PageSize = 37 });
        var second = Run(new SeenFollower { FromBeginning = true, PageSize = 23 });
        var writers = Task.WhenAll(Enumerable.Range(0, 8).Select(s => Task.Run(() => WriteAsync(s, ChangesEach))));

        bool ended;
        var steps = 0;
        do
        {
            ended = writers.IsCompleted;
            await StepAsync(first);
            await StepAsync(second);
            if (++steps % 7 == 0)
            {
                await EndLeases();
            }
        } while (!ended);

        await writers;
        await first.DisposeAsync();
        // A pass may be under way that began before the last of them was written.
        await CatchUp(second);
        await CatchUp(second);
        var seen = await Seen();
        Assert.That(seen, Has.Count.EqualTo(8 * ChangesEach));
        foreach (var row in seen.GroupBy(e => e.StockId))
        {
            Assert.That(row.Select(e => e.Version), Is.EqualTo(Enumerable.Range(1, row.Count()).Select(v => (long)v)));
        }
    }

    [Test]
    public async Task What_it_writes_is_done_once_though_it_dies_between_handling_and_commit()
    {
        var follower = new SeenFollower();
        var run = Run(follower);
        await CatchUp(run);
        await Change(Stock[0]);
        follower.Afterwards = async _ =>
        {
            follower.Afterwards = null;
            await EndLeases();
        };

        Assert.That(async () => await run.StepAsync(CancellationToken.None), Throws.InstanceOf<NpgsqlException>());
        var seen = await Seen();
        await CatchUp(run);

        Assert.That(seen, Is.Empty);
        Assert.That(follower.Calls, Is.EqualTo([1, 1]));
        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 1L)]));
    }

    [Test]
    public async Task Of_two_nodes_one_follows_and_the_other_takes_over_when_it_is_gone()
    {
        var first = Run(new SeenFollower());
        var second = Run(new SeenFollower());
        await CatchUp(first);
        await Change(Stock[0]);

        var standby = await second.StepAsync(CancellationToken.None);
        await EndLeases();
        await CatchUp(second);

        Assert.That(standby, Is.EqualTo(FollowerStep.Standby));
        Assert.That(second.IsActive);
        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 1L)]));
        Assert.That(async () => await first.StepAsync(CancellationToken.None), Throws.InstanceOf<NpgsqlException>());
        Assert.That(await first.StepAsync(CancellationToken.None), Is.EqualTo(FollowerStep.Standby));
        Assert.That(first.IsActive, Is.False);
    }

    [Test]
    public async Task A_cursor_of_another_era_begins_anew_at_the_end_and_says_so()
    {
        var run = Run(new SeenFollower());
        await CatchUp(run);
        await Change(Stock[0]);
        await Execute("UPDATE cell SET era = era + 1");

        await CatchUp(run);
        await Change(Stock[1]);
        await CatchUp(run);

        Assert.That(await Seen(), Is.EqualTo([(Stock[1], 1L)]));
        Assert.That(Notes.Select(n => n.Kind), Does.Contain(FollowerNoteKind.BegunAnew));
    }

    [Test]
    public async Task A_lost_connection_while_idle_is_replaced()
    {
        var run = Run(new SeenFollower());
        await CatchUp(run);

        await EndLeases();
        await Change(Stock[0]);
        await CatchUp(run);

        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 1L)]));
    }

    [Test]
    public async Task It_learns_what_those_who_wait_are_to_get()
    {
        await Execute(
            """
            INSERT INTO journal (at, stock_id, version, waiting, kind, actor) VALUES (clock_timestamp(), 1, 1, 3, 50, 'test')
            """
        );

        var page = await new FollowJournal(Database.Cell).ExecuteAsync(
            JournalCursor.Beginning(1),
            10,
            CancellationToken.None
        );

        Assert.That(
            page!.Entries.Select(e => (e.Kind, e.Waiting)),
            Is.EqualTo([(Engine.Database.JournalKind.Waiting, 3L)])
        );
    }

    [Test]
    public async Task The_list_of_followers_tells_how_far_each_is()
    {
        await CatchUp(Run(new SeenFollower("here")));
        await Execute("UPDATE journal_follower SET through = through - interval '1 hour'");

        var states = await new ListFollowers(Database.Cell).ExecuteAsync(CancellationToken.None);

        Assert.That(states.Select(s => (s.Name, s.Parked)), Is.EqualTo([("here", 0L)]));
        Assert.That(states[0].LagSeconds, Is.GreaterThan(3_500));
    }

    private static async Task StepAsync(RunFollower run)
    {
        try
        {
            await run.StepAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // Its connection was ended: the next step opens another.
        }
    }

    private async Task WriteAsync(int seed, int count)
    {
        var random = new Random(seed);
        await using var connection = await Database.Tables.OpenConnectionAsync();
        for (var i = 0; i < count; i += 2)
        {
            // Two rows in id order, so that transactions overlap and commit in another order than they began.
            await using var transaction = await connection.BeginTransactionAsync();
            var first = random.Next(Stock.Length - 1);
            await Change(connection, Stock[first]);
            await Change(connection, Stock[random.Next(first + 1, Stock.Length)]);
            await transaction.CommitAsync();
        }
    }
}
