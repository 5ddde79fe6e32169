using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace Inventory.Server.Telemetry;

/// <summary>
/// Calls by method and status, with their time in the server. The count of the histogram is the count of calls.
/// </summary>
internal sealed class CallMetrics
{
    public const string MeterName = "Inventory.Server";

    private static readonly string[] CodeNames =
    [
        .. Enumerable.Range(0, (int)StatusCode.Unauthenticated + 1).Select(code => ((StatusCode)code).ToString()),
    ];

    private readonly Histogram<double> duration;

    public CallMetrics(IMeterFactory meters) =>
        duration = meters
            .Create(MeterName)
            .CreateHistogram<double>(
                "rpc.server.call.duration",
                unit: "s",
                description: "Time from the request, read, to its answer, not yet written",
                advice: new() { HistogramBucketBoundaries = Buckets.Latency }
            );

    /// <param name="method">
    /// As gRPC names it, such as <c>/inventory.v1.StockService/GetInventory</c>; one string for all calls of it.
    /// </param>
    /// <param name="code">The outcome.</param>
    /// <param name="start">A <see cref="Stopwatch"/> timestamp.</param>
    public void Ended(string method, StatusCode code, long start)
    {
        if (duration.Enabled)
        {
            duration.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds,
                new("rpc.method", method),
                new("rpc.response.status_code", (uint)code < (uint)CodeNames.Length ? CodeNames[(int)code] : "Unknown")
            );
        }
    }
}
