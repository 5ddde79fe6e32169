using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Scans;

[Parallelizable(ParallelScope.Self)]
public sealed class IngestTests : ScanMessagesFixture
{
    [Test]
    public async Task A_stream_is_answered_with_what_became_of_it_and_how_far_each_device_has_come()
    {
        var sku = await Given.Stock(onHand: 10);
        var gtin = await Given.Barcode(sku);
        var (till, dock) = (Device(), Device());

        var answer = await Stream([
            new() { Scans = { Read(ScanMeaning.Sale, gtin, till, 1), Read(ScanMeaning.Receive, gtin, dock, 7) } },
            new() { Scans = { Read(ScanMeaning.Sale, gtin, till, 2), Read(ScanMeaning.Sale, gtin, till, 1) } },
            new() { Scans = { Read(ScanMeaning.Sale, "4006381333930", till, 3) } },
        ]);

        var expected = new IngestScansResponse
        {
            AcceptedCount = 3,
            DuplicateCount = 1,
            QuarantinedCount = 1,
            Problems =
            {
                new ScanProblemCount { Problem = ScanProblem.IdentifierMalformed, Count = 1 },
            },
        };
        expected.Devices.AddRange(
            new[]
            {
                new DeviceProgress { DeviceId = till, LastSequence = 3 },
                new DeviceProgress { DeviceId = dock, LastSequence = 7 },
            }.OrderBy(d => d.DeviceId, StringComparer.Ordinal)
        );
        Assert.That(answer, Is.EqualTo(expected));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(9));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [TestCase("0{0}")]
    [TestCase("(01){0}(10)B7(21)5")]
    [TestCase("https://id.example.com/01/{0}")]
    public async Task Whatever_form_the_identifier_has_the_item_is_found(string form)
    {
        var sku = await Given.Stock(onHand: 10);
        var gtin = await Given.Barcode(sku);
        var text = form.StartsWith('0') ? gtin : string.Format(null, form, gtin);

        var answer = await Ingest(Read(ScanMeaning.Sale, text));

        Assert.That(answer.AcceptedCount, Is.EqualTo(1));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(9));
    }

    [Test]
    public async Task A_tag_by_its_bits_and_by_its_URI_is_one_tag_and_counts_once()
    {
        // EPC Tag Data Standard, appendix E.3: SGTIN-96 of GTIN 80614141123458, serial number 6789.
        const string bits = "3074257BF7194E4000001A85";
        const string uri = "urn:epc:id:sgtin:0614141.812345.6789";
        var sku = await Given.Stock(onHand: 0);
        await Given.Barcode(sku, "80614141123458");
        var device = Device();

        var answer = await Ingest(
            Read(ScanMeaning.Receive, bits, device, 1),
            Read(ScanMeaning.Receive, uri, device, 2),
            Read(ScanMeaning.Receive, "urn:epc:id:sgtin:0614141.812345.6790", device, 3)
        );

        Assert.That((answer.AcceptedCount, answer.RepeatedCount), Is.EqualTo((2, 1)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(2));
    }

    [Test]
    public async Task Whatever_is_wrong_with_a_scan_it_is_kept_with_all_that_is_wrong()
    {
        var sku = await Given.Stock(onHand: 10);
        var gtin = await Given.Barcode(sku);
        var bad = new Scan
        {
            DeviceId = Device(),
            Sequence = 1,
            ScanTime = new Timestamp { Seconds = long.MaxValue },
            Identifier = "nothing\0at all",
            Quantity = 0,
            Warehouse = new('w', 500),
            Meaning = (ScanMeaning)99,
            State = (StockState)99,
            Reason = new('r', 500),
        };
        var future = Read(ScanMeaning.Sale, gtin);
        future.ScanTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(2));
        var move = Read(ScanMeaning.Move, gtin);
        var same = Read(ScanMeaning.Move, gtin);
        same.ToWarehouse = same.Warehouse;

        var answer = await Ingest(bad, future, move, same);

        var kept = await Kept(bad);
        Assert.That(answer.Problems.Single(), Is.EqualTo(Invalid(4)));
        Assert.That(kept.State, Is.EqualTo(ScanState.Quarantined));
        Assert.That(kept.Scan.Identifier, Is.EqualTo("nothing\uFFFDat all"));
        foreach (var field in new[] { "scan_time", "quantity", "warehouse", "meaning", "state", "reason" })
        {
            Assert.That(kept.Detail, Does.Contain(field));
        }

        Assert.That(await Then.OnHand(sku), Is.EqualTo(10));
    }

    [Test]
    public async Task A_message_that_names_no_device_ends_the_stream_and_what_came_before_stays()
    {
        var sku = await Given.Stock(onHand: 10);
        var good = Read(ScanMeaning.Sale, await Given.Barcode(sku));

        var refusal = await Refused(
            new IngestScansRequest { Scans = { good } },
            new IngestScansRequest
            {
                Scans =
                {
                    good,
                    new Scan { Identifier = good.Identifier },
                },
            }
        );
        var empty = await Refused(new IngestScansRequest());
        var many = await Refused(new IngestScansRequest { Scans = { Enumerable.Repeat(good, 501) } });

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(
            refusal.Fields.Select(f => f.Field),
            Is.EqualTo(new[] { "scans[1].device_id", "scans[1].sequence" })
        );
        Assert.That(empty.Fields.Single().Field, Is.EqualTo("scans"));
        Assert.That(many.Fields.Single().Field, Is.EqualTo("scans"));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(9));
    }

    [Test]
    public async Task A_stream_has_a_thousand_devices_at_most()
    {
        await Given.Warehouse(Given.MainWarehouse);
        var device = Device();
        var messages = Enumerable
            .Range(0, 1_001)
            .Select(i => Read(ScanMeaning.Count, "4006381333931", $"{device}-{i}"))
            .Chunk(500)
            .Select(scans => new IngestScansRequest { Scans = { scans } })
            .ToArray();

        var refusal = await Refused(messages);

        Assert.That(refusal.Fields.Single().Field, Is.EqualTo("scans"));
    }

    [Test]
    public async Task People_deal_with_what_was_kept_over_the_wire()
    {
        var sku = await Given.Stock(onHand: 10);
        var gtin = Some.Gtin13();
        var (late, torn, stray) = (Read(ScanMeaning.Sale, gtin), Read(ScanMeaning.Sale, "torn"), Read(0, gtin));
        await Ingest(late, torn, stray);
        await Given.Barcode(sku, gtin);

        var retried = await Scans.RetryScanAsync(new() { ScanId = (await Kept(late)).ScanId });
        var again = await Scans.RetryScanAsync(new() { ScanId = retried.Scan.ScanId });
        var resolved = await Scans.ResolveScanAsync(new() { ScanId = (await Kept(torn)).ScanId, Sku = sku });
        var dismissed = await Scans.ResolveScanAsync(
            new()
            {
                ScanId = (await Kept(stray)).ScanId,
                Dismiss = true,
                Note = "a test of the till",
            }
        );
        var refusal = await Refused(Scans.RetryScanAsync(new() { ScanId = dismissed.Scan.ScanId }));
        var unknown = await Refused(Scans.RetryScanAsync(new() { ScanId = $"{Guid.NewGuid()}" }));

        Assert.That(
            new[] { retried.Scan.State, resolved.Scan.State, dismissed.Scan.State },
            Is.EqualTo(new[] { ScanState.Accepted, ScanState.Accepted, ScanState.Dismissed })
        );
        Assert.That((again.Replayed, again.Scan), Is.EqualTo((true, retried.Scan)));
        Assert.That(dismissed.Scan.Note, Is.EqualTo("a test of the till"));
        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "SCAN_STATE")));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "SCAN_UNKNOWN")));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(8));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [TestCase(typeof(Engine.Scans.ScanMeaning), typeof(ScanMeaning))]
    [TestCase(typeof(Engine.Scans.ScanState), typeof(ScanState))]
    [TestCase(typeof(Engine.Scans.ScanProblem), typeof(ScanProblem))]
    public void Both_sides_number_alike(System.Type engine, System.Type wire)
    {
        var here = System.Enum.GetValues(engine).Cast<object>().Select(v => ($"{v}", (int)v));
        var there = System.Enum.GetValues(wire).Cast<object>().Select(v => ($"{v}", (int)v)).Where(v => v.Item2 != 0);

        Assert.That(there, Is.EquivalentTo(here));
    }

    private static ScanProblemCount Invalid(int count) => new() { Problem = ScanProblem.FieldInvalid, Count = count };

    private async Task<Refusal> Refused(params IngestScansRequest[] messages) =>
        new((await Assert.ThrowsAsync<RpcException>(async () => await Stream(messages)))!);
}
