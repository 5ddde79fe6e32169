using System.Diagnostics.Metrics;

namespace Inventory.Engine.Telemetry;

/// <summary>
/// What the followers of this node tell of themselves, under the meter <see cref="EngineMeter.Name"/>, each with its
/// name as the tag <c>follower</c>.
/// </summary>
public sealed class FollowerMetrics : IDisposable
{
    private const string Tag = "follower";

    private readonly Meter meter = new(EngineMeter.Name);
    private readonly Lock gate = new();
    private readonly List<FollowerProgress> followers = [];
    private readonly Counter<long> handled;

    /// <summary>Makes the instruments.</summary>
    public FollowerMetrics()
    {
        meter.CreateObservableGauge(
            "inventory.follower.lag",
            () => Each(f => f.Lag?.TotalSeconds),
            "s",
            "How long ago all that the follower has handled was all there was. Absent on a node that does not follow."
        );
        meter.CreateObservableGauge(
            "inventory.follower.active",
            () => Each(f => f.IsActive ? 1 : 0),
            "{node}",
            "1 on the node that follows."
        );
        meter.CreateObservableGauge(
            "inventory.follower.parked",
            () => Each(f => f.IsActive ? f.Parked : null),
            "{row}",
            "Rows that could not be handled, and those that wait behind them."
        );
        handled = meter.CreateCounter<long>("inventory.follower.rows", "{row}", "Rows of the journal handled.");
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal FollowerProgress Track(string name)
    {
        var progress = new FollowerProgress(name);
        lock (gate)
        {
            followers.Add(progress);
        }

        return progress;
    }

    internal void Handled(string follower, int rows) =>
        handled.Add(rows, new KeyValuePair<string, object?>(Tag, follower));

    private IEnumerable<Measurement<double>> Each(Func<FollowerProgress, double?> ask)
    {
        lock (gate)
        {
            return
            [
                .. followers
                    .Select(f => (f.Name, Value: ask(f)))
                    .Where(f => f.Value is not null)
                    .Select(f => new Measurement<double>(
                        f.Value!.Value,
                        new KeyValuePair<string, object?>(Tag, f.Name)
                    )),
            ];
        }
    }
}
