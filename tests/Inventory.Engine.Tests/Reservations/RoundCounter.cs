using System.Diagnostics.Metrics;
using Inventory.Engine.Telemetry;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>
/// Counts what an operation's coalescers do, all over this process: the statements that they run, unless another
/// instrument is named.
/// </summary>
internal sealed class RoundCounter : IDisposable
{
    private readonly MeterListener listener = new();
    private int count;

    internal RoundCounter(string operation, string instrumentName = "inventory.batch.size")
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == EngineMeter.Name && instrument.Name == instrumentName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => Add(tags));
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Add(tags));
        listener.Start();

        void Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Contains(new KeyValuePair<string, object?>("operation", operation)))
            {
                Interlocked.Increment(ref count);
            }
        }
    }

    internal int Count => Volatile.Read(ref count);

    public void Dispose() => listener.Dispose();
}
