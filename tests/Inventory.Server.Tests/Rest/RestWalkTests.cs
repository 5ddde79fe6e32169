using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Inventory.Server.Tests.Wire;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

/// <summary>Every RPC of the protos, with every bad request, over REST: a clear answer, nothing broken.</summary>
public sealed partial class RestWalkTests : RestFixture
{
    // Of google.rpc.Code: UNKNOWN, ABORTED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS.
    private static readonly int[] Faults = [2, 10, 12, 13, 14, 15];

    // A client's stream has no route (RouteTests).
    private static IEnumerable<TestCaseData> Methods =>
        RequestWalk.Methods.Where(c => !((MethodDescriptor)c.Arguments[0]!).IsClientStreaming);

    [TestCaseSource(nameof(Methods))]
    public async Task Whatever_field_is_wrong_the_answer_is_clear(object walked)
    {
        var method = (MethodDescriptor)walked;
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        foreach (var (request, what) in RequestWalk.Requests(method))
        {
            if (TryFormat(request) is { } json && await AskAsync(rule, request, json) is { } answer)
            {
                Check(answer, what);
            }
        }

        Assert.That(await Then.Violations(), Is.Empty);
    }

    private static void Check(RestAnswer answer, string what)
    {
        Assert.That(answer.Status, Is.InRange(200, 499), $"{what}: {answer}");
        if (answer.Text.Length == 0)
        {
            // A path with NUL in it, or too long, reaches nothing of ours: the web server takes no such line.
            Assert.That(answer.Status, Is.EqualTo(400).Or.EqualTo(414), what);
            return;
        }

        Assert.That(Faults, Does.Not.Contain(answer.Code), $"{what}: {answer}");
        if (answer.Code == 3)
        {
            Assert.That(answer.Fields, Is.Not.Empty, $"{what}: {answer}");
            Assert.That(answer.Fields.Select(f => f.Field), Has.None.Empty, what);
            Assert.That(answer.Fields.Select(f => f.Reason), Has.None.Empty, what);
        }
    }

    /// <returns>None of a stream that has begun: it has no end.</returns>
    private async Task<RestAnswer?> AskAsync(HttpRule rule, IMessage request, string json)
    {
        var (verb, template) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => (HttpMethod.Get, rule.Get),
            HttpRule.PatternOneofCase.Put => (HttpMethod.Put, rule.Put),
            HttpRule.PatternOneofCase.Post => (HttpMethod.Post, rule.Post),
            HttpRule.PatternOneofCase.Delete => (HttpMethod.Delete, rule.Delete),
            HttpRule.PatternOneofCase.Patch => (HttpMethod.Patch, rule.Patch),
            _ => throw new NotSupportedException($"{rule} has no path."),
        };
        var path = Variable().Replace(template, m => Uri.EscapeDataString(Text(request, m.Groups[1].Value)));
        var query =
            rule.Body.Length > 0 ? "" : "?" + string.Join('&', Leaves(JsonDocument.Parse(json).RootElement, ""));
        using var asked = new HttpRequestMessage(verb, path + query);
        if (rule.Body.Length > 0)
        {
            asked.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            asked.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var response = await Server.Http.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, enough.Token);
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        return await RestAnswer.ReadAsync(response);
    }

    // Some of what can be wrong on the wire cannot be said in JSON.
    private static string? TryFormat(IMessage request)
    {
        try
        {
            return JsonFormatter.Default.Format(request);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(IMessage message, string name)
    {
        var value = message.Descriptor.FindFieldByName(name)?.Accessor.GetValue(message)?.ToString();
        return string.IsNullOrEmpty(value) ? "x" : value;
    }

    private static IEnumerable<string> Leaves(JsonElement json, string name) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject()
                .SelectMany(p => Leaves(p.Value, name.Length == 0 ? p.Name : $"{name}.{p.Name}")),
            JsonValueKind.Array => json.EnumerateArray().SelectMany(e => Leaves(e, name)),
            _ => [$"{name}={Uri.EscapeDataString(json.ToString())}"],
        };

    [GeneratedRegex(@"\{([a-z_]+)[^}]*\}")]
    private static partial Regex Variable();
}
