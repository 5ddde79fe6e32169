using System.Diagnostics;
using Inventory.Server.Telemetry;
using Npgsql;

namespace Inventory.Server.Health;

/// <summary>
/// Runs the probes: again and again, and at once when someone asks. Tells <see cref="ServingState"/> what it found.
/// </summary>
public sealed class Readiness(IEnumerable<HealthProbe> probes, ServingState serving, ILogger<Readiness> logger)
    : BackgroundService
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);
    private readonly HealthProbe[] probes = [.. probes];
    private readonly Lock gate = new();
    private Task<Finding[]>? running;

    /// <param name="Name">The probe's.</param>
    /// <param name="Problem">Null when all is well.</param>
    /// <param name="Elapsed">How long the probe took.</param>
    public sealed record Finding(string Name, string? Problem, TimeSpan Elapsed);

    /// <summary>Who asks while a round is under way shares its answer: any number of askers cost one round.</summary>
    public Task<Finding[]> CheckAsync()
    {
        lock (gate)
        {
            return running is { IsCompleted: false } round ? round : running = RoundAsync();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ProbeEvery);
        do
        {
            await CheckAsync();
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Finding[]> RoundAsync()
    {
        using var limit = new CancellationTokenSource(ProbeLimit);
        var findings = await Task.WhenAll(probes.Select(probe => RunAsync(probe, limit.Token)));
        var wrong = findings.Where(f => f.Problem is not null).Select(f => $"{f.Name}: {f.Problem}").ToArray();
        if (serving.Report(wrong.Length == 0))
        {
            if (wrong.Length == 0)
            {
                logger.Ready();
            }
            else
            {
                logger.NotReady(string.Join("; ", wrong));
            }
        }

        return findings;
    }

    private static async Task<Finding> RunAsync(HealthProbe probe, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        string? problem;
        try
        {
            // A probe that heeds no cancellation must not hold the round.
            problem = await probe.Find(cancellation).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            problem = $"no answer in {ProbeLimit.TotalSeconds} s";
        }
        catch (PostgresException refused)
        {
            problem = $"refused with SQLSTATE {refused.SqlState}";
        }
        catch (Exception failed)
        {
            // The message may name hosts and users, and /health may be open to anyone.
            problem = failed.GetType().Name;
        }

        return new(probe.Name, problem, Stopwatch.GetElapsedTime(start));
    }
}
