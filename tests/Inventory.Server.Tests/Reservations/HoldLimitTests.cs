using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reservations;

/// <summary>An order that has as many reservations open as it may, over both ways in.</summary>
public sealed class HoldLimitTests : RestFixture
{
    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (Setting.OrderHolds, "2"));

    [Test]
    public async Task One_more_is_told_the_limit_and_when_to_ask_again_and_a_replay_is_answered()
    {
        var (sku, order) = (await Given.Stock(onHand: 9), Some.OrderId());
        var first = Order(sku);
        first.OrderId = order;
        await Reservations.ReserveInventoryAsync(first);
        var second = first.Clone();
        second.RequestId = Some.RequestId();
        await Reservations.ReserveInventoryAsync(second);
        var third = first.Clone();
        third.RequestId = Some.RequestId();

        var refused = await Refused(Reservations.ReserveInventoryAsync(third));
        var byRest = await Post(
            "/v1/reservations",
            $$"""{"requestId":"{{Some.RequestId()}}","orderId":"{{order}}","lines":[{"sku":"{{sku}}","quantity":1}]}"""
        );
        var replay = await Reservations.ReserveInventoryAsync(first);

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((StatusCode.ResourceExhausted, "HOLD_LIMIT")));
        var quota = refused.Detail<Google.Rpc.QuotaFailure>().Violations.Single();
        Assert.That(quota.Subject, Is.EqualTo($"order:{order}"));
        Assert.That(refused.Detail<Google.Rpc.RetryInfo>().RetryDelay.Seconds, Is.EqualTo(5));
        Assert.That((byRest.Status, byRest.Reason), Is.EqualTo((429, "HOLD_LIMIT")));
        Assert.That(byRest.Headers["Retry-After"], Is.EqualTo("5"));
        Assert.That(replay.Replayed, Is.True);
        Assert.That(await Then.Reserved(sku), Is.EqualTo(2));
    }
}
