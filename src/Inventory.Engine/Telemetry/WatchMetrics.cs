using System.Diagnostics.Metrics;

namespace Inventory.Engine.Telemetry;

/// <summary>What the watches tell of themselves, under the meter <see cref="EngineMeter.Name"/>.</summary>
public sealed class WatchMetrics : IDisposable
{
    private readonly Meter meter = new(EngineMeter.Name);
    private readonly Counter<long> read;
    private readonly Counter<long> told;
    private readonly Counter<long> coalesced;
    private readonly Counter<long> overflows;
    private Func<TimeSpan?> lag = () => null;

    /// <summary>Makes the instruments.</summary>
    public WatchMetrics()
    {
        meter.CreateObservableGauge(
            "inventory.watch.lag",
            Lag,
            "s",
            "How long ago all that watchers were offered was all there was. Absent while nobody watches."
        );
        read = meter.CreateCounter<long>("inventory.watch.changes", "{change}", "Changes read for watchers.");
        told = meter.CreateCounter<long>("inventory.watch.told", "{message}", "Messages for watchers.");
        coalesced = meter.CreateCounter<long>(
            "inventory.watch.coalesced",
            "{change}",
            "Changes that were told with a later one, because their watcher was slow."
        );
        overflows = meter.CreateCounter<long>(
            "inventory.watch.overflows",
            "{time}",
            "Times that more waited for a watcher than it may have, so that it was told from the journal again."
        );
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal void ObserveLag(Func<TimeSpan?> ask) => lag = ask;

    internal void ObserveWatchers(string kind, Func<int> count) =>
        meter.CreateObservableGauge(
            $"inventory.watch.{kind}.watchers",
            count,
            "{watcher}",
            $"Calls that watch {kind}."
        );

    internal void Read(int changes) => read.Add(changes);

    internal void Told() => told.Add(1);

    internal void Coalesced() => coalesced.Add(1);

    internal void Overflowed() => overflows.Add(1);

    private IEnumerable<Measurement<double>> Lag() => lag() is { } now ? [new(now.TotalSeconds)] : [];
}
