using System.Diagnostics;
using System.Text;
using Inventory.Engine.Scans;
using Inventory.Server.Scans;
using Inventory.Server.Services;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;
using ScanMeaning = Inventory.V1.ScanMeaning;

namespace Inventory.Server.Tests.Scans;

/// <summary>
/// Scans as a queue brings them and as a stream does, spoilt from a seed for a bounded time: each message is taken or
/// refused with a reason, and what is taken can be kept. The seed is told, and INVENTORY_TEST_SEED runs one again.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ScanFuzzTests : ScanMessagesFixture
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(2);
    private static readonly DateTime Now = new(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Messages =
    [
        """
            {"scans": [{"deviceId": "till-1", "sequence": "7", "scanTime": "2026-03-04T12:00:00Z",
              "identifier": "6291041500213", "warehouse": "MAIN", "meaning": "SCAN_MEANING_SALE"}]}
            """,
        """
            {"scans": [{"device_id": "dock", "sequence": 1, "scan_time": "2026-03-04T12:00:00.5+01:00",
              "identifier": "3074257BF7194E4000001A85", "quantity": 1, "warehouse": "MAIN", "to_warehouse": "B",
              "meaning": 4, "state": "STOCK_STATE_DAMAGED", "reason": "r", "reference": "x"},
             {"deviceId": "dock", "sequence": 2}]}
            """,
        """{"scans": [{"deviceId": "gate", "sequence": 3, "identifier": "(01)09521234543213(10)A\u001d"}]}""",
    ];

    private static readonly string[] MessagePieces =
    [
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "null",
        "\\u0000",
        "\\ud800",
        "\\",
        "1e308",
        "-1",
        "9223372036854775808",
        "NaN",
        "{\"scans\": [",
        "\"identifier\": \"urn:epc:id:sgtin:0614141.812345.%00\"",
        "\"quantity\": 0",
        "\"sequence\": 0",
        "2026-02-30T25:61:61Z",
    ];

    private static readonly string[] Identifiers =
    [
        "6291041500213",
        "3074257BF7194E4000001A85",
        "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
        "urn:epc:id:sgtin:0614141.812345.A%2FB",
        "urn:epc:id:grai:9521141.12345.5678",
        "(01)09521234543213(17)270630(10)ABC(1)2(21)7",
        "https://id.gs1.org/01/09521234543213/10/A%2FB/21/7?17=270600",
    ];

    private static readonly string[] IdentifierPieces =
    [
        "%00",
        "%1D",
        "%",
        "(21)",
        "(",
        "\x1d",
        ".",
        ":",
        "\0",
        "/21/",
    ];

    [Test]
    public void A_message_of_the_queue_is_taken_whole_or_told_why_not()
    {
        var seed = FuzzSeed.Take();
        var texts = new SpoiltTexts(new Random(seed), Messages, MessagePieces);
        var (taken, refused) = (0, 0);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Length; )
        {
            var body = Encoding.UTF8.GetBytes(texts.Next());
            var what = $"{FuzzSeed.Variable}={seed}, {Convert.ToBase64String(body)}";
            var asked = Stopwatch.GetTimestamp();
            var request = ScanQueue.Read(body, out var reason);
            var scans = request?.Scans.Select(s => ScanReading.ToEngine(s, Now)).ToArray();
            Assert.That(Stopwatch.GetElapsedTime(asked), Is.LessThan(ReadMax), what);
            Assert.That(scans is null, Is.EqualTo(reason.Length > 0), what);
            Assert.That(scans?.All(IsKeepable) ?? true, Is.True, what);
            _ = scans is null ? refused++ : taken++;
        }

        TestContext.Out.WriteLine($"{taken} taken, {refused} refused, seed {seed}");
        Assert.That((taken > 100, refused > 100), Is.EqualTo((true, true)), $"seed {seed}");
    }

    [TestCaseSource(nameof(Messages))]
    public void What_is_whole_is_taken(string message) =>
        Assert.That(ScanQueue.Read(Encoding.UTF8.GetBytes(message), out _), Is.Not.Null);

    [Test]
    public async Task Whatever_identifiers_are_streamed_each_scan_is_kept_once()
    {
        var seed = FuzzSeed.Take();
        var texts = new SpoiltTexts(new Random(seed), Identifiers, IdentifierPieces);
        var count = 0;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Length; )
        {
            var device = Device();
            var scans = Enumerable.Range(1, 200).Select(n => Read(ScanMeaning.Receive, Sendable(texts), device, n));
            var request = new IngestScansRequest { Scans = { scans } };
            var what = $"{FuzzSeed.Variable}={seed}, behind {count} scans";
            IngestScansResponse? answer = null;

            Assert.That(async () => answer = await Stream([request]), Throws.Nothing, what);

            Assert.That(
                answer!.AcceptedCount + answer.RepeatedCount + answer.QuarantinedCount + answer.DuplicateCount,
                Is.EqualTo(request.Scans.Count),
                what
            );
            count += request.Scans.Count;
        }

        await TestContext.Out.WriteLineAsync($"{count} scans, seed {seed}");
        Assert.That(await Then.Violations(), Is.Empty, $"seed {seed}");
        Assert.That(Server.Log.Alarms, Is.Empty, $"seed {seed}");
    }

    /// <summary>A message is UTF-8: halves of characters do not come so far.</summary>
    private static string Sendable(SpoiltTexts texts) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(texts.Next()));

    /// <summary>PostgreSQL holds no NUL and no halves of characters.</summary>
    private static bool IsKeepable(NewScan scan) =>
        new[]
        {
            scan.DeviceId,
            scan.Identifier,
            scan.Gtin,
            scan.Tag,
            scan.Warehouse,
            scan.ToWarehouse,
            scan.Reason,
            scan.Reference,
            scan.Flaw?.Detail,
        }.All(text => text is null || (!text.Contains('\0', StringComparison.Ordinal) && IsWhole(text)))
        && scan.Identifier.Length <= NewScan.IdentifierLengthMax
        && scan.Warehouse.Length <= NewScan.TextLengthMax
        && scan.Sequence >= 1;

    private static bool IsWhole(string text)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
