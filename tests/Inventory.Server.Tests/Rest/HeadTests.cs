using Inventory.Server.Security;
using Inventory.Server.Tests.Security;
using Microsoft.AspNetCore.Routing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

/// <summary>HEAD is GET without a body, for whoever may GET and for nobody else.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class HeadTests : SecuredFixture
{
    /// <summary>What differs from answer to answer; and how a body is sent that is not.</summary>
    private static readonly string[] Passing = ["Date", "x-correlation-id", "Transfer-Encoding"];

    private RouteEndpoint[] Reads =>
        [
            .. Server
                .Part<IEnumerable<EndpointDataSource>>()
                .SelectMany(s => s.Endpoints)
                .OfType<RouteEndpoint>()
                .Where(e => Methods(e).Contains("GET")),
        ];

    [Test]
    public void Whatever_has_GET_has_HEAD()
    {
        var without = Reads.Where(e => !Methods(e).Contains("HEAD")).Select(e => e.DisplayName);

        Assert.That(Reads, Has.Length.GreaterThan(12));
        Assert.That(without, Is.Empty);
    }

    [TestCase("")]
    [TestCase("gzip")]
    public async Task What_is_open_tells_by_HEAD_what_it_tells_by_GET(string encodings)
    {
        (string, string)[] headers = encodings.Length == 0 ? [] : [("Accept-Encoding", encodings)];
        foreach (var path in Reads.Where(e => Access.Of(e)!.IsOpen).Select(e => e.RoutePattern.RawText!))
        {
            var get = await Get(path, headers);
            var head = await Send("HEAD", path, null, headers);

            Assert.That((head.Status, head.Text), Is.EqualTo((200, "")), path);
            Assert.That(Lasting(head), Is.EquivalentTo(Lasting(get)), path);
        }
    }

    [Test]
    public async Task After_the_head_of_a_page_nothing_comes_but_the_end()
    {
        var answer = await SendLine("HEAD", "/docs");

        Assert.That(answer, Does.StartWith("HTTP/1.1 200").And.EndWith("\r\n\r\n").And.Contain("Content-Length: "));
    }

    [TestCase("/metrics", "reports.read")]
    [TestCase("/v1/inventory/export", "stock.read")]
    [TestCase("/v1/reports/export?report=STOCK_LEVELS", "reports.read")]
    public async Task What_asks_who_reads_asks_who_wants_the_head(string path, string scope)
    {
        var stranger = await Send("HEAD", path);
        var other = await Send("HEAD", path, null, ("authorization", $"Bearer {Issuer.Token("stock.write")}"));
        var allowed = await Send("HEAD", path, null, ("authorization", $"Bearer {Issuer.Token(scope)}"));

        Assert.That((stranger.Status, other.Status, allowed.Status), Is.EqualTo((401, 403, 200)));
        Assert.That(stranger.Text + other.Text + allowed.Text, Is.Empty);
    }

    [Test]
    public async Task A_session_is_not_told_by_HEAD_to_who_is_in_none()
    {
        var stranger = await Send("HEAD", "/session");

        Assert.That(stranger.Status, Is.EqualTo(401));
    }

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private static IEnumerable<string> Lasting(RestAnswer answer) =>
        answer
            .Headers.Where(h => !Passing.Contains(h.Key, StringComparer.OrdinalIgnoreCase))
            .Select(h => $"{h.Key}: {h.Value}");
}
