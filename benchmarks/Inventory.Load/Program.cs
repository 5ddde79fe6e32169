using System.Net;
using Inventory.Load.Calls;
using Inventory.Load.Driving;

var load = new UnaryLoad(new HealthChecks(), Pace.Closed());
using var loop = new LoadLoop([IPEndPoint.Parse(args[0])], int.Parse(args[1]), int.Parse(args[2]), load);
var t = loop.Run(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
Console.WriteLine(
    $"{t.PerSecond(Outcome.Read):N0}/s p50 {t.Latency.Percentile(.5).TotalMicroseconds} p99 {t.Latency.Percentile(.99).TotalMicroseconds} cpu {Environment.CpuUsage.TotalTime.TotalSeconds:N2}"
);
foreach (var f in t.Failures)
    Console.WriteLine(f);
