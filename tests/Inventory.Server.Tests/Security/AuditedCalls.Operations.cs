using Dapper;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Testing;
using Inventory.V1;

namespace Inventory.Server.Tests.Security;

/// <summary>What stands on the journal: reorders, events, scans, users, alerts, counts.</summary>
internal sealed partial class AuditedCalls
{
    private readonly ReplenishmentService.ReplenishmentServiceClient reorders = new(channel);
    private readonly EventService.EventServiceClient events = new(channel);
    private readonly ScanService.ScanServiceClient scans = new(channel);
    private readonly UserService.UserServiceClient users = new(channel);
    private readonly AlertService.AlertServiceClient alerts = new(channel);
    private readonly CountService.CountServiceClient counts = new(channel);
    private readonly IntegrityService.IntegrityServiceClient integrity = new(channel);
    private readonly JournalService.JournalServiceClient journal = new(channel);

    private IEnumerable<(string, Func<Metadata, Task>)> OfReorders =>
        [
            ("SetReorderPolicy", async m => await reorders.SetReorderPolicyAsync(Policy(await Sku()), m)),
            (
                "DeleteReorderPolicy",
                async m =>
                    await reorders.DeleteReorderPolicyAsync(
                        new() { Sku = await WithPolicy(), Warehouse = Given.MainWarehouse },
                        m
                    )
            ),
            ("ApproveReorder", async m => await reorders.ApproveReorderAsync(new() { ReorderId = await Reorder() }, m)),
            ("RejectReorder", async m => await reorders.RejectReorderAsync(new() { ReorderId = await Reorder() }, m)),
            ("ReceiveReorder", async m => await reorders.ReceiveReorderAsync(new() { ReorderId = await Ordered() }, m)),
            ("CancelReorder", async m => await reorders.CancelReorderAsync(new() { ReorderId = await Ordered() }, m)),
            ("CloseReorder", async m => await reorders.CloseReorderAsync(new() { ReorderId = await Ordered() }, m)),
        ];

    private IEnumerable<(string, Func<Metadata, Task>)> OfEvents =>
        [
            ("CreateSubscription", async m => await events.CreateSubscriptionAsync(Webhook(), m)),
            (
                "DeleteSubscription",
                async m => await events.DeleteSubscriptionAsync(new() { SubscriptionId = await Subscription() }, m)
            ),
            ("Redeliver", async m => await events.RedeliverAsync(new() { DeliveryId = await Delivery() }, m)),
            ("CreateSnapshot", async m => await journal.CreateSnapshotAsync(new(), m)),
        ];

    private IEnumerable<(string, Func<Metadata, Task>)> OfScans =>
        [
            ("IngestScans", async m => await Scan(m, Barcoded)),
            ("RetryScan", async m => await scans.RetryScanAsync(new() { ScanId = await Quarantined() }, m)),
            (
                "ResolveScan",
                async m => await scans.ResolveScanAsync(new() { ScanId = await Quarantined(), Dismiss = true }, m)
            ),
        ];

    private IEnumerable<(string, Func<Metadata, Task>)> OfUsers =>
        [
            (
                "CreateUser",
                async m => await users.CreateUserAsync(new() { Name = Some.RequestId(), Roles = { "viewer" } }, m)
            ),
            (
                "UpdateUser",
                async m =>
                    await users.UpdateUserAsync(
                        new()
                        {
                            Name = await User(),
                            UpdateMask = FieldMask.FromString("disabled"),
                            Disabled = true,
                        },
                        m
                    )
            ),
            ("ResetUserPassword", async m => await users.ResetUserPasswordAsync(new() { Name = await User() }, m)),
        ];

    private IEnumerable<(string, Func<Metadata, Task>)> OfAlerts =>
        [
            ("AcknowledgeAlert", async m => await alerts.AcknowledgeAlertAsync(new() { AlertId = await Alert() }, m)),
            ("ResolveAlert", async m => await alerts.ResolveAlertAsync(new() { AlertId = await Alert() }, m)),
            (
                "SetThreshold",
                async m =>
                    await alerts.SetThresholdAsync(
                        new()
                        {
                            Kind = AlertKind.LowStock,
                            Sku = await Sku(),
                            RaiseAt = 1,
                        },
                        m
                    )
            ),
        ];

