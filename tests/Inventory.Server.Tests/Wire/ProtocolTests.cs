using Google.Protobuf;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Wire;

[Parallelizable(ParallelScope.Self)]
public sealed class ProtocolTests : ServerFixture
{
    private const string Reserve = "/inventory.v1.ReservationService/ReserveInventory";

    [Test]
    public async Task An_unknown_method_is_unimplemented_and_so_is_an_unknown_service()
    {
        var method = await Assert.ThrowsAsync<RpcException>(() => Server.Channel.SendAsync("ReserveEverything", []));
        var service = await Assert.ThrowsAsync<RpcException>(() =>
            Server.Channel.SendAsync("A", [], "inventory.v1.None")
        );

        Assert.That(method!.StatusCode, Is.EqualTo(StatusCode.Unimplemented));
        Assert.That(service!.StatusCode, Is.EqualTo(StatusCode.Unimplemented));
    }

    [Test]
    public async Task A_message_over_its_limit_is_refused_and_the_next_call_is_served()
    {
        var order = Order(await Given.Stock(1));
        var large = order.Clone();
        large.OrderId = new string('x', 128 * 1024);

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Reservations.ReserveInventoryAsync(large)
        );
        var served = await Reservations.ReserveInventoryAsync(order);

        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(served.Reservation.State, Is.EqualTo(ReservationState.Held));
    }

    [Test]
    public async Task A_message_in_gzip_is_read()
    {
        var order = Order(await Given.Stock(1));
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        var answer = await Reservations.ReserveInventoryAsync(order, headers);

        Assert.That(answer.Reservation.RequestId, Is.EqualTo(order.RequestId));
    }

    [Test]
    public async Task A_gzip_bomb_is_refused_before_it_unpacks()
    {
        var bomb = RawCalls.GzipFrame(new byte[100 * 1024 * 1024]);
        Assert.That(bomb, Has.Length.LessThan(128 * 1024), "small enough to be let in");

        var (code, detail) = await RawCalls.PostAsync(new Uri(Server.Ports.Grpc), Reserve, bomb, "gzip");

        Assert.That(code, Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(detail, Is.EqualTo("The message unpacks to more than 131072 bytes."));
    }

    [Test]
    public async Task An_encoding_that_is_not_known_is_unimplemented()
    {
        var (code, _) = await RawCalls.PostAsync(new Uri(Server.Ports.Grpc), Reserve, [1, 0, 0, 0, 1, 0], "zip");

        Assert.That(code, Is.EqualTo(StatusCode.Unimplemented));
    }

    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF })]
    [TestCase(new byte[] { 0x0A, 0x7F, 0x61 })]
    [TestCase(new byte[] { 0x0C })]
    public async Task Bytes_that_are_no_message_end_the_call_and_nothing_else(byte[] garbage)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            Server.Channel.SendAsync("ReserveInventory", garbage)
        );
        var served = await Hold(await Given.Stock(1));

        Assert.That(new Refusal(refused!).Reason, Is.EqualTo("MESSAGE_MALFORMED"));
        Assert.That(served.State, Is.EqualTo(ReservationState.Held));
        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    [Test]
    public async Task Nesting_without_end_ends_the_call_and_nothing_else()
    {
        // Groups of an unknown field, ten thousand deep: a parser that recurses without a bound would end the process.
        var nested = new byte[20_000];
        Array.Fill(nested, (byte)0x7B, 0, 10_000);
        Array.Fill(nested, (byte)0x7C, 10_000, 10_000);

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            Server.Channel.SendAsync("ReserveInventory", nested)
        );

        Assert.That(new Refusal(refused!).Reason, Is.EqualTo("MESSAGE_MALFORMED"));
    }

    [Test]
    public async Task A_field_of_a_later_version_is_skipped()
    {
        var order = Order(await Given.Stock(1));
        byte[] message = [.. order.ToByteArray(), 0xFA, 0x7F, 0x02, 0x68, 0x69];

        var answer = ReserveInventoryResponse.Parser.ParseFrom(
            await Server.Channel.SendAsync("ReserveInventory", message)
        );

        Assert.That(answer.Reservation.RequestId, Is.EqualTo(order.RequestId));
    }

    [Test]
    public async Task HTTP_1_on_the_port_of_gRPC_and_gRPC_on_the_port_of_HTTP_are_turned_away()
    {
        using var http = new HttpClient();

        using var plain = await http.GetAsync(new Uri(new Uri(Server.Ports.Grpc), "/health"));
        using var grpc = await Server.Http.PostAsync(Reserve, new ByteArrayContent([]));

        Assert.That((int)plain.StatusCode, Is.EqualTo(400));
        Assert.That((int)grpc.StatusCode, Is.GreaterThanOrEqualTo(400));
    }

    [Test]
    public async Task A_deadline_is_kept_while_the_database_waits_and_the_same_request_finds_the_effect()
    {
        var sku = await Given.Stock(onHand: 1);
        var order = Order(sku);
        var row = await LockedRow.TakeAsync(Database.Tables, sku);

        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300);
        var late = await Assert.ThrowsAsync<RpcException>(async () =>
            await Reservations.ReserveInventoryAsync(order, deadline: deadline)
        );
        await row.DisposeAsync();
        var again = await Reservations.ReserveInventoryAsync(order);

        Assert.That(late!.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));
        Assert.That(again.Reservation.State, Is.EqualTo(ReservationState.Held));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_caller_that_cancels_is_told_so_and_the_same_request_finds_the_effect()
    {
        var (sku, other) = (await Given.Stock(onHand: 1), await Given.Stock(onHand: 1));
        var order = Order(sku);
        var row = await LockedRow.TakeAsync(Database.Tables, sku);
        using var leaving = new CancellationTokenSource();

        var call = Reservations.ReserveInventoryAsync(order, cancellationToken: leaving.Token).ResponseAsync;
        await Eventually.TrueAsync(() => LockedRow.IsWantedAsync(Database.Tables));
        await leaving.CancelAsync();
        var left = await Assert.ThrowsAsync<RpcException>(() => call);
        var neighbour = await Hold(other);
        await row.DisposeAsync();
        var again = await Reservations.ReserveInventoryAsync(order);

        Assert.That(left!.StatusCode, Is.EqualTo(StatusCode.Cancelled));
        Assert.That(neighbour.State, Is.EqualTo(ReservationState.Held));
        Assert.That(again.Reservation.State, Is.EqualTo(ReservationState.Held));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
        Assert.That(Server.Log.Alarms, Is.Empty);
    }
}
