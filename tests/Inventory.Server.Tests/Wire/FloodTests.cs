using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;
using static Inventory.Server.Tests.Wire.RawHttp2;

namespace Inventory.Server.Tests.Wire;

/// <summary>What attacks HTTP/2 itself. A connection may be lost to it, and nobody else's call.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class FloodTests : ServerFixture
{
    private const string Path = "/grpc.health.v1.Health/Check";
    private const int EnhanceYourCalm = 11;

    [Test]
    public async Task Headers_without_end_close_the_connection()
    {
        await using var hostile = await ConnectAsync(new Uri(Server.Ports.Grpc));
        var reading = hostile.ReadToEndAsync();
        await hostile.SendAsync(Frame(Headers, 0, 1, CallHeaders(Path)));

        var filler = Frame(Continuation, 0, 1, Literal("x", new string('y', 100)));
        var taken = 0;
        while (taken < 100_000 && await hostile.SendAsync(filler))
        {
            taken++;
        }

        Assert.That(await reading.WaitAsync(TimeSpan.FromSeconds(30)), Is.Not.Zero);
        Assert.That(taken, Is.LessThan(100_000), "it was closed before all was sent");
        await ServesAsync();
    }

    [Test]
    public async Task A_caller_that_never_ends_its_headers_is_let_go()
    {
        await using var slow = await ConnectAsync(new Uri(Server.Ports.Grpc));
        await slow.SendAsync(Frame(Headers, 0, 1, CallHeaders(Path)));

        await slow.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));

        await ServesAsync();
    }

    [Test]
    public async Task Calls_that_are_reset_as_soon_as_they_begin_take_no_call_of_others()
    {
        await using var hostile = await ConnectAsync(new Uri(Server.Ports.Grpc));
        var reading = hostile.ReadToEndAsync();
        var headers = CallHeaders(Path);
        var flood = Task.Run(async () =>
        {
            for (var stream = 1; stream < 200_000; stream += 2)
            {
                byte[] burst =
                [
                    .. Frame(Headers, EndHeaders, stream, headers),
                    .. Frame(ResetStream, 0, stream, 0, 0, 0, 8),
                ];
                if (!await hostile.SendAsync(burst))
                {
                    return;
                }
            }
        });

        do
        {
            await ServesAsync();
        } while (!flood.IsCompleted);

        await hostile.DisposeAsync();
        Assert.That(await reading.WaitAsync(TimeSpan.FromSeconds(30)), Is.Null.Or.EqualTo(EnhanceYourCalm));
        // Kestrel logs it as critical that it closes a connection whose answers pile up. Nothing else may be alarmed.
        Assert.That(Server.Log.Alarms.Where(a => a.Category != "Microsoft.AspNetCore.Server.Kestrel.Http2"), Is.Empty);
    }

    [Test]
    public async Task Pings_whose_answers_nobody_reads_are_soon_read_no_more()
    {
        await using var hostile = await ConnectAsync(new Uri(Server.Ports.Grpc));
        var ping = Frame(Ping, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        byte[] burst = [.. Enumerable.Repeat(ping, 1_000).SelectMany(p => p)];

        var sent = 0;
        while (sent < 1_000 && await TakesAsync(hostile, burst))
        {
            sent++;
        }

        Assert.That(sent, Is.LessThan(1_000), "what is not read here is not kept there");
        await ServesAsync();
    }

    /// <summary>Either it stops reading, or it closes: both end a flood.</summary>
    private static async Task<bool> TakesAsync(RawHttp2 hostile, byte[] burst)
    {
        try
        {
            return await hostile.SendAsync(burst).WaitAsync(TimeSpan.FromSeconds(2));
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task ServesAsync()
    {
        var held = await Hold(await Given.Stock(onHand: 1));
        Assert.That(held.State, Is.EqualTo(ReservationState.Held));
    }
}
