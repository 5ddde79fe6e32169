using Inventory.Engine.Journal.Followers;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal.Followers;

[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ParkedRowsTests : FollowerFixture
{
    private const string DueNowSql = """
        -- test.due_now
        UPDATE journal_parked SET due_at = clock_timestamp() - interval '1 second'
        """;

    [Test]
    public async Task A_row_that_fails_alone_is_parked_and_the_rest_goes_on()
    {
        var follower = new SeenFollower();
        follower.Poison.Add((Stock[1], 1));
        var run = Run(follower);
        await CatchUp(run);
        foreach (var stockId in Stock)
        {
            await Change(stockId);
        }

        await CatchUp(run);

        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 1L), (Stock[2], 1L), (Stock[3], 1L)]));
        Assert.That(await Parked(), Is.EqualTo([(Stock[1], true)]));
        Assert.That(follower.Calls.Take(2), Is.EqualTo([4, 2]), "by halves");
        Assert.That(Notes.Count(n => n.Kind == FollowerNoteKind.Parked), Is.EqualTo(1));
    }

    [Test]
    public async Task What_comes_of_the_same_stock_row_waits_behind_a_parked_row()
    {
        var follower = new SeenFollower();
        follower.Poison.Add((Stock[0], 1));
        var run = Run(follower);
        await CatchUp(run);
        await Change(Stock[0]);
        await Change(Stock[0]);
        await Change(Stock[1]);
        await CatchUp(run);
        await Change(Stock[0]);
        await Change(Stock[1]);

        await CatchUp(run);

        Assert.That(await Seen(), Is.EqualTo([(Stock[1], 1L), (Stock[1], 2L)]));
        Assert.That(await Parked(), Is.EqualTo([(Stock[0], true), (Stock[0], false), (Stock[0], false)]));
    }

    [Test]
    public async Task Parked_rows_are_tried_again_and_handled_in_their_order()
    {
        var follower = new SeenFollower();
        follower.Poison.Add((Stock[0], 1));
        var run = Run(follower);
        await CatchUp(run);
        for (var i = 0; i < 5; i++)
        {
            await Change(Stock[0]);
        }

        await CatchUp(run);
        await Execute(DueNowSql);
        await CatchUp(run);
        var stillParked = await Parked();
        follower.Poison.Clear();
        await Execute(DueNowSql);
        await CatchUp(run);
        await Change(Stock[0]);
        await CatchUp(run);

        Assert.That(stillParked, Has.Count.EqualTo(5));
        Assert.That(await Parked(), Is.Empty);
        Assert.That(await Seen(), Is.EqualTo(Enumerable.Range(1, 6).Select(v => (Stock[0], (long)v))));
    }

    [Test]
    public async Task A_parked_row_that_is_deleted_is_given_up_and_those_behind_it_are_handled()
    {
        var follower = new SeenFollower();
        follower.Poison.Add((Stock[0], 1));
        var run = Run(follower);
        await CatchUp(run);
        await Change(Stock[0]);
        await Change(Stock[0]);
        await CatchUp(run);

        await Execute("DELETE FROM journal_parked WHERE error <> ''");
        await CatchUp(run);

        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 2L)]));
        Assert.That(await Parked(), Is.Empty);
    }

    [Test]
    public async Task What_is_away_parks_nothing_and_the_same_rows_come_again()
    {
        var follower = new SeenFollower { Afterwards = _ => throw new FollowerAwayException("no broker") };
        var run = Run(follower);
        await CatchUp(run);
        await Change(Stock[0]);

        for (var i = 0; i < 10; i++)
        {
            Assert.That(await run.StepAsync(CancellationToken.None), Is.EqualTo(FollowerStep.Away));
        }

        follower.Afterwards = null;
        await CatchUp(run);

        Assert.That(await Parked(), Is.Empty);
        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 1L)]));
    }

    [Test]
    public async Task What_is_away_costs_a_parked_row_no_attempt()
    {
        var follower = new SeenFollower();
        follower.Poison.Add((Stock[0], 1));
        var run = Run(follower);
        await CatchUp(run);
        await Change(Stock[0]);
        await CatchUp(run);
        var before = await Attempts();
        follower.Poison.Clear();
        follower.Afterwards = _ => throw new FollowerAwayException("no broker");
        await Execute(DueNowSql);

        await CatchUp(run);
        var away = await Attempts();
        follower.Afterwards = null;
        await CatchUp(run);

        Assert.That(away, Is.EqualTo(before));
        Assert.That(await Parked(), Is.Empty);
        Assert.That(await Seen(), Is.EqualTo([(Stock[0], 1L)]));
    }

    [Test]
    public async Task A_statement_that_the_rows_break_parks_them_too()
    {
        var follower = new SeenFollower
        {
            Afterwards = async connection =>
            {
                await using var command = new Npgsql.NpgsqlCommand("SELECT 1 / 0", connection);
                await command.ExecuteNonQueryAsync();
            },
        };
        var run = Run(follower);
        await CatchUp(run);
        await Change(Stock[0]);

        await CatchUp(run);

        Assert.That(await Parked(), Is.EqualTo([(Stock[0], true)]));
        Assert.That(await Seen(), Is.Empty);
    }

    private async Task<int> Attempts()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT attempts FROM journal_parked";
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
