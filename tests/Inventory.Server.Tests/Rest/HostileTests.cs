using System.Text;
using System.Text.RegularExpressions;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

/// <summary>Nobody writes this by mistake. It is the caller's fault all the same: 400, and never 500.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class HostileTests : RestFixture
{
    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("7")]
    [TestCase("\"text\"")]
    [TestCase("{")]
    [TestCase("{}{}")]
    [TestCase("{'sku': 1}")]
    [TestCase("{\"sku\": NaN}")]
    [TestCase("{\"sku\": \"a\",}")]
    [TestCase("/* */ {}")]
    [TestCase("{\"sku\": \"\\ud800\"}")]
    [TestCase("{\"\\ud800\": 1}")]
    [TestCase("{\"sku\": \"a\\u0000b\"}")]
    [TestCase("{\"safetyStock\": 1e400}")]
    [TestCase("{\"safetyStock\": 1e-400}")]
    [TestCase("{\"safetyStock\": \"NaN\"}")]
    [TestCase("{\"safetyStock\": 9223372036854775808}")]
    [TestCase("{\"safetyStock\": {}}")]
    [TestCase("{\"price\": 1e999999}")]
    [TestCase("{\"price\": \"10\"}")]
    [TestCase("{\"price\": [1]}")]
    [TestCase("{\"price\": {\"price\": {\"price\": 1}}}")]
    [TestCase("{\"status\": 2147483648}")]
    [TestCase("{\"status\": {}}")]
    [TestCase("{\"barcodes\": \"x\"}")]
    [TestCase("{\"barcodes\": {\"0\": \"x\"}}")]
    [TestCase("{\"__proto__\": {}, \"constructor\": 1}")]
    public async Task A_body_that_no_client_would_send_is_the_callers_fault(string body)
    {
        var answer = await Post("/v1/items", body);

        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, 3)));
        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    [TestCase("{\"latitude\": \"NaN\", \"longitude\": \"Infinity\"}")]
    [TestCase("{\"latitude\": 1e309, \"longitude\": 0}")]
    [TestCase("{\"latitude\": \"north\", \"longitude\": 0}")]
    public async Task A_place_that_is_nowhere_is_refused(string location)
    {
        var body = $$"""{"code": "{{Some.WarehouseCode()}}", "name": "A", "location": {{location}}}""";

        var answer = await Post("/v1/warehouses", body);

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Fields.First().Field, Is.EqualTo("location.latitude"));
    }

    [Test]
    public async Task Nesting_without_end_is_refused_before_it_is_followed()
    {
        var arrays = await Post("/v1/items", $$"""{"sku": {{new string('[', 60_000)}}{{new string(']', 60_000)}}}""");
        var objects = await Post(
            "/v1/items",
            string.Concat(Enumerable.Repeat("{\"price\":", 10_000)) + "1" + new string('}', 10_000)
        );

        Assert.That((arrays.Status, arrays.Reason), Is.EqualTo((400, "MESSAGE_MALFORMED")));
        Assert.That((objects.Status, objects.Reason), Is.EqualTo((400, "MESSAGE_MALFORMED")));
    }

    [Test]
    public async Task Ten_thousand_mistakes_are_told_in_few_bytes()
    {
        var body = $"{{{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"no{i}\":{i}"))}}}";

        var answer = await Post("/v1/items", body);

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Text, Has.Length.LessThan(20_000));
        Assert.That(answer.Json.GetProperty("message").GetString(), Does.EndWith("and 9999 more."));
    }

    [TestCase(new byte[] { 0x7B, 0x22, 0x73, 0x6B, 0x75, 0x22, 0x3A, 0x22, 0xC3, 0x28, 0x22, 0x7D })]
    [TestCase(new byte[] { 0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00 })]
    [TestCase(new byte[] { 0x00 })]
    [TestCase(new byte[] { 0x1F, 0x8B, 0x08 })]
    public async Task Bytes_that_are_no_text_are_refused(byte[] body)
    {
        var answer = await SendBytes("POST", "/v1/items", body, "application/json");
        var packed = await SendBytes("POST", "/v1/items", body, "application/json", ("Content-Encoding", "gzip"));

        Assert.That((answer.Status, answer.Reason), Is.EqualTo((400, "MESSAGE_MALFORMED")));
        Assert.That((packed.Status, packed.Reason), Is.EqualTo((400, "MESSAGE_MALFORMED")));
    }

    [TestCase("/v1/items/%")]
    [TestCase("/v1/items/%zz")]
    [TestCase("/v1/items/%C3%28")]
    [TestCase("/v1/items/%00")]
    [TestCase("/v1/items/%ED%A0%80")]
    public async Task A_path_that_is_not_well_encoded_is_refused(string target)
    {
        var answer = await SendLine("GET", target);

        Assert.That(answer, Does.StartWith("HTTP/1.1 400"));
    }

    [TestCase(65, 400)]
    [TestCase(7_000, 400)]
    [TestCase(9_000, 414)]
    public async Task A_path_that_is_too_long_is_refused(int length, int status)
    {
        var answer = await Get($"/v1/items/{new string('x', length)}");

        Assert.That(answer.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task A_target_in_absolute_form_is_served()
    {
        var sku = await Given.Item();

        var answer = await SendLine("GET", $"{Server.Ports.Http}/v1/items/{sku}?variant_id=");

        Assert.That(answer, Does.StartWith("HTTP/1.1 200").And.Contain(sku));
    }

    [Test]
    public async Task Random_bytes_and_random_JSON_never_break_the_server()
    {
        const int Seed = 20_261_125;
        var random = new Random(Seed);
        var routes = Server.Part<Server.Rest.Routing.RestRouter>().Routes;
        string[] scraps =
        [
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "null",
            "1e999",
            "-1",
            "\"\\ud83d\"",
            "\"sku\"",
            "\"lines\"",
        ];

        for (var i = 0; i < 500; i++)
        {
            var route = routes[random.Next(routes.Count)];
            var path = Variable().Replace(route.Template.Text, $"x{random.Next()}");
            var body = string.Concat(
                Enumerable.Range(0, random.Next(12)).Select(_ => scraps[random.Next(scraps.Length)])
            );
            var answer = route.HttpMethod is "GET" or "DELETE"
                ? await Send(route.HttpMethod, $"{path}?{Uri.EscapeDataString(body)}={random.Next()}")
                : await SendBytes(route.HttpMethod, path, Encoding.UTF8.GetBytes(body), "application/json");
            // Nothing at all is a whole request of a call that needs nothing, as a snapshot.
            int[] allowed = body.Length == 0 ? [200, 400, 404, 405] : [400, 404, 405];
            Assert.That(allowed, Does.Contain(answer.Status), $"seed {Seed}, {i}: {route} {body} {answer}");
        }

        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Variable();
}
