using System.Globalization;
using System.Text.RegularExpressions;
using Inventory.Server.Tests.Hosting;
using NUnit.Framework;

namespace Inventory.Server.Tests.Telemetry;

[Parallelizable(ParallelScope.Self)]
public sealed partial class MetricsTests : ServerFixture
{
    private const string Name = "[a-z_0-9]+";
    private const string Labels = """(\{([a-z_]+="([^"\\]|\\.)*",?)+\})?""";
    private const string Number = "(-?[0-9.E+-]+|NaN|[+-]?Inf(inity)?)";
    private const string Reserve = "rpc_method=\"/inventory.v1.ReservationService/ReserveInventory\"";

    [Test]
    public async Task Calls_are_counted_by_method_and_outcome()
    {
        var sku = await Given.Stock(onHand: 1);
        var (held, refused) = (await CountAsync("OK"), await CountAsync("FailedPrecondition"));

        await Reservations.ReserveInventoryAsync(Order(sku));
        await Refused(Reservations.ReserveInventoryAsync(Order(sku)));

        Assert.That(await CountAsync("OK"), Is.GreaterThan(held));
        Assert.That(await CountAsync("FailedPrecondition"), Is.GreaterThan(refused));
    }

    [Test]
    public async Task A_histogram_adds_up_its_buckets()
    {
        await Hold(await Given.Stock(onHand: 1));

        var lines = await LinesAsync();

        const string name = "rpc_server_call_duration_seconds";
        var labels = $"{Reserve},rpc_response_status_code=\"OK\"";
        var buckets = lines
            .Where(l => l.StartsWith($"{name}_bucket{{{labels},le=", StringComparison.Ordinal))
            .Select(Value)
            .ToArray();
        Assert.That(buckets, Is.Ordered.And.Length.GreaterThan(10));
        Assert.That(
            buckets[^1],
            Is.EqualTo(Value(lines.Single(l => l.StartsWith($"{name}_count{{{labels}}}", StringComparison.Ordinal))))
        );
    }

    [Test]
    public async Task Every_line_is_of_Prometheus_text_format_and_every_name_has_one_type()
    {
        await Hold(await Given.Stock(onHand: 1));

        var lines = await LinesAsync();

        Assert.That(lines.Where(l => !Line().IsMatch(l)), Is.Empty);
        Assert.That(lines.Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal)), Is.Unique.And.Not.Empty);
        Assert.That(lines.Where(l => !l.StartsWith('#')).Select(l => l[..l.LastIndexOf(' ')]), Is.Unique);
    }

    [Test]
    public async Task The_coalescer_and_the_runtime_are_seen()
    {
        await Hold(await Given.Stock(onHand: 1));

        var lines = await LinesAsync();

        Assert.That(lines, Has.Some.StartWith("inventory_batch_size_count{operation=\"reservations.reserve\"}"));
        Assert.That(lines, Has.Some.StartWith("inventory_batch_queue_depth{operation=\"reservations.reserve\"}"));
        Assert.That(lines, Has.Some.StartWith("dotnet_gc_last_collection_heap_size_bytes"));
    }

    private async Task<double> CountAsync(string code) =>
        (await LinesAsync())
            .Where(l => l.StartsWith("rpc_server_call_duration_seconds_count", StringComparison.Ordinal))
            .Where(l =>
                l.Contains(Reserve, StringComparison.Ordinal) && l.Contains($"\"{code}\"", StringComparison.Ordinal)
            )
            .Sum(Value);

    private async Task<string[]> LinesAsync()
    {
        using var answer = await Server.Http.GetAsync("/metrics");
        Assert.That(
            answer.Content.Headers.ContentType!.ToString(),
            Is.EqualTo("text/plain; version=0.0.4; charset=utf-8")
        );
        return (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static double Value(string line) =>
        double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);

    [GeneratedRegex("^(# (HELP|TYPE) [a-z_]+ .*|" + Name + Labels + " " + Number + ")$")]
    private static partial Regex Line();
}
