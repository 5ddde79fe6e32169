using Dapper;
using Inventory.Engine.Journal;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

/// <summary>Each test archives a database of its own.</summary>
public sealed class ArchiveTests : HistoryFixture
{
    private const int Keep = 12;

    // Opened and held in a month long ago; what happens after that happens now.
    private const string AgeSql = """
        -- tests.age
        CREATE TABLE IF NOT EXISTS journal_2020_02 PARTITION OF journal FOR VALUES FROM ('2020-02-01 00:00Z') TO ('2020-03-01 00:00Z');
        UPDATE journal SET at = timestamptz '2020-02-03 00:00Z' + version * interval '1 second';
        UPDATE reservation SET created_at = '2020-02-03 00:00Z', ended_at = ended_at - (clock_timestamp() - '2020-02-03 00:00Z'),
            expires_at = expires_at - (clock_timestamp() - '2020-02-03 00:00Z')
        WHERE state > 2
        """;

    private const string CountsSql = """
        -- tests.counts
        SELECT (SELECT count(*) FROM journal) AS journal, (SELECT count(*) FROM journal_archive) AS journal_archive,
            (SELECT count(*) FROM reservation) AS reservation, (SELECT count(*) FROM reservation_archive) AS reservation_archive
        """;

    private static readonly DateTime LongAgo = new(2020, 2, 3, 0, 1, 0, DateTimeKind.Utc);

    private sealed record Counts(long Journal, long JournalArchive, long Reservation, long ReservationArchive);

    [SetUp]
    public async Task StartAnew()
    {
        await DisposeAsync();
        await StartEngine();
    }

    [Test]
    public async Task A_month_that_is_old_moves_whole_and_every_sum_is_what_it_was()
    {
        var sku = await SellAsync();
        await ExecuteAsync(AgeSql);
        var before = await PastAsync(sku, LongAgo);
        var written = (await CountsAsync()).Journal;

        var moved = await Node.ArchiveJournal.SweepAsync(Keep, default);
        await Edit(Some.Add(sku, 3));

        Assert.That(moved, Is.EqualTo(1));
        var counts = await CountsAsync();
        Assert.That((counts.Journal, counts.JournalArchive), Is.EqualTo((1, written)));
        Assert.That(await VerifyAsync(), Is.Empty);
        Assert.That(await PastAsync(sku, LongAgo), Is.EqualTo(before with { ChangesRead = before.ChangesRead + 1 }));
        Assert.That(before.Version, Is.GreaterThan(1));
        Assert.That(await Node.ArchiveJournal.SweepAsync(Keep, default), Is.Zero);
    }

    [Test]
    public async Task Days_are_told_and_written_from_the_archive_too()
    {
        var sku = await Given.Stock(onHand: 0);
        await ExecuteAsync(AgeSql);
        await LiveAsync(sku, 40, LongAgo);
        var day = DateOnly.FromDateTime(LongAgo);
        var before = (await Node.Days.ExecuteAsync(new(sku, null, day, day), 10, null, default)).Days;

        Assert.That(await Node.ArchiveJournal.SweepAsync(Keep, default), Is.EqualTo(1));
        var archived = (await Node.Days.ExecuteAsync(new(sku, null, day, day), 10, null, default)).Days;
        await LiveAsync(sku, 30, Now);
        await FollowAsync();
        var written = (await Node.Days.ExecuteAsync(new(sku, null, day, day), 10, null, default)).Days;

        Assert.That(before.Single().Received, Is.EqualTo(40));
        Assert.That(archived, Is.EqualTo(before));
        Assert.That(written, Is.EqualTo(before));
        Assert.That(await QueryAsync<long>("SELECT received FROM stock_daily ORDER BY day LIMIT 1"), Is.EqualTo([40]));
    }

    [Test]
    public async Task What_is_wrong_in_the_archive_is_found_there()
    {
        await SellAsync();
        await ExecuteAsync(AgeSql);
        await Node.ArchiveJournal.SweepAsync(Keep, default);
        await Node.ArchiveReservations.SweepAsync(TimeSpan.FromDays(1), default);
        Assert.That(await VerifyAsync(), Is.Empty);

        await ExecuteAsync("UPDATE reservation_archive SET state = 4 WHERE state = 5");
        Assert.That(await VerifyAsync(), Has.Member(StockInvariant.ReservationIsJournaled));
        await ExecuteAsync("UPDATE reservation_archive SET ended_at = NULL");
        Assert.That(await VerifyAsync(), Has.Member(StockInvariant.ReservationState));
        await ExecuteAsync("DELETE FROM journal_archive WHERE version = 2");
        Assert.That(await VerifyAsync(), Has.Member(StockInvariant.VersionsAreDense));
    }

