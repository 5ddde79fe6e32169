using System.Text.Json.Nodes;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Security;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Scans;

/// <summary>Whose stock a scan may move.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ScanLimitTests : SecuredFixture
{
    [Test]
    public async Task A_clerk_scans_at_the_own_warehouse_and_at_no_other()
    {
        var (mine, other) = (await Given.Warehouse(), await Given.Warehouse());
        var gtin = await Given.Barcode(await Given.Stock(onHand: 5, warehouse: mine));
        var move = Sold(gtin, mine, 2);
        (move.Meaning, move.ToWarehouse) = (ScanMeaning.Move, other);

        var answer = await SendAsync(Bearing(Clerk(mine)), Sold(gtin, mine, 1));

        Assert.That(answer.AcceptedCount, Is.EqualTo(1));
        await AssertNotPermitted(mine, Sold(gtin, mine, 2), Sold(gtin, other, 3));
        await AssertNotPermitted(mine, move);
        await AssertNotPermitted(mine, Sold(gtin, "", 4));
    }

    [Test]
    public async Task What_was_scanned_at_another_warehouse_is_not_theirs_to_settle()
    {
        var (mine, other) = (await Given.Warehouse(), await Given.Warehouse());
        var (here, there) = (Sold(Some.Gtin13(), mine, 1), Sold(Some.Gtin13(), other, 1));
        await SendAsync(Bearing(Issuer.Token("stock.write")), here, there);

        var retried = await Scans.RetryScanAsync(new() { ScanId = await IdOf(here) }, Bearing(Clerk(mine)));
        var refusal = await Refused(
            Scans.ResolveScanAsync(new() { ScanId = await IdOf(there), Dismiss = true }, Bearing(Clerk(mine)))
        );

        Assert.That(retried.Scan.State, Is.EqualTo(ScanState.Quarantined));
        Assert.That(refusal.Reason, Is.EqualTo("WAREHOUSE_NOT_PERMITTED"));
    }

    private async Task AssertNotPermitted(string mine, params Scan[] scans)
    {
        var refusal = new Refusal(
            (await Assert.ThrowsAsync<RpcException>(async () => await SendAsync(Bearing(Clerk(mine)), scans)))!
        );
        Assert.That(
            (refusal.Code, refusal.Reason),
            Is.EqualTo((StatusCode.PermissionDenied, "WAREHOUSE_NOT_PERMITTED"))
        );
    }

    private async Task<IngestScansResponse> SendAsync(Metadata headers, params Scan[] scans)
    {
        using var call = Scans.IngestScans(headers);
        await call.RequestStream.WriteAsync(new() { Scans = { scans } });
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    private async Task<string> IdOf(Scan scan) =>
        (await Scans.ListScansAsync(new() { DeviceId = scan.DeviceId }, Bearing(Issuer.Token()))).Scans.Single().ScanId;

    private static Scan Sold(string identifier, string warehouse, long sequence) =>
        new()
        {
            DeviceId = $"till-{Guid.NewGuid():n}",
            Sequence = sequence,
            ScanTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
            Identifier = identifier,
            Warehouse = warehouse,
            Meaning = ScanMeaning.Sale,
        };

    private string Clerk(string warehouse) =>
        Issuer.Token("stock.write", c => c["warehouses"] = new JsonArray(warehouse));
}
