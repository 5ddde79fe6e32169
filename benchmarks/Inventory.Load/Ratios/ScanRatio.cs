using System.Diagnostics;
using System.Globalization;
using Inventory.Load.Measure;
using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// SCANS: how many scans are taken a second, each of them durable and its stock available, beside the 10,000 that are
/// needed. At 10,000 a second, by a schedule that waits for nobody, how long it takes from the scan to that.
/// </summary>
internal static class ScanRatio
{
    private const double ScansNeeded = 10_000;
    private const int RoundsCount = 3;
    private const int Readers = 16;
    private const int ScansAtOnce = 250;
    private const int ScansPaced = 50;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        await BarcodeSeed.PlantAsync(bench.Database.Tables);
        using var channel = BenchKey.ChannelTo(bench.Server);
        var scanners = new Scanners(new(channel), $"{bench.Database.Name}-{bench.Database.NextRun()}", Bench.Items);
        await FlatOutAsync(scanners, TimeSpan.FromSeconds(5));

        var rounds = new Rounds();
        var taken = new Series("scans taken", "/s");
        var needed = new Series("needed", "/s");
        for (var round = 0; round < RoundsCount; round++)
        {
            await bench.Stage.CheckpointAsync();
            var commits = await bench.Database.WritingTransactionsAsync();
            var cpu = bench.Stage.ReadCpu();
            var (scans, seconds) = await FlatOutAsync(scanners, Length);
            var spent = bench.Stage.ReadCpu() - cpu;
            commits = await bench.Database.WritingTransactionsAsync() - commits;
            var paced = await PacedAsync(scanners);
            Console.WriteLine(
                $"  {scans / seconds:N0} scans/s; at {ScansNeeded:N0}/s, until their stock is available, "
                    + $"{Ms(paced, 0.5)} (median) and {Ms(paced, 0.99)} (p99)"
            );
            rounds.Add(taken, new Sample(scans / seconds, scans, commits, spent));
            rounds.Add(needed, new Sample(ScansNeeded, 0, Commits: 0, default));
        }

        return [Ratio.Of("SCANS", rounds, taken, needed)];
    }

    private static async Task<(long Scans, double Seconds)> FlatOutAsync(Scanners scanners, TimeSpan length)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(
            Enumerable
                .Range(0, Readers)
                .Select(async reader =>
                {
                    var scans = 0L;
                    while (Stopwatch.GetElapsedTime(started) < length)
                    {
                        scans += await scanners.SendAsync(reader, ScansAtOnce);
                    }

                    return scans;
                })
        );
        return (counts.Sum(), Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Each message is due at its time, and counts from then, whether or not it could be sent.</summary>
    private static async Task<Histogram> PacedAsync(Scanners scanners)
    {
        var started = Stopwatch.GetTimestamp();
        var between = Stopwatch.Frequency * ScansPaced / ScansNeeded;
        var messages = (int)(Length.TotalSeconds * ScansNeeded / ScansPaced);
        var latency = new Histogram();
        var sending = new List<Task>(messages);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var message = 0; message < messages; )
        {
            await timer.WaitForNextTickAsync();
            for (; message < messages && started + (message * between) <= Stopwatch.GetTimestamp(); message++)
            {
                sending.Add(SendAsync(message, started + (long)(message * between)));
            }
        }

        await Task.WhenAll(sending);
        return latency;

        async Task SendAsync(int message, long due)
        {
            await scanners.SendAsync(message % Readers, ScansPaced);
            lock (latency)
            {
                latency.Record(Stopwatch.GetElapsedTime(due));
            }
        }
    }

    private static string Ms(Histogram latency, double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{latency.Percentile(share).TotalMilliseconds:N0} ms");
}
