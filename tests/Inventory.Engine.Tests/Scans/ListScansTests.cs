using Inventory.Engine.Scans;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Scans;

public sealed class ListScansTests : ScanFixture
{
    [Test]
    public async Task The_scans_of_a_device_are_listed_once_each_the_highest_sequence_first()
    {
        var gtin = await Given.Barcode(await Given.Stock(onHand: 0));
        var device = Device();
        await Ingest([.. Enumerable.Range(1, 25).Select(i => Read(ScanMeaning.Count, gtin, i, device, 26 - i))]);

        var listed = await AllAsync(new ScanFilter { DeviceId = device }, pageSize: 10);

        Assert.That(listed.Select(s => s.Scan.Sequence), Is.EqualTo(Enumerable.Range(1, 25).Reverse()));
    }

    [Test]
    public async Task What_waits_for_people_is_listed_the_newest_first()
    {
        var gtin = await Given.Barcode(await Given.Stock(onHand: 0));
        foreach (var quantity in Enumerable.Range(1, 5))
        {
            await Ingest(Read(ScanMeaning.Ship, gtin, quantity), Read(ScanMeaning.Receive, null, quantity));
            await Ingest(Read(ScanMeaning.Receive, gtin));
        }

        var listed = await AllAsync(new ScanFilter { State = ScanState.Quarantined }, pageSize: 3);

        Assert.That(
            listed.Where(s => s.Problem == ScanProblem.ItemUnknown).Select(s => s.Scan.Quantity),
            Is.EqualTo(new[] { 5, 4, 3, 2, 1 })
        );
        Assert.That(listed.Select(s => s.ScanId), Is.Unique);
        Assert.That(listed.Select(s => s.ReceivedAt), Is.Ordered.Descending);
    }

    [Test]
    public async Task Times_bound_the_list_and_a_token_is_good_for_its_filter_only()
    {
        var gtin = await Given.Barcode(await Given.Stock(onHand: 0));
        var device = Device();
        await Ingest(Read(ScanMeaning.Count, gtin, device: device), Read(ScanMeaning.Count, gtin, 1, device, 2));
        var all = await AllAsync(new ScanFilter { DeviceId = device }, pageSize: 10);
        var at = all[0].ReceivedAt;

        var from = await AllAsync(new ScanFilter { DeviceId = device, From = at }, pageSize: 10);
        var before = await AllAsync(new ScanFilter { DeviceId = device, Before = at }, pageSize: 10);
        var first = await PageAsync(new ScanFilter { DeviceId = device }, 1, null);
        var other = await PageAsync(new ScanFilter { State = ScanState.Accepted }, 1, first.NextPageToken);

        Assert.That((from.Count, before.Count), Is.EqualTo((2, 0)));
        Assert.That(other.Outcome, Is.EqualTo(ListScansOutcome.PageTokenInvalid));
    }

    private async Task<List<KeptScan>> AllAsync(ScanFilter filter, int pageSize)
    {
        var all = new List<KeptScan>();
        string? token = null;
        do
        {
            var page = await PageAsync(filter, pageSize, token);
            all.AddRange(page.Scans);
            token = page.NextPageToken;
        } while (token is not null);

        return all;
    }

    private Task<ListScansAnswer> PageAsync(ScanFilter filter, int pageSize, string? token) =>
        Node.Scans.ExecuteAsync(filter, pageSize, token, CancellationToken.None);
}