    private IEnumerable<(string, Func<Metadata, Task>)> OfCounts =>
        [
            ("CreateCount", async m => await counts.CreateCountAsync(await NewCount(), m)),
            ("RecordCounts", async m => await RecordAsync(m)),
            (
                "ApproveCount",
                async m => await counts.ApproveCountAsync(new() { CountId = await RecordAsync(others) }, m)
            ),
            ("CancelCount", async m => await counts.CancelCountAsync(new() { CountId = await Count() }, m)),
            ("RepairStock", Repair),
        ];

    private static SetReorderPolicyRequest Policy(string sku) =>
        new()
        {
            Sku = sku,
            Warehouse = Given.MainWarehouse,
            ReorderPoint = 20,
            ReorderQuantity = 50,
        };

    private static CreateSubscriptionRequest Webhook() =>
        new() { Url = "https://example.com/hook", Types_ = { "inventory.transfer.*" } };

    private async Task<string> WithPolicy()
    {
        var sku = await Sku();
        await reorders.SetReorderPolicyAsync(Policy(sku), others);
        return sku;
    }

    /// <summary>Who sets a policy judges at once: less is there than its point.</summary>
    private async Task<string> Reorder() =>
        (await reorders.ListReordersAsync(new() { Sku = await WithPolicy() }, others)).Reorders.Single().ReorderId;

    private async Task<string> Ordered()
    {
        var id = await Reorder();
        await reorders.ApproveReorderAsync(new() { ReorderId = id }, others);
        return id;
    }

    private async Task<string> Subscription() =>
        (await events.CreateSubscriptionAsync(Webhook(), others)).Subscription.SubscriptionId;

    private async Task<string> Delivery()
    {
        var subscription = long.Parse(
            (await Subscription()).Split('_')[1],
            System.Globalization.CultureInfo.InvariantCulture
        );
        await using var connection = await database.Tables.OpenConnectionAsync();
        return $"dlv_{await connection.QuerySingleAsync<long>(
            """
            INSERT INTO event_delivery (subscription_id, era, positions, state, created_at, due_at)
            VALUES (@subscription, 1, '{1}', 3, now(), now()) RETURNING delivery_id
            """,
            new { subscription }
        )}";
    }

    private async Task<string> Barcoded() => await given.Barcode(await Sku());

    private async Task Scan(Metadata headers, Func<Task<string>> item)
    {
        using var stream = scans.IngestScans(headers);
        await stream.RequestStream.WriteAsync(new() { Scans = { Read(await item()) } });
        await stream.RequestStream.CompleteAsync();
        await stream;
    }

    private static Scan Read(string identifier) =>
        new()
        {
            DeviceId = Some.RequestId(),
            Sequence = 1,
            ScanTime = In(hours: 0),
            Identifier = identifier,
            Warehouse = Given.MainWarehouse,
            Meaning = ScanMeaning.Receive,
        };

    private async Task<string> Quarantined()
    {
        var read = Read("no barcode at all");
        using var stream = scans.IngestScans(others);
        await stream.RequestStream.WriteAsync(new() { Scans = { read } });
        await stream.RequestStream.CompleteAsync();
        await stream;
        return (await scans.ListScansAsync(new() { DeviceId = read.DeviceId }, others)).Scans.Single().ScanId;
    }

    private async Task<string> User()
    {
        var name = Some.RequestId();
        await users.CreateUserAsync(new() { Name = name, Roles = { "viewer" } }, others);
        return name;
    }

    private async Task<string> Alert()
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return $"alert_{await connection.QuerySingleAsync<long>(
            "INSERT INTO alert (kind, subject) VALUES (5, @subject) RETURNING alert_id",
            new { subject = Some.RequestId() }
        )}";
    }

    private async Task<CreateCountRequest> NewCount() =>
        new() { Warehouse = Given.MainWarehouse, Items = { await Sku() } };

    private async Task<string> Count() => (await counts.CreateCountAsync(await NewCount(), others)).Count.CountId;

    private async Task<string> RecordAsync(Metadata headers)
    {
        var asked = await NewCount();
        var id = (await counts.CreateCountAsync(asked, others)).Count.CountId;
        var line = new CountedItem { Item = asked.Items[0], Quantity = 7 };
        await counts.RecordCountsAsync(new() { CountId = id, Lines = { line } }, headers);
        return id;
    }

    private async Task Repair(Metadata headers)
    {
        var sku = await Sku();
        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "UPDATE stock SET in_transit = 1 WHERE item_id = (SELECT item_id FROM item WHERE sku = @sku)",
            new { sku }
        );
        await integrity.RepairStockAsync(
            new()
            {
                Sku = sku,
                Warehouse = Given.MainWarehouse,
                Reason = "test",
            },
            headers
        );
    }
}