    [Test]
    public async Task A_month_stays_while_it_is_young_or_while_others_use_it()
    {
        await SellAsync();
        Assert.That(await Node.ArchiveJournal.SweepAsync(1, default), Is.Zero);

        await ExecuteAsync(AgeSql);
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("SELECT count(*) FROM journal");
            var busy = await Assert.ThrowsAsync<PostgresException>(async () =>
                await Node.ArchiveJournal.SweepAsync(Keep, default)
            );
            Assert.That(busy!.SqlState, Is.EqualTo(PostgresErrorCodes.LockNotAvailable));
        }

        Assert.That(await Node.ArchiveJournal.SweepAsync(Keep, default), Is.EqualTo(1));
    }

    [Test]
    public async Task A_month_stays_until_all_who_follow_have_read_it_and_nothing_of_it_is_parked()
    {
        await SellAsync();
        await ExecuteAsync(AgeSql);
        await ExecuteAsync("INSERT INTO journal_follower (name, cursor, through) VALUES ('slow', '1;3:3:;2', now())");
        Assert.That(await Node.ArchiveJournal.SweepAsync(Keep, default), Is.Zero);

        await ExecuteAsync("UPDATE journal_follower SET cursor = '1;3:3:;1000'");
        await ExecuteAsync("INSERT INTO journal_parked (name, position, error) VALUES ('slow', 3, 'x')");
        Assert.That(await Node.ArchiveJournal.SweepAsync(Keep, default), Is.Zero);

        await ExecuteAsync("DELETE FROM journal_parked");
        Assert.That(await Node.ArchiveJournal.SweepAsync(Keep, default), Is.EqualTo(1));
    }

    [Test]
    public async Task A_cursor_that_has_not_read_what_is_archived_is_too_old()
    {
        await SellAsync();
        await ExecuteAsync(AgeSql);
        await ExecuteAsync(
            "INSERT INTO journal (at, document, kind, actor) VALUES (now(), gen_random_uuid(), 60, 'tests')"
        );
        var early = JournalCursor.Beginning(1);
        Assert.That((await KeptJournal.ExecuteAsync(Database.Cell, long.MaxValue, default)).Has(early), Is.True);

        await Node.ArchiveJournal.SweepAsync(Keep, default);

        Assert.That((await KeptJournal.ExecuteAsync(Database.Cell, long.MaxValue, default)).Has(early), Is.False);
    }

    [Test]
    public async Task A_replay_of_an_archived_reservation_makes_no_second_hold()
    {
        var sku = await Given.Stock(onHand: 5);
        var request = Some.Reserve(sku, 2);
        var first = (await Reserve(request)).Reservation!;
        await Confirm(first.ReservationId);
        await ArchiveAsync();
        var changes = await Then.Changes(sku);

        var again = await Reserve(request);
        var other = await Reserve(request with { HoldMs = 60_000 });
        await using var second = new EngineNode(Database.Cell);
        var elsewhere = await second.Reserve.ExecuteAsync(request, default);

        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(again.Reservation!.State, Is.EqualTo(ReservationState.Confirmed));
        Assert.That(other.Outcome, Is.EqualTo(ReserveOutcome.RequestIdReused));
        Assert.That(elsewhere.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That((await Then.Changes(sku), await Then.Reserved(sku)), Is.EqualTo((changes, 0)));
    }

    [Test]
    public async Task A_replay_is_found_after_the_shelf_is_empty()
    {
        var sku = await Given.Stock(onHand: 2);
        var request = Some.Reserve(sku, 2);
        await Confirm((await Reserve(request)).Reservation!.ReservationId);
        await ArchiveAsync();

        Assert.That((await Reserve(request)).Outcome, Is.EqualTo(ReserveOutcome.Replayed));
    }

    [Test]
    public async Task Only_what_ended_long_ago_is_archived_and_it_is_read_as_before()
    {
        var sku = await Given.Stock(onHand: 9);
        var (open, sold) = (await Hold(sku), await Hold(sku));
        await Confirm(sold.ReservationId);
        var before = (await Node.Get.ExecuteAsync(sold.ReservationId, default)).Reservation;
        Assert.That(await Node.ArchiveReservations.SweepAsync(TimeSpan.FromDays(1), default), Is.Zero);

        Assert.That(await Node.ArchiveReservations.SweepAsync(TimeSpan.Zero, default), Is.EqualTo(1));

        var after = (await Node.Get.ExecuteAsync(sold.ReservationId, default)).Reservation;
        Assert.That(
            (after!.State, after.Version, after.EndedAt),
            Is.EqualTo((before!.State, before.Version, before.EndedAt))
        );
        Assert.That((await Node.Explain.ExecuteAsync(sold.ReservationId, default)).Reservation, Is.Not.Null);
        Assert.That(await TransactionsAsync(sold.ReservationId), Is.EqualTo(2));
        Assert.That(await Then.State(open.ReservationId), Is.EqualTo(ReservationState.Held));
    }

    [Test]
    public async Task What_is_brought_back_can_be_delivered_and_is_whole()
    {
        var sku = await Given.Stock(onHand: 9);
        var sold = await Hold(sku, 2);
        await Confirm(sold.ReservationId);
        await ArchiveAsync();
        var fulfill = new FulfillRequest(sold.ReservationId, "T-1", null, Some.Caller);
        var lost = await Node.Fulfill.ExecuteAsync(fulfill, default);

        var back = await Node.Recall.ExecuteAsync(sold.ReservationId, default);
        var delivered = await Node.Fulfill.ExecuteAsync(fulfill, default);

        Assert.That((lost.Outcome, back), Is.EqualTo((FulfillOutcome.NotFound, true)));
        Assert.That(delivered.Reservation!.State, Is.EqualTo(ReservationState.Fulfilled));
        Assert.That(await Node.Recall.ExecuteAsync(sold.ReservationId, default), Is.False);
        Assert.That(await VerifyAsync(), Is.Empty);
    }

    [Test]
    public async Task Replays_find_a_reservation_while_it_is_moved_there_and_back()
    {
        var sku = await Given.Stock(onHand: 50);
        var request = Some.Reserve(sku, 1);
        var id = (await Reserve(request)).Reservation!.ReservationId;
        await Confirm(id);
        var moves = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
            {
                await Node.ArchiveReservations.SweepAsync(TimeSpan.Zero, default);
                await Node.Recall.ExecuteAsync(id, default);
            }
        });
        var outcomes = new List<ReserveOutcome>();
        while (!moves.IsCompleted)
        {
            outcomes.Add((await Reserve(request)).Outcome);
        }

        await moves;
        Assert.That(outcomes, Is.All.EqualTo(ReserveOutcome.Replayed));
        Assert.That(await VerifyAsync(), Is.Empty);
    }

    private async Task<string> SellAsync()
    {
        var sku = await Given.Stock(onHand: 20);
        var (sold, gone) = (await Hold(sku, 2), await Hold(sku, 3));
        await Confirm(sold.ReservationId);
        await Cancel(gone.ReservationId);
        return sku;
    }

    private async Task ArchiveAsync()
    {
        Assert.That(await Node.ArchiveReservations.SweepAsync(TimeSpan.Zero, default), Is.EqualTo(1));
        Assert.That((await CountsAsync()).Reservation, Is.Zero);
    }

    private async Task<int> TransactionsAsync(Guid id) =>
        (await Node.Transactions.ExecuteAsync(new() { ReservationId = id }, 100, null, default)).Transactions.Count;

    private async Task<Counts> CountsAsync() => (await QueryAsync<Counts>(CountsSql)).Single();

    private async Task<List<StockInvariant>> VerifyAsync()
    {
        var wrong = new List<StockInvariant>();
        await foreach (var step in new VerifyInventory(Database.Cell).ExecuteAsync(default))
        {
            if (step is VerifyViolation violation)
            {
                wrong.Add(violation.Invariant);
            }
        }

        return wrong;
    }
}
