using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

/// <summary>Each test follows a journal that nobody else writes.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FollowJournalTests : FollowJournalFixture
{
    [Test]
    public async Task A_row_whose_transaction_commits_late_is_not_skipped()
    {
        var (cursor, _) = await Follow.EndAsync(CancellationToken.None);
        await using var late = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        var low = await Change(late, Stock[0]);
        await Change(Stock[1]);

        var first = await Read(cursor);
        await transaction.CommitAsync();
        var second = await Read(first.Next);

        Assert.That(first.Entries.Select(e => e.StockId), Is.EqualTo([Stock[1]]));
        Assert.That(second.Entries.Select(e => e.Position), Is.EqualTo([low]));
        Assert.That(first.Entries[0].Position, Is.GreaterThan(low));
    }

    [Test]
    public async Task A_transaction_that_was_the_newest_under_way_when_the_cursor_was_taken_is_not_skipped()
    {
        // Nothing ends after it has begun, so the cursor's snapshot has its id at xmax and does not list it.
        await using var late = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        var low = await Change(late, Stock[0]);

        var (cursor, _) = await Follow.EndAsync(CancellationToken.None);
        await transaction.CommitAsync();
        var page = await Read(cursor);

        Assert.That(page.Entries.Select(e => e.Position), Is.EqualTo([low]));
    }

    [Test]
    public async Task What_was_rolled_back_is_never_read()
    {
        var (cursor, _) = await Follow.EndAsync(CancellationToken.None);
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await Change(connection, Stock[0]);
            await transaction.RollbackAsync();
        }

        await Change(Stock[1]);

        Assert.That((await Read(cursor)).Entries.Select(e => e.StockId), Is.EqualTo([Stock[1]]));
    }

    [Test]
    public async Task A_pass_of_many_pages_ends_where_it_began_and_the_next_reads_the_rest()
    {
        var (cursor, _) = await Follow.EndAsync(CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            await Change(Stock[i % 2]);
        }

        var first = await Read(cursor, limit: 2);
        await Change(Stock[2]);
        Assert.That(JournalCursor.TryParse(first.Next.ToString(), out var kept));
        var second = await Read(kept, limit: 2);
        var third = await Read(second.Next, limit: 2);
        var next = await Read(third.Next, limit: 2);

        Assert.That(
            new[] { first, second, third, next }.Select(p => p.Entries.Count),
            Is.EqualTo([2, 2, 1, 1]),
            "the change made within the pass belongs to the next"
        );
        Assert.That(new[] { first, second, third }.Select(p => p.IsLast), Is.EqualTo([false, false, true]));
        Assert.That(next.Entries[0].StockId, Is.EqualTo(Stock[2]));
        Assert.That(
            first.Entries.Concat(second.Entries).Concat(third.Entries).Select(e => e.Position),
            Is.Ordered.And.Unique
        );
    }

    [Test]
    public async Task From_the_beginning_everything_is_read()
    {
        await Change(Stock[0]);
        await Change(Stock[0]);

        var page = await Read(JournalCursor.Beginning(1));

        Assert.That(page.Entries.Select(e => (e.StockId, e.Version)), Is.EqualTo([(Stock[0], 1L), (Stock[0], 2L)]));
        Assert.That(page.Entries.Select(e => (e.OnHand, e.Kind)), Is.All.EqualTo((1L, JournalKind.Added)));
    }

    [Test]
    public async Task A_cursor_of_another_era_reads_nothing()
    {
        Assert.That(await Follow.ExecuteAsync(JournalCursor.Beginning(2), 10, CancellationToken.None), Is.Null);
        Assert.That(
            await new FollowStock(Database.Cell).ExecuteAsync(JournalCursor.Beginning(2), 10, CancellationToken.None),
            Is.Null
        );
    }

    [Test]
    public async Task A_cursor_ahead_of_the_journal_reads_nothing()
    {
        // As after a restore from an older backup.
        var ahead = new JournalCursor(1, "900000000:900000000:", 0);

        Assert.That(await Follow.ExecuteAsync(ahead, 10, CancellationToken.None), Is.Null);
        Assert.That(await new FollowStock(Database.Cell).ExecuteAsync(ahead, 10, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Every_change_of_eight_writers_is_read_once_and_each_rows_in_order()
    {
        const int ChangesEach = 150;
        var writers = Task.WhenAll(
            Enumerable.Range(0, 8).Select(seed => Task.Run(() => WriteAsync(seed, ChangesEach)))
        );

        var read = new List<JournalEntry>();
        var touched = new Dictionary<long, long>();
        var cursor = JournalCursor.Beginning(1);
        var touchedCursor = cursor;
        var stockPages = new FollowStock(Database.Cell);
        bool ended;
        do
        {
            ended = writers.IsCompleted;
            JournalPage page;
            do
            {
                page = await Read(cursor, limit: 37);
                read.AddRange(page.Entries);
                cursor = page.Next;
            } while (!page.IsLast);

            StockPage rows;
            do
            {
                rows = (await stockPages.ExecuteAsync(touchedCursor, 41, CancellationToken.None))!;
                foreach (var row in rows.Stock)
                {
                    touched[row.StockId] = Math.Max(touched.GetValueOrDefault(row.StockId), row.Version);
                }

                touchedCursor = rows.Next;
            } while (!rows.IsLast);
        } while (!ended);

        await writers;
        Assert.That(read, Has.Count.EqualTo(8 * ChangesEach));
        foreach (var row in read.GroupBy(e => e.StockId))
        {
            Assert.That(row.Select(e => e.Version), Is.EqualTo(Enumerable.Range(1, row.Count()).Select(v => (long)v)));
            Assert.That(touched[row.Key!.Value], Is.EqualTo(row.Count()));
        }
    }

    private async Task WriteAsync(int seed, int count)
    {
        var random = new Random(seed);
        await using var connection = await Database.Tables.OpenConnectionAsync();
        for (var i = 0; i < count; i++)
        {
            // Two rows in id order, so that transactions overlap and wait for each other, and commit in another order
            // than they began.
            await using var transaction = await connection.BeginTransactionAsync();
            var first = random.Next(Stock.Length - 1);
            await Change(connection, Stock[first]);
            if (i + 1 < count)
            {
                await Change(connection, Stock[random.Next(first + 1, Stock.Length)]);
                i++;
            }

            await transaction.CommitAsync();
        }
    }
}
