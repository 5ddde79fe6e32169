using System.Diagnostics;
using Inventory.Load.Measure;

namespace Inventory.Load.Driving;

/// <summary>What an answer was. Only <see cref="Granted"/> is a reservation.</summary>
internal enum Outcome
{
    Granted,
    Confirmed,
    Refused,
    Read,
    ReadFromDatabase,
    Failed,
}

/// <summary>
/// Counts answers by outcome: those of the measured window, which make the figure, and all, which must agree with the
/// tables. Replays are failures here, for no call repeats a request id.
/// </summary>
internal sealed class Tally
{
    private readonly long[] all = new long[Enum.GetValues<Outcome>().Length];
    private readonly long[] measured = new long[Enum.GetValues<Outcome>().Length];
    private readonly Dictionary<string, int> failures = [];
    private readonly List<long> bySecond = [];
    private long from = long.MaxValue;
    private long until = long.MaxValue;

    /// <summary>
    /// When the answers that are being counted were read: one look at the clock for all that came together.
    /// </summary>
    public long Now { get; set; }

    public Histogram Latency { get; } = new();

    /// <summary>Of what was refused.</summary>
    public Histogram Rejections { get; } = new();

    public TimeSpan Measured => Stopwatch.GetElapsedTime(from, until);

    /// <summary>What went wrong, most frequent first.</summary>
    public IEnumerable<string> Failures =>
        failures.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Value} × {pair.Key}");

    /// <summary>What was measured in each second, all outcomes together.</summary>
    public IReadOnlyList<long> BySecond => bySecond;

    public void Measure(long from, long until) => (this.from, this.until) = (from, until);

    public long All(Outcome outcome) => all[(int)outcome];

    public double PerSecond(Outcome outcome) => measured[(int)outcome] / Measured.TotalSeconds;

    public void Count(Outcome outcome, long due)
    {
        all[(int)outcome]++;
        if (Now < from || Now >= until)
            return;
        measured[(int)outcome]++;
        var second = (int)((Now - from) / Stopwatch.Frequency);
        while (bySecond.Count <= second)
        {
            bySecond.Add(0);
        }

        bySecond[second]++;
        Latency.Record(Stopwatch.GetElapsedTime(due, Now));
        if (outcome == Outcome.Refused)
            Rejections.Record(Stopwatch.GetElapsedTime(due, Now));
    }

    public void Fail(string reason, long due)
    {
        Count(Outcome.Failed, due);
        failures[reason] = failures.GetValueOrDefault(reason) + 1;
    }
}
