using System.Diagnostics;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Load.Driving;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// FOLLOW: how many rows of the journal a follower reads a second, beside a server at full load, until it has caught
/// up with it. What it needs is 20,000. The server's own follower of the cache is at work as well.
/// </summary>
internal static class FollowRatio
{
    private const double RowsNeeded = 20_000;
    private const int RoundsCount = 2;
    private static readonly TrialLength Backlog = TrialLength.Seconds(warmUp: 0, measured: 15);
    private static readonly TrialLength Beside = TrialLength.Seconds(warmUp: 0, measured: 15);

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        await using var cell = new Cell(new CellOptions { ConnectionString = bench.Database.ConnectionString });
        var rounds = new Rounds();
        var read = new Series("rows of the journal followed beside reservations", "/s");
        var needed = new Series("needed", "/s");
        for (var round = 0; round < RoundsCount; round++)
        {
            var behind = await new FollowJournal(cell).EndAsync(CancellationToken.None);
            await bench.Trials.RunAsync(bench.Trials.Reservations(ServerTrials.HoldSeconds), Backlog);

            var cpu = bench.Stage.ReadCpu();
            var load = bench.Trials.RunAsync(bench.Trials.Reservations(ServerTrials.HoldSeconds), Beside);
            var (rows, seconds) = await CatchUpAsync(cell, behind.Cursor, load);
            var spent = bench.Stage.ReadCpu() - cpu;
            var reserved = (await load).PerSecond(Outcome.Granted);
            Console.WriteLine($"  {rows:N0} rows in {seconds:N1} s, beside {reserved:N0} reservations/s");
            rounds.Add(read, new Sample(rows / seconds, rows, Commits: 0, spent));
            rounds.Add(needed, new Sample(RowsNeeded, 0, Commits: 0, default));
        }

        return [Ratio.Of("FOLLOW", rounds, read, needed)];
    }

    /// <summary>Reads until there is no more, or the load is over: what is read later is read alone.</summary>
    private static async Task<(long Rows, double Seconds)> CatchUpAsync(Cell cell, JournalCursor cursor, Task load)
    {
        var journal = new FollowJournal(cell);
        var started = Stopwatch.GetTimestamp();
        var rows = 0L;
        while (!load.IsCompleted)
        {
            var page =
                await journal.ExecuteAsync(cursor, FollowJournal.PageSizeMax, CancellationToken.None)
                ?? throw new InvalidOperationException("The journal does not know its own cursor.");
            rows += page.Entries.Count;
            cursor = page.Next;
            if (page.IsLast)
            {
                break;
            }
        }

        return (rows, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
