using System.Diagnostics.Metrics;
using Inventory.Engine.Telemetry;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>Counts the statements that an operation's coalescers run, all over this process.</summary>
internal sealed class RoundCounter : IDisposable
{
    private readonly MeterListener listener = new();
    private int count;

    internal RoundCounter(string operation)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == EngineMeter.Name && instrument.Name == "inventory.batch.size")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>(
            (_, _, tags, _) =>
            {
                if (tags.Contains(new KeyValuePair<string, object?>("operation", operation)))
                {
                    Interlocked.Increment(ref count);
                }
            }
        );
        listener.Start();
    }

    internal int Count => Volatile.Read(ref count);

    public void Dispose() => listener.Dispose();
}
