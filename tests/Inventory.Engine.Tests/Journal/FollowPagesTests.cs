using Dapper;
using Inventory.Engine.Journal;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

/// <summary>What a page has, and what is read for it.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FollowPagesTests : FollowJournalFixture
{
    [Test]
    public async Task Read_briefly_they_are_the_same_changes_page_by_page_the_late_one_too()
    {
        var (cursor, _) = await Follow.EndAsync(CancellationToken.None);
        await using var late = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await Change(late, Stock[0]);
        await Change(Stock[1]);
        await late.ExecuteAsync(
            "INSERT INTO journal (at, document, kind, actor) VALUES (clock_timestamp(), gen_random_uuid(), 60, 'test')"
        );
        var early = await ReadBoth(cursor, limit: 10);
        await Change(Stock[2]);
        await Change(Stock[1]);
        await transaction.CommitAsync();

        var first = await ReadBoth(early, limit: 3);
        await ReadBoth(first, limit: 3);

        async Task<JournalCursor> ReadBoth(JournalCursor from, int limit)
        {
            var whole = await Read(from, limit);
            var brief = await Follow.BrieflyAsync(from, limit, CancellationToken.None);
            Assert.That(whole.Entries, Is.Not.Empty);
            Assert.That(
                brief!.Entries.Select(e => (e.Position, e.At, e.StockId)),
                Is.EqualTo(whole.Entries.Select(e => (e.Position, e.At, e.StockId)))
            );
            Assert.That(brief.IsLast, Is.EqualTo(whole.IsLast));
            return brief.Next;
        }
    }

    // A journal grows faster than its statistics: a planner that knows nothing of it yet must not read it whole.
    [TestCase(true)]
    [TestCase(false)]
    public async Task Beside_a_long_journal_a_pass_reads_its_own_rows_by_index(bool analyzed)
    {
        await Fill(100_000, analyzed);
        var (cursor, _) = await Follow.EndAsync(CancellationToken.None);
        await Change(Stock[0]);

        await using var connection = await Database.Tables.OpenConnectionAsync();
        var before = await RowsRead(connection);
        var page = await Read(cursor);
        var after = await Eventually.AnswersAsync(async () =>
        {
            var rows = await RowsRead(connection);
            return rows.ByIndex > before.ByIndex ? rows : throw new TimeoutException("Not counted yet.");
        });

        Assert.That(page.Entries, Has.Count.EqualTo(1));
        Assert.That(after.ByScan - before.ByScan, Is.Zero);
        Assert.That(after.ByIndex - before.ByIndex, Is.LessThan(100));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_page_of_a_long_backlog_reads_no_more_than_the_page(bool analyzed)
    {
        const int limit = 100;
        await Fill(20_000, analyzed);
        await using var connection = await Database.Tables.OpenConnectionAsync();
        var before = await RowsRead(connection);

        var first = await Read(JournalCursor.Beginning(1), limit);
        var second = await Read(first.Next, limit);
        await Follow.BrieflyAsync(first.Next, limit, CancellationToken.None);
        await new FollowStock(Database.Cell).ExecuteAsync(first.Next, limit, CancellationToken.None);
        await new FollowChanges(Database.Cell).ExecuteAsync(first.Next, limit, CancellationToken.None);

        var after = before;
        await Eventually.TrueAsync(async () => (after = await RowsRead(connection)).ByIndex > before.ByIndex);
        Assert.That(second.Entries[0].Position, Is.EqualTo(first.Entries[^1].Position + 1));
        Assert.That(after.ByScan - before.ByScan, Is.Zero);
        Assert.That(after.ByIndex - before.ByIndex, Is.LessThan(20 * limit));
    }

    private async Task Fill(int rows, bool analyzed)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            INSERT INTO journal (xid, at, stock_id, version, on_hand, kind, actor)
            SELECT pg_current_xact_id(), clock_timestamp(), 1000000 + n, 1, 1, 11, 'test'
            FROM generate_series(1, @Rows) n
            """,
            new { Rows = rows }
        );
        if (analyzed)
        {
            await connection.ExecuteAsync("ANALYZE journal");
        }
    }

    // Counted by the server; what the sessions of others have read of it is not there, because the database is this
    // test's own.
    private static async Task<(long ByScan, long ByIndex)> RowsRead(NpgsqlConnection connection) =>
        await connection.QuerySingleAsync<(long, long)>(
            """
            SELECT coalesce(sum(seq_tup_read), 0)::bigint, coalesce(sum(idx_tup_fetch), 0)::bigint
            FROM pg_stat_user_tables WHERE relname LIKE 'journal%'
            """
        );
}
