using Dapper;
using Inventory.Engine.Alerts;
using Inventory.Engine.Journal;
using Inventory.Engine.Tests.Database;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Alerts;

/// <summary>Watches and notices, each test on a database of its own.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AlertTellingTests : IAsyncDisposable
{
    private static readonly NoticeChannel[] Both = [NoticeChannel.Webhook, NoticeChannel.Mail];

    private TestDatabase database = null!;
    private RaiseAlerts raise = null!;
    private AlertNotices notices = null!;

    [SetUp]
    public async Task Open()
    {
        database = await TestDatabase.CreateAsync();
        raise = new(database.Cell);
        notices = new(database.Cell);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Test]
    public async Task A_watch_begins_with_what_is_open_and_goes_on_with_each_change()
    {
        await Raise("one");
        using var watch = Watch();

        var first = await Next(watch);
        await Raise("two");
        var second = await Next(watch);
        await Resolve("one");
        var third = await Next(watch);

        Assert.That(first.Told.Select(a => a.Subject), Is.EqualTo(["one"]));
        Assert.That(second.Told.Select(a => a.Subject), Is.EqualTo(["two"]));
        Assert.That(third.Told.Select(a => (a.Subject, a.ResolvedAt is not null)), Is.EqualTo([("one", true)]));
    }

    [Test]
    public async Task A_token_resumes_and_what_committed_late_is_told()
    {
        await using var late = await database.Tables.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await late.ExecuteAsync("INSERT INTO alert (kind, subject) VALUES (5, 'late')");
        string token;
        using (var watch = Watch())
        {
            await Raise("early");
            token = (await Next(watch)).ResumeToken!;
        }

        await transaction.CommitAsync();
        using var resumed = Watch(token);
        var told = await Next(resumed);

        Assert.That(told.Told.Select(a => a.Subject), Is.EqualTo(["late"]));
        Assert.That(
            new WatchAlerts(database.Cell).Open([AlertKind.LowStock], token).Refusal!.Outcome,
            Is.EqualTo(WatchOutcome.TokenInvalid)
        );
    }

    [Test]
    public async Task What_has_changed_is_found_by_its_key_and_not_among_all_alerts_though_a_transaction_is_older()
    {
        await using var older = await database.Tables.OpenConnectionAsync();
        await using var transaction = await older.BeginTransactionAsync();
        await older.ExecuteAsync("SELECT pg_current_xact_id()");
        await Execute(
            """
            INSERT INTO alert (kind, subject, resolved_at) SELECT 5, 'old ' || n, clock_timestamp() FROM generate_series(1, 20000) n;
            ANALYZE alert
            """
        );
        await using var connection = await database.Cell.General.OpenConnectionAsync();
        var statement = Statement.All.Single(s => s.Name == "alerts.watch_changed");
        await connection.ExecuteAsync(
            $"""
            SET plan_cache_mode = force_custom_plan;
            PREPARE changed (pg_snapshot, text[], smallint[]) AS {statement.Text}
            """
        );

        var explain = await connection.ExecuteScalarAsync<string>(
            """
            SELECT format('EXPLAIN EXECUTE changed (%L, %L, NULL)', s.now, ARRAY(SELECT pg_snapshot_xip(s.now)))
            FROM (SELECT pg_current_snapshot() AS now) s
            """
        );
        var plan = string.Join('\n', await connection.QueryAsync<string>(explain!));

        Assert.That(plan, Does.Contain("alert_xid").And.Not.Contain("Seq Scan on alert"));
    }

    [Test]
    public async Task A_watch_of_another_era_ends()
    {
        string token;
        using (var watch = Watch())
        {
            token = (await Next(watch)).ResumeToken!;
        }

        await Execute("UPDATE cell SET era = era + 1");
        using var resumed = Watch(token);

        Assert.That((await Next(resumed)).End!.Outcome, Is.EqualTo(WatchOutcome.EraOver));
    }

    [Test]
    public async Task Each_change_is_queued_once_for_each_channel_and_sent_in_its_order()
    {
        await Raise("one");
        await Resolve("one");
        var queued = await notices.QueueAsync(Both, CancellationToken.None);
        var again = await notices.QueueAsync(Both, CancellationToken.None);

        var first = await Claim();
        var nothing = await Claim();
        foreach (var notice in first)
        {
            await notices.SentAsync(notice.NoticeId, CancellationToken.None);
        }

        var second = await Claim();

        Assert.That((queued, again), Is.EqualTo((4, 0)));
        Assert.That(first.Select(n => n.Event), Is.EqualTo([AlertEvent.Raised, AlertEvent.Raised]));
        Assert.That(first.Select(n => n.Channel), Is.EquivalentTo(Both));
        Assert.That(nothing, Is.Empty, "claimed, and the later ones wait for them");
        Assert.That(second.Select(n => n.Event), Is.EqualTo([AlertEvent.Resolved, AlertEvent.Resolved]));
    }

    [Test]
    public async Task What_failed_comes_again_later_and_is_given_up_at_last()
    {
        await Raise("one");
        await notices.QueueAsync([NoticeChannel.Mail], CancellationToken.None);
        var pauses = new List<double>();
        for (var attempt = 1; attempt <= AlertNotices.AttemptsMax; attempt++)
        {
            var notice = (await Claim()).Single();
            await notices.FailedAsync(notice.NoticeId, "no answer", CancellationToken.None);
            pauses.Add(
                await Scalar<double>("SELECT extract(epoch FROM due_at - clock_timestamp())::float8 FROM alert_notice")
            );
            Assert.That(notice.Attempts, Is.EqualTo(attempt));
            await Execute("UPDATE alert_notice SET due_at = clock_timestamp()");
        }

        Assert.That(await Claim(), Is.Empty);
        Assert.That(pauses[0], Is.InRange(20, 40));
        Assert.That(pauses[^1], Is.InRange(3_500, 4_400));
        Assert.That(await Scalar<string>("SELECT error FROM alert_notice"), Is.EqualTo("no answer"));
    }

    [Test]
    public async Task Without_a_channel_nothing_waits_for_one()
    {
        await Raise("one");
        await notices.QueueAsync([], CancellationToken.None);

        var later = await notices.QueueAsync(Both, CancellationToken.None);

        Assert.That(later, Is.Zero);
    }

    [Test]
    public async Task Of_many_senders_one_has_a_notice()
    {
        for (var i = 0; i < 20; i++)
        {
            await Raise($"{i}");
        }

        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => notices.QueueAsync([NoticeChannel.Webhook], CancellationToken.None))
        );
        var claimed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Claim()));

        Assert.That(claimed.SelectMany(c => c).Select(n => n.NoticeId), Is.Unique.And.Exactly(20).Items);
    }

    private AlertWatch Watch(string? token = null) =>
        new WatchAlerts(database.Cell) { HeartbeatEvery = TimeSpan.FromHours(1) }
            .Open([], token)
            .Watch!;

    private static async Task<WatchStep<Alert>> Next(AlertWatch watch) => await watch.NextAsync(CancellationToken.None);

    private Task<IReadOnlyList<AlertNotice>> Claim() => notices.ClaimAsync(Both, 50, CancellationToken.None);

    private Task<int> Raise(string subject) =>
        raise.RaiseAsync(AlertKind.StaleFollower, [new(subject, "")], CancellationToken.None);

    private Task<int> Resolve(string subject) =>
        raise.ResolveAsync(AlertKind.StaleFollower, [subject], CancellationToken.None);

    private async Task Execute(string sql)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private async Task<T> Scalar<T>(string sql)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }
}
