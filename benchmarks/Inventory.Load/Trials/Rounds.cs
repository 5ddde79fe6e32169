using Inventory.Load.Stage;

namespace Inventory.Load.Trials;

/// <summary>
/// Trials in turn, A B, B A: the machine's speed drifts, and what is compared was measured within seconds, neither
/// always behind the other.
/// </summary>
internal sealed class Rounds
{
    private readonly Dictionary<Series, List<Sample>> samples = [];

    /// <summary>
    /// All begin behind a checkpoint, and run once before anything is counted: the first write to a page after a
    /// checkpoint puts the whole page into the log, and no side is to pay that for another.
    /// </summary>
    public static async Task<Rounds> RunAsync(BenchStage stage, int count, params IReadOnlyList<Trial> trials)
    {
        await stage.CheckpointAsync();
        foreach (var trial in trials)
        {
            await trial.RunAsync();
        }

        var rounds = new Rounds();
        for (var round = 1; round <= count; round++)
        {
            foreach (var trial in round % 2 == 1 ? trials : trials.Reverse())
            {
                rounds.Add(trial.Series, await trial.RunAsync());
            }
        }

        return rounds;
    }

    public void Add(Series series, Sample sample)
    {
        if (!samples.TryGetValue(series, out var list))
        {
            samples[series] = list = [];
        }

        list.Add(sample);
        var cpu = sample.Cpu;
        Console.WriteLine(
            $"  {series.Name, -46} {sample.Figure, 9:N0} {series.Unit, -2}"
                + (sample.GrantsPerCommit > 0 ? $" {sample.GrantsPerCommit, 6:N1} a commit" : "")
                + $"   CPU s: server {cpu.Server:N1}, PostgreSQL {cpu.Postgres:N1}, Redis {cpu.Redis:N1},"
                + $" client {cpu.Client:N1}"
        );
    }

    public IReadOnlyList<Sample> Of(Series series) => samples[series];

    /// <summary>One quotient a round; its median is the ratio.</summary>
    public double[] Quotients(Series over, Series under) =>
        [.. Of(over).Zip(Of(under), (above, below) => above.Figure / below.Figure)];
}
