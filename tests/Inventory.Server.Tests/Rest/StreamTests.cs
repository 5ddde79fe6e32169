using System.Text.Json;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

/// <summary>One by one: a server verifies once at a time.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class StreamTests : RestFixture
{
    [TestCase(null)]
    [TestCase("*/*")]
    [TestCase("application/x-ndjson")]
    [TestCase("application/json")]
    public async Task A_stream_is_lines_of_JSON(string? accept)
    {
        await Given.Stock(onHand: 3);

        var answer = await Get("/v1/journal:verify", accept is null ? [] : [("Accept", accept)]);

        Assert.That(answer.Headers["Content-Type"], Is.EqualTo("application/x-ndjson"));
        var last = JsonDocument.Parse(answer.Text.TrimEnd('\n').Split('\n')[^1]).RootElement.GetProperty("result");
        Assert.That(last.GetProperty("result").GetProperty("consistent").GetBoolean(), Is.True);
    }

    [Test]
    public async Task A_stream_is_events_where_they_are_asked_for()
    {
        await Given.Stock(onHand: 3);

        var answer = await Get("/v1/journal:verify", ("Accept", "text/event-stream"));

        Assert.That(answer.Headers["Content-Type"], Is.EqualTo("text/event-stream"));
        // Comments keep a stream alive that has nothing to say for a while.
        var events = answer.Text.TrimEnd('\n').Split("\n\n").Where(e => !e.StartsWith(':')).ToArray();
        Assert.That(events, Is.All.StartsWith("data: {"));
        var last = JsonDocument.Parse(events[^1]["data: ".Length..]).RootElement;
        Assert.That(last.GetProperty("result").GetProperty("stockRows").GetString(), Is.Not.EqualTo("0"));
    }

    [Test]
    public async Task An_error_before_the_first_message_has_its_own_status()
    {
        var answer = await Get("/v1/journal:verify?colour=red");

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Headers["Content-Type"], Does.StartWith("application/json"));
    }
}
