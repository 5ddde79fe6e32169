using Inventory.Load.Measure;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>One side of a ratio, in medians.</summary>
/// <param name="CpuPer1000">CPU seconds for each thousand of what is counted.</param>
internal sealed record Side(string Name, string Unit, double Figure, double GrantsPerCommit, CpuSeconds CpuPer1000)
{
    public static Side Of(Rounds rounds, Series series)
    {
        var samples = rounds.Of(series);
        double PerThousand(Func<CpuSeconds, double> part) =>
            samples.Select(sample => 1000 * part(sample.Cpu) / Math.Max(1, sample.Answers)).Median();
        return new Side(
            series.Name,
            series.Unit,
            samples.Select(sample => sample.Figure).Median(),
            samples.Select(sample => sample.GrantsPerCommit).Median(),
            new CpuSeconds(
                PerThousand(cpu => cpu.Server),
                PerThousand(cpu => cpu.Postgres),
                PerThousand(cpu => cpu.Redis),
                PerThousand(cpu => cpu.Client)
            )
        );
    }
}
