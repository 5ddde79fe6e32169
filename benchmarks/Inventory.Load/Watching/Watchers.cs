using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Grpc.Net.Client;
using Inventory.Load.Measure;
using Inventory.V1;

namespace Inventory.Load.Watching;

/// <summary>
/// Calls of WatchAvailability over a few connections, each of some sold SKUs and one probe; and who reserves the
/// probes, and times each message that tells of it.
/// </summary>
internal sealed class Watchers(IPEndPoint server) : IDisposable
{
    public const int Items = 100_000;
    public const int FirstProbe = Items - ProbeCount + 1;
    private const int ProbeCount = 50;
    private const int SoldSkusEach = 10;

    // A server lets a connection have 256 calls.
    private const int Connections = 25;

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StragglersMax = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(string Sku, long Reserved), long> answered = [];
    private readonly Dictionary<string, long> reserved = [];
    private readonly List<GrpcChannel> channels = [];
    private readonly List<Task> calls = [];
    private CancellationTokenSource leaving = new();
    private int run;
    private int begun;
    private long messages;

    public Histogram Latency { get; private set; } = new();

    public long Messages => Volatile.Read(ref messages);

    /// <summary>Returns when each has been told of all that it watches.</summary>
    public async Task ComeAsync(int count)
    {
        (Latency, leaving) = (new(), new());
        Volatile.Write(ref begun, 0);
        var random = new Random(++run);
        for (var i = 0; i < Connections; i++)
        {
            channels.Add(GrpcChannel.ForAddress($"http://{server}"));
        }

        for (var i = 0; i < count; i++)
        {
            var request = new WatchAvailabilityRequest { Skus = { Sku(FirstProbe + i % ProbeCount) } };
            for (var item = 0; item < SoldSkusEach; item++)
            {
                request.Skus.Add(Sku(random.Next(1, FirstProbe)));
            }

            calls.Add(
                WatchAsync(new AvailabilityService.AvailabilityServiceClient(channels[i % Connections]), request)
            );
        }

        var since = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref begun) < count)
        {
            await Task.WhenAny(Task.WhenAny(calls), Task.Delay(ProbeEvery));
            if (calls.Find(c => c.IsFaulted) is { } failed)
            {
                await failed;
            }
        }

        Console.WriteLine($"  {count:N0} watchers came within {Stopwatch.GetElapsedTime(since).TotalSeconds:f1} s");
        Volatile.Write(ref messages, 0);
    }

    /// <summary>Reserves the probes in turn.</summary>
    public async Task ProbeAsync(TimeSpan length)
    {
        using var channel = GrpcChannel.ForAddress($"http://{server}");
        var client = new ReservationService.ReservationServiceClient(channel);
        var since = Stopwatch.GetTimestamp();
        for (var probe = 0; Stopwatch.GetElapsedTime(since) < length; probe++)
        {
            var sku = Sku(FirstProbe + probe % ProbeCount);
            var order = new ReserveInventoryRequest
            {
                RequestId = string.Create(CultureInfo.InvariantCulture, $"probe-{run}-{probe}"),
                Lines =
                {
                    new ReserveLine { Sku = sku, Quantity = 1 },
                },
            };
            var next = reserved[sku] = reserved.GetValueOrDefault(sku) + 1;
            await client.ReserveInventoryAsync(order);
            answered[(sku, next)] = Stopwatch.GetTimestamp();
            await Task.Delay(ProbeEvery);
        }

        await Task.Delay(StragglersMax);
    }

    public async Task LeaveAsync()
    {
        await leaving.CancelAsync();
        await Task.WhenAll(calls);
        calls.Clear();
        channels.ForEach(c => c.Dispose());
        channels.Clear();
        leaving.Dispose();
    }

    public void Dispose()
    {
        channels.ForEach(c => c.Dispose());
        leaving.Dispose();
    }

    private static string Sku(int item) => string.Create(CultureInfo.InvariantCulture, $"SKU-{item:d12}");

    private async Task WatchAsync(
        AvailabilityService.AvailabilityServiceClient client,
        WatchAvailabilityRequest request
    )
    {
        var probe = request.Skus[0];
        var known = -1L;
        try
        {
            using var call = client.WatchAvailability(request, cancellationToken: leaving.Token);
            while (await call.ResponseStream.MoveNext(leaving.Token))
            {
                Interlocked.Increment(ref messages);
                foreach (var item in call.ResponseStream.Current.Availabilities.Where(a => a.Sku == probe))
                {
                    if (known < 0)
                    {
                        Interlocked.Increment(ref begun);
                    }
                    else
                    {
                        Told(probe, known, item.Totals.Reserved);
                    }

                    known = item.Totals.Reserved;
                }
            }
        }
        catch (Exception) when (leaving.IsCancellationRequested)
        {
            // It has left, as it was told.
        }
    }

    // What is told before the answer has come back counts as at once.
    private void Told(string probe, long before, long now)
    {
        var read = Stopwatch.GetTimestamp();
        lock (gate)
        {
            for (var number = before + 1; number <= now; number++)
            {
                Latency.Record(
                    answered.TryGetValue((probe, number), out var at)
                        ? Stopwatch.GetElapsedTime(Math.Min(at, read), read)
                        : TimeSpan.Zero
                );
            }
        }
    }
}
