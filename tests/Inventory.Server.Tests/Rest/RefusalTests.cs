using System.IO.Compression;
using System.Text;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

[Parallelizable(ParallelScope.Self)]
public sealed class RefusalTests : RestFixture
{
    private const string AnyOrder = """{"requestId": "any", "lines": [{"sku": "any", "quantity": 1}]}""";

    [Test]
    public async Task Sold_out_is_told_with_the_numbers()
    {
        var sku = await Given.Stock(onHand: 1);

        var answer = await Post(
            "/v1/reservations",
            $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 2}]}"""
        );

        Assert.That((answer.Status, answer.Code, answer.Reason), Is.EqualTo((400, 9, "INSUFFICIENT_STOCK")));
        var failure = answer.Detail("google.rpc.PreconditionFailure").GetProperty("violations")[0];
        Assert.That(failure.GetProperty("subject").GetString(), Does.Contain(sku));
        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_path_that_is_not_served_is_404_and_a_method_that_is_not_is_405_with_those_that_are()
    {
        var path = await Get("/v1/nothing");
        var method = await Send("DELETE", "/v1/items");
        var verb = await Post("/v1/reservations/abc:destroy", "{}");

        Assert.That((path.Status, path.Code, path.Reason), Is.EqualTo((404, 5, "ROUTE_UNKNOWN")));
        Assert.That((method.Status, method.Code, method.Reason), Is.EqualTo((405, 12, "METHOD_NOT_ALLOWED")));
        Assert.That(method.Headers["Allow"], Is.EqualTo("GET, HEAD, POST"));
        Assert.That(verb.Status, Is.EqualTo(405), "a reservation whose id is abc:destroy can be read");
    }

    [TestCase("/v1/items/")]
    [TestCase("/v1//items")]
    [TestCase("/v1/Items")]
    [TestCase("/v1")]
    [TestCase("/v1/items/a/b/c")]
    public async Task A_path_that_is_almost_one_is_none(string path)
    {
        Assert.That((await Get(path)).Status, Is.EqualTo(404));
    }

    [TestCase("text/plain")]
    [TestCase("application/json; charset=latin1")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase(null)]
    public async Task A_body_that_is_not_JSON_by_its_type_is_415(string? type)
    {
        var answer = await SendBytes("POST", "/v1/reservations", Encoding.UTF8.GetBytes(AnyOrder), type);

        Assert.That((answer.Status, answer.Reason), Is.EqualTo((415, "MEDIA_TYPE")));
    }

    [Test]
    public async Task An_encoding_that_is_not_known_is_415_and_the_known_one_is_told()
    {
        var answer = await Post("/v1/reservations", AnyOrder, ("Content-Encoding", "br"));

        Assert.That((answer.Status, answer.Headers["Accept-Encoding"]), Is.EqualTo((415, "gzip")));
    }

    [Test]
    public async Task A_body_over_the_limit_of_gRPC_is_413_also_when_it_unpacks_to_it()
    {
        var large = $$"""{"orderId": "{{new string('x', 128 * 1024)}}"}""";
        var bomb = Gzip(new byte[50 * 1024 * 1024]);

        var plain = await Post("/v1/reservations", large);
        var packed = await SendBytes(
            "POST",
            "/v1/reservations",
            bomb,
            "application/json",
            ("Content-Encoding", "gzip")
        );
        var elsewhere = await Post("/v1/items", large);

        Assert.That((plain.Status, plain.Code, plain.Reason), Is.EqualTo((413, 8, "BODY_TOO_LARGE")));
        Assert.That((packed.Status, packed.Reason), Is.EqualTo((413, "BODY_TOO_LARGE")));
        Assert.That(elsewhere.Status, Is.EqualTo(400), "items have a larger limit");
    }

    [Test]
    public async Task A_body_in_gzip_is_read_and_an_answer_in_gzip_is_given()
    {
        var sku = await Given.Stock(onHand: 3);
        var body = $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 2}]}""";

        var answer = await SendBytes(
            "POST",
            "/v1/reservations",
            Gzip(Encoding.UTF8.GetBytes(body)),
            "application/json",
            ("Content-Encoding", "gzip"),
            ("Accept-Encoding", "gzip")
        );

        Assert.That((answer.Status, answer.Headers["Content-Encoding"]), Is.EqualTo((200, "gzip")));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(2));
    }

    [TestCase("grpc-timeout", "300m")]
    [TestCase("X-Server-Timeout", "0.3")]
    public async Task A_deadline_is_kept_and_the_same_request_finds_the_effect(string header, string value)
    {
        var sku = await Given.Stock(onHand: 1);
        var order = $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 1}]}""";
        var row = await LockedRow.TakeAsync(Database.Tables, sku);

        var late = await Post("/v1/reservations", order, (header, value));
        await row.DisposeAsync();
        var again = await Post("/v1/reservations", order);

        Assert.That((late.Status, late.Code, late.Reason), Is.EqualTo((504, 4, "DEADLINE_EXCEEDED")));
        Assert.That(again["reservation.state"], Is.EqualTo("RESERVATION_STATE_HELD"));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [TestCase("grpc-timeout", "5")]
    [TestCase("grpc-timeout", "S")]
    [TestCase("grpc-timeout", "-5S")]
    [TestCase("X-Server-Timeout", "soon")]
    [TestCase("X-Server-Timeout", "1e999")]
    public async Task A_deadline_that_is_none_is_refused(string header, string value)
    {
        var answer = await Get("/v1/items", (header, value));

        Assert.That(answer.Fields, Is.EqualTo(new[] { (header, "FORMAT") }));
    }

    [Test]
    public async Task A_caller_that_leaves_cancels_its_call_and_the_same_request_finds_the_effect()
    {
        var sku = await Given.Stock(onHand: 1);
        var order = $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 1}]}""";
        var row = await LockedRow.TakeAsync(Database.Tables, sku);
        using var leaving = new CancellationTokenSource();

        var call = Server.Http.PostAsync(
            "/v1/reservations",
            new StringContent(order, Encoding.UTF8, "application/json"),
            leaving.Token
        );
        await Eventually.TrueAsync(() => LockedRow.IsWantedAsync(Database.Tables));
        await leaving.CancelAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        await Eventually.TrueAsync(async () =>
            (await Server.Http.GetStringAsync("/metrics"))
                .Split('\n')
                .Any(l => l.Contains("_count") && l.Contains("ReserveInventory\"") && l.Contains("Cancelled"))
        );
        await row.DisposeAsync();
        var again = await Post("/v1/reservations", order);

        Assert.That(again["reservation.state"], Is.EqualTo("RESERVATION_STATE_HELD"));
        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_database_that_is_away_is_503_with_a_time_to_wait()
    {
        await using var server = await HostedServer.StartAsync("Host=127.0.0.1;Port=1;Database=none;Username=nobody");

        using var response = await server.Http.GetAsync("/v1/items/any");
        var answer = await RestAnswer.ReadAsync(response);

        Assert.That((answer.Status, answer.Code, answer.Reason), Is.EqualTo((503, 14, "DATABASE_UNAVAILABLE")));
        Assert.That(answer.Headers["Retry-After"], Is.EqualTo("1"));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
