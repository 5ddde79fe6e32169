using System.Diagnostics.Metrics;

namespace Inventory.Engine.Telemetry;

/// <summary>
/// What a coalescer tells of itself, under the meter <see cref="EngineMeter.Name"/>, tagged with its operation.
/// </summary>
internal sealed class CoalescerMetrics : IDisposable
{
    private readonly Meter meter = new(EngineMeter.Name);
    private readonly KeyValuePair<string, object?> operation;
    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> wait;
    private readonly Histogram<double> statement;
    private readonly Counter<long> reruns;
    private readonly Counter<long> shed;
    private readonly Counter<long> poisoned;

    internal CoalescerMetrics(string operation, Func<int> depth)
    {
        this.operation = new("operation", operation);
        meter.CreateObservableGauge(
            "inventory.batch.queue_depth",
            () => new Measurement<int>(depth(), this.operation),
            "{request}",
            "Requests that wait for a lane."
        );
        batchSize = meter.CreateHistogram<int>("inventory.batch.size", "{request}", "Requests in one statement.");
        wait = meter.CreateHistogram<double>("inventory.batch.wait", "s", "From a request's arrival to its batch.");
        statement = meter.CreateHistogram<double>("inventory.batch.statement", "s", "One round trip of a batch.");
        reruns = meter.CreateCounter<long>("inventory.batch.reruns", "{batch}", "Batches run again, by reason.");
        shed = meter.CreateCounter<long>(
            "inventory.batch.shed",
            "{request}",
            "Requests turned away because too many wait."
        );
        poisoned = meter.CreateCounter<long>(
            "inventory.batch.poisoned",
            "{batch}",
            "Batches run one by one after a data error."
        );
    }

    public void Dispose() => meter.Dispose();

    internal void Waited(TimeSpan time) => wait.Record(time.TotalSeconds, operation);

    internal void Ran(int size, TimeSpan time)
    {
        batchSize.Record(size, operation);
        statement.Record(time.TotalSeconds, operation);
    }

    internal void Reran(string reason) => reruns.Add(1, operation, new("reason", reason));

    internal void Shed() => shed.Add(1, operation);

    internal void Poisoned() => poisoned.Add(1, operation);
}
