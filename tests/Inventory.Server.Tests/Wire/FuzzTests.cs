using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Wire;

/// <summary>
/// Random requests for random RPCs, whole and spoilt, over gRPC and through the transcoder, for a bounded time:
/// whatever comes is answered, by a status that is not our fault. The seed is told; INVENTORY_TEST_SEED runs one again.
/// What was found stands in <see cref="FuzzFinds"/>, and is asked each time.
/// </summary>
public sealed partial class FuzzTests : RestFixture
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    private static readonly StatusCode[] Faults =
    [
        StatusCode.Unknown,
        StatusCode.Unavailable,
        StatusCode.Unimplemented,
        StatusCode.DataLoss,
        StatusCode.DeadlineExceeded,
    ];

    private static readonly MethodDescriptor[] Methods =
    [
        .. RequestWalk
            .Methods.Select(c => (MethodDescriptor)c.Arguments[0]!)
            .Where(m => !m.IsClientStreaming && !m.IsServerStreaming),
    ];

    /// <summary>Verb, path and body of requests that once were answered by a fault of ours.</summary>
    private static IEnumerable<TestCaseData> Found =>
        FuzzFinds.All.Select(f => new TestCaseData(f.Verb, f.Path, f.Body));

    [Test]
    public async Task Random_messages_over_gRPC_are_answered_and_nothing_breaks()
    {
        var (seed, random) = Seeded();
        var requests = new RandomRequests(random);
        var count = 0;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Length; count++)
        {
            var method = Methods[random.Next(Methods.Length)];
            var bytes = requests.Make(method.InputType).ToByteArray();
            bytes = random.Next(3) == 0 ? requests.Spoil(bytes) : bytes;
            try
            {
                await Server.Channel.SendAsync(method.Name, bytes, method.Service.FullName).WaitAsync(AnswerMax);
            }
            catch (RpcException e)
            {
                var what = $"seed {seed}, {method.FullName}, {Convert.ToBase64String(bytes)}: {e.Status}";
                Assert.That(Faults, Does.Not.Contain(e.StatusCode), what);
                if (e.StatusCode == StatusCode.Internal)
                {
                    Assert.That(new Refusal(e).Reason, Is.EqualTo("MESSAGE_MALFORMED"), what);
                }
            }
        }

        await TestContext.Out.WriteLineAsync($"{count} requests");
        Assert.That(await Then.Violations(), Is.Empty, $"seed {seed}");
    }

    [Test]
    public async Task Random_JSON_paths_and_queries_are_answered_and_nothing_breaks()
    {
        var (seed, random) = Seeded();
        var requests = new RandomRequests(random);
        var count = 0;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Length; count++)
        {
            var method = Methods[random.Next(Methods.Length)];
            if (TryFormat(requests.Make(method.InputType)) is not { } json)
            {
                continue;
            }

            var body = Encoding.UTF8.GetBytes(json);
            body = random.Next(2) == 0 ? requests.Spoil(body) : body;
            var (verb, template) = Target(method);
            var path = Variable().Replace(template, _ => Segment(random));
            await AskAsync(verb, path + Query(random), body, $"seed {seed}");
        }

        await TestContext.Out.WriteLineAsync($"{count} requests");
        Assert.That(await Then.Violations(), Is.Empty, $"seed {seed}");
    }

    [TestCaseSource(nameof(Found))]
    public Task What_was_found_once_is_answered(string verb, string path, string body) =>
        AskAsync(verb, path, Encoding.UTF8.GetBytes(body), "found");

    private async Task AskAsync(string verb, string path, byte[] body, string seed)
    {
        using var asked = new HttpRequestMessage(new HttpMethod(verb), path);
        if (verb is not "GET")
        {
            asked.Content = new ByteArrayContent(body);
            asked.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await Server.Http.SendAsync(asked).WaitAsync(AnswerMax);
        var answer = await RestAnswer.ReadAsync(response);
        Assert.That(
            answer.Status,
            Is.InRange(200, 499),
            $"{seed}, {verb} {path} {Convert.ToBase64String(body)}: {answer}"
        );
    }

    private static (int Seed, Random Random) Seeded()
    {
        var seed = FuzzSeed.Take();
        TestContext.Out.WriteLine($"seed {seed}");
        return (seed, new Random(seed));
    }

    private static (string Verb, string Path) Target(MethodDescriptor method)
    {
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        return rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
            HttpRule.PatternOneofCase.Post => ("POST", rule.Post),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            HttpRule.PatternOneofCase.Patch => ("PATCH", rule.Patch),
            _ => throw new NotSupportedException($"{rule} has no path."),
        };
    }

    private static string Segment(Random random) =>
        random.Next(4) switch
        {
            0 => "x",
            1 => Uri.EscapeDataString(((char)random.Next(1, 0xd800)).ToString()),
            2 => $"%{random.Next(256):X2}",
            _ => $"{random.Next()}",
        };

    private static string Query(Random random)
    {
        string[] names =
        [
            "page_size",
            "pageSize",
            "page_token",
            "lines.sku",
            "a.b.c",
            "sku",
            "expire_time",
            "$x",
            "state",
        ];
        var query = new StringBuilder();
        for (var i = random.Next(4); i > 0; i--)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(names[random.Next(names.Length)]).Append('=');
            query.Append(Segment(random));
        }

        return query.ToString();
    }

    private static string? TryFormat(IMessage request)
    {
        try
        {
            return JsonFormatter.Default.Format(request);
        }
        catch (Exception unsayable) when (unsayable is InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\{([a-z_]+)[^}]*\}")]
    private static partial Regex Variable();
}
