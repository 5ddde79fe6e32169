using Inventory.Load.Measure;

namespace Inventory.Load.Trials;

/// <summary>One trial's outcome.</summary>
/// <param name="Figure">What is compared: answers a second, or a latency in microseconds.</param>
/// <param name="Answers">Of the counted kind, warm-up and drain included: what the CPU time was spent on.</param>
/// <param name="Commits">Transactions that wrote while it ran.</param>
internal sealed record Sample(double Figure, long Answers, long Commits, CpuSeconds Cpu)
{
    public double GrantsPerCommit => Commits == 0 ? 0 : (double)Answers / Commits;
}
