using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Inventory.Engine.Telemetry;

/// <summary>
/// What a coalescer tells of itself, under the meter <see cref="EngineMeter.Name"/>, tagged with its operation. All
/// share their instruments, as long as the process lives: to announce one costs a look at all others.
/// </summary>
internal sealed class CoalescerMetrics : IDisposable
{
    private static readonly Meter Meter = new(EngineMeter.Name);
    private static readonly ConcurrentDictionary<CoalescerMetrics, Func<int>> Depths = new();

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "inventory.batch.size",
        "{request}",
        "Requests in one statement."
    );

    private static readonly Histogram<double> Wait = Meter.CreateHistogram<double>(
        "inventory.batch.wait",
        "s",
        "From a request's arrival to its batch."
    );

    private static readonly Histogram<double> Statement = Meter.CreateHistogram<double>(
        "inventory.batch.statement",
        "s",
        "One round trip of a batch."
    );

    private static readonly Counter<long> Reruns = Meter.CreateCounter<long>(
        "inventory.batch.reruns",
        "{batch}",
        "Batches run again, by reason."
    );

    private static readonly Counter<long> Turned = Meter.CreateCounter<long>(
        "inventory.batch.shed",
        "{request}",
        "Requests turned away because too many wait."
    );

    private static readonly Counter<long> Isolated = Meter.CreateCounter<long>(
        "inventory.batch.poisoned",
        "{batch}",
        "Batches run one by one after a data error."
    );

    private readonly KeyValuePair<string, object?> operation;

    static CoalescerMetrics() =>
        Meter.CreateObservableGauge(
            "inventory.batch.queue_depth",
            () => Depths.Select(d => new Measurement<int>(d.Value(), d.Key.operation)),
            "{request}",
            "Requests that wait for a lane."
        );

    internal CoalescerMetrics(string operation, Func<int> depth)
    {
        this.operation = new("operation", operation);
        Depths[this] = depth;
    }

    public void Dispose() => Depths.TryRemove(this, out _);

    internal void Waited(TimeSpan time) => Wait.Record(time.TotalSeconds, operation);

    internal void Ran(int size, TimeSpan time)
    {
        BatchSize.Record(size, operation);
        Statement.Record(time.TotalSeconds, operation);
    }

    internal void Reran(string reason) => Reruns.Add(1, operation, new("reason", reason));

    internal void Shed() => Turned.Add(1, operation);

    internal void Poisoned() => Isolated.Add(1, operation);
}
