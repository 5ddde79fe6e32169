using Grpc.Core;
using Inventory.Engine.Integrity;
using Inventory.Server.Jobs;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;
using Quartz;

namespace Inventory.Server.Tests.Integrity;

/// <summary>One after the other: a verification is of the whole database.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class IntegrityTests : ServerFixture
{
    private IntegrityService.IntegrityServiceClient Integrity => new(Server.Channel);

    [Test]
    public async Task What_the_nightly_verification_finds_is_listed_and_mended()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku, quantity: 2);
        await using (var command = Database.Tables.CreateCommand("UPDATE stock SET reserved = 3"))
        {
            await command.ExecuteNonQueryAsync();
        }

        await Server.Part<RecordVerification>().ExecuteAsync(TimeSpan.Zero, default);
        var found = await Integrity.ListInvariantFindingsAsync(new());
        var request = new RepairStockRequest
        {
            RequestId = Some.RequestId(),
            InventoryId = found.Findings[0].InventoryId,
            Reason = "finding",
        };
        var repaired = await Integrity.RepairStockAsync(request);
        var again = await Integrity.RepairStockAsync(request);
        var sound = await Integrity.RepairStockAsync(
            new()
            {
                Sku = sku,
                Warehouse = Testing.Given.MainWarehouse,
                Reason = "finding",
            }
        );

        Assert.That(found.Verification.Violations, Is.EqualTo(2));
        Assert.That(
            found.Findings.Select(f => (f.Sku, f.Invariant)),
            Is.EqualTo(new[] { (sku, StockInvariant.ReservedIsHeld), (sku, StockInvariant.ReservedIsJournaled) })
        );
        Assert.That(
            (repaired.Mended, repaired.Found.Reserved, repaired.Repaired.Reserved, repaired.Replayed),
            Is.EqualTo(("reserved 3 to 2", 3, 2, false))
        );
        Assert.That((again.Repaired, again.Replayed), Is.EqualTo((repaired.Repaired, true)));
        Assert.That((sound.Mended, sound.Found), Is.EqualTo(("", sound.Repaired)));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task The_nightly_verification_rings_at_three_in_the_morning_unless_told_otherwise()
    {
        var scheduler = await Server.Part<ISchedulerFactory>().GetScheduler();

        var trigger = (ICronTrigger)(await scheduler.GetTrigger(new TriggerKey(nameof(VerifyJob))))!;

        Assert.That((trigger.CronExpressionString, trigger.TimeZone), Is.EqualTo(("0 0 3 * * ?", TimeZoneInfo.Utc)));
    }

    [Test]
    public async Task What_is_wrong_or_not_known_is_said()
    {
        var fields = await Refused(
            Integrity.RepairStockAsync(
                new()
                {
                    InventoryId = "stock_1",
                    Sku = "x",
                    RequestId = "\t",
                }
            )
        );
        var list = await Refused(Integrity.ListInvariantFindingsAsync(new() { VerificationId = 0, PageSize = -1 }));
        var unknown = await Refused(
            Integrity.RepairStockAsync(new() { InventoryId = "stock_999999", Reason = "finding" })
        );
        var none = await Refused(Integrity.ListInvariantFindingsAsync(new() { VerificationId = 999 }));

        Assert.That(fields.Fields.Select(f => f.Field), Is.EqualTo(new[] { "request_id", "inventory_id", "reason" }));
        Assert.That(list.Fields.Select(f => f.Field), Is.EqualTo(new[] { "page_size", "verification_id" }));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "STOCK_UNKNOWN")));
        Assert.That((none.Code, none.Reason), Is.EqualTo((StatusCode.NotFound, "VERIFICATION_UNKNOWN")));
    }
}
