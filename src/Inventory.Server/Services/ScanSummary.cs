using Inventory.Engine.Scans;
using Inventory.V1;

namespace Inventory.Server.Services;

/// <summary>Counts what became of the scans of a stream.</summary>
internal sealed class ScanSummary
{
    /// <summary>The most devices of a stream: what is told of each is kept until its end.</summary>
    public const int DevicesMax = 1_000;

    private readonly SortedDictionary<string, long> devices = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Engine.Scans.ScanProblem, long> problems = [];
    private readonly long[] fates = new long[Enum.GetValues<ScanFate>().Length + 1];

    /// <summary>Whether the stream may have these scans beside those before them.</summary>
    public bool HasRoom(IEnumerable<Scan> scans) =>
        devices.Count + scans.Select(s => s.DeviceId).Distinct().Count(d => !devices.ContainsKey(d)) <= DevicesMax;

    public void Add(IReadOnlyList<Scan> scans, IReadOnlyList<ScanVerdict> verdicts)
    {
        for (var i = 0; i < scans.Count; i++)
        {
            var (device, sequence) = (scans[i].DeviceId, scans[i].Sequence);
            devices[device] = Math.Max(sequence, devices.GetValueOrDefault(device));
            fates[(int)verdicts[i].Fate]++;
            if (verdicts[i].Problem is { } problem)
            {
                problems[problem] = problems.GetValueOrDefault(problem) + 1;
            }
        }
    }

    public IngestScansResponse ToWire() =>
        new()
        {
            AcceptedCount = fates[(int)ScanFate.Accepted],
            DuplicateCount = fates[(int)ScanFate.Duplicate],
            RepeatedCount = fates[(int)ScanFate.Repeated],
            QuarantinedCount = fates[(int)ScanFate.Quarantined],
            Problems =
            {
                problems.Select(p => new ScanProblemCount { Problem = (V1.ScanProblem)p.Key, Count = p.Value }),
            },
            Devices = { devices.Select(d => new DeviceProgress { DeviceId = d.Key, LastSequence = d.Value }) },
        };
}
