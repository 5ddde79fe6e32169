using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Telemetry;

[Parallelizable(ParallelScope.Self)]
public sealed class CorrelationTests : ServerFixture
{
    private const string Header = "x-correlation-id";
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{TraceId}-b7ad6b7169203331-01";

    [Test]
    public async Task An_id_that_the_caller_sends_is_echoed()
    {
        var headers = await HeadersAsync((Header, "order-77/retry-2"));

        Assert.That(headers.GetValue(Header), Is.EqualTo("order-77/retry-2"));
    }

    [Test]
    public async Task A_traceparent_without_an_id_is_echoed_by_its_trace()
    {
        var headers = await HeadersAsync(("traceparent", TraceParent));

        Assert.That(headers.GetValue(Header), Is.EqualTo(TraceId));
    }

    [Test]
    public async Task The_id_goes_before_the_trace()
    {
        var headers = await HeadersAsync((Header, "mine"), ("traceparent", TraceParent));

        Assert.That(headers.GetValue(Header), Is.EqualTo("mine"));
    }

    [TestCase(Header, "two words")]
    [TestCase(Header, "")]
    [TestCase("traceparent", "00-zz-b7ad6b7169203331-01")]
    public async Task What_is_no_id_is_not_echoed(string header, string value)
    {
        var headers = await HeadersAsync((header, value));

        Assert.That(headers.Get(Header), Is.Null);
    }

    [Test]
    public async Task An_id_of_more_than_128_characters_is_not_echoed()
    {
        var headers = await HeadersAsync((Header, new string('x', 129)));

        Assert.That(headers.Get(Header), Is.Null);
    }

    [Test]
    public async Task A_refusal_echoes_the_id_too()
    {
        var call = Reservations.GetReservationAsync(
            new() { ReservationId = Guid.NewGuid().ToString() },
            new Metadata { { Header, "refused-1" } }
        );

        await Refused(call);

        Assert.That((await call.ResponseHeadersAsync).GetValue(Header), Is.EqualTo("refused-1"));
    }

    [Test]
    public async Task An_internal_error_tells_the_caller_an_id_and_the_log_all_the_rest()
    {
        await using var broken = await TestDatabase.CreateAsync();
        await using var server = await HostedServer.StartAsync(broken.ConnectionString);
        var order = Order(await new Given(broken.Tables).Stock(onHand: 1));
        await using (var command = broken.Tables.CreateCommand("ALTER TABLE reservation RENAME TO gone"))
        {
            await command.ExecuteNonQueryAsync();
        }

        var anonymous = await Refused(server.Reservations.ReserveInventoryAsync(order));
        var known = await Refused(
            server.Reservations.ReserveInventoryAsync(
                order,
                new Metadata { { Header, "mine" }, { "traceparent", TraceParent } }
            )
        );

        var untraced = await Refused(
            server.Reservations.ReserveInventoryAsync(order, new Metadata { { Header, "order-78" } })
        );

        Assert.That((anonymous.Code, known.Code), Is.EqualTo((StatusCode.Internal, StatusCode.Internal)));
        Assert.That(anonymous.Message + anonymous.Details, Does.Not.Contain("reservation_").And.Not.Contain("42P01"));
        var id = anonymous.Info.Metadata["correlation_id"];
        // The sweep fails too, on the table that is gone, and is no call.
        Assert.That(server.Log.Alarms.First(a => a.Text.Contains(id)).Text, Does.Contain("42P01"));
        var logged = server.Log.Alarms.Last(a => a.Scope.GetValueOrDefault("CorrelationId") is "mine");
        Assert.That(known.Info.Metadata["correlation_id"], Is.EqualTo("mine"));
        Assert.That(logged.Scope["CorrelationId"], Is.EqualTo("mine"));
        Assert.That(logged.Scope["TraceId"], Is.EqualTo(TraceId));
        var made = server.Log.Alarms.Last(a => a.Scope.GetValueOrDefault("CorrelationId") is "order-78").Scope[
            "TraceId"
        ];
        Assert.That(untraced.Info.Metadata["correlation_id"], Is.EqualTo("order-78"));
        Assert.That(new[] { id, made }, Is.All.Match("^[0-9a-f]{32}$"));
    }

    private async Task<Metadata> HeadersAsync(params (string Name, string Value)[] sent)
    {
        var headers = new Metadata();
        foreach (var (name, value) in sent)
        {
            headers.Add(name, value);
        }

        var call = Reservations.ReserveInventoryAsync(Order(await Given.Stock(onHand: 1)), headers);
        await call;
        return await call.ResponseHeadersAsync;
    }
}
