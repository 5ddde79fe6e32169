using System.Text.Json;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Watching;

/// <summary>Watches over HTTP.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WatchRestTests : RestFixture
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    [TestCase("text/event-stream", "data: ")]
    [TestCase("application/x-ndjson", """{"result":""")]
    public async Task A_change_is_told_while_the_stream_is_open(string accept, string start)
    {
        var sku = await Given.Stock(onHand: 5);
        using var giveUp = new CancellationTokenSource(WaitMax);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/availability:watch?skus={sku}");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Server.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            giveUp.Token
        );
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(giveUp.Token));

        var first = await NextAsync();
        await Post(
            "/v1/reservations",
            $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 2}]}"""
        );
        var second = await NextAsync();

        Assert.That((first, second), Is.EqualTo((5L, 3L)));

        async Task<long> NextAsync()
        {
            while (true)
            {
                var line = (await reader.ReadLineAsync(giveUp.Token))!;
                // An event stream that is silent for a second, as on a slow machine, says in a comment that it lives.
                if (line.Length == 0 || line.StartsWith(':'))
                {
                    continue;
                }

                Assert.That(line, Does.StartWith(start));
                var message = JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
                var told = message.TryGetProperty("result", out var result) ? result : message;
                if (told.GetProperty("availabilities") is { } items && items.GetArrayLength() > 0)
                {
                    return long.Parse(items[0].GetProperty("totals").GetProperty("available").GetString()!);
                }
            }
        }
    }

    [Test]
    public async Task A_watch_that_cannot_begin_has_the_status_of_its_error()
    {
        var kit = await Given.Kit((await Given.Item(), 1));

        var unknown = await Get($"/v1/availability:watch?skus={Some.Sku()}", ("Accept", "text/event-stream"));
        var ofKit = await Get($"/v1/availability:watch?skus={kit}");
        var nobody = await Get("/v1/reservations:watch");

        Assert.That((unknown.Status, unknown.Reason), Is.EqualTo((404, "SKU_UNKNOWN")));
        Assert.That((ofKit.Status, ofKit.Reason), Is.EqualTo((400, "ITEM_IS_KIT")));
        Assert.That(nobody.Status, Is.EqualTo(400));
    }
}
