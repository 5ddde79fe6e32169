using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Hosting;

[Parallelizable(ParallelScope.Self)]
public sealed class OverloadTests : ServerFixture
{
    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(
            fresh.ConnectionString,
            (Setting.Lanes, "1"),
            (Setting.BatchSize, "1"),
            (Setting.QueueLength, "1")
        );

    [Test]
    public async Task What_the_queue_has_no_place_for_is_refused_at_once_and_may_be_asked_again()
    {
        const int more = 5;
        var sku = await Given.Stock(onHand: 9);
        var row = await LockedRow.TakeAsync(Database.Tables, sku);
        var inTheLane = Reservations.ReserveInventoryAsync(Order(sku));
        await Eventually.TrueAsync(() => LockedRow.IsWantedAsync(Database.Tables));
        var orders = Enumerable.Range(0, more).Select(_ => Order(sku)).ToArray();

        // Calls travel side by side: whichever comes first has the one place.
        var calls = orders.Select(o => Reservations.ReserveInventoryAsync(o).ResponseAsync).ToArray();
        await Eventually.TrueAsync(() => calls.Count(c => c.IsFaulted) == more - 1);
        await row.DisposeAsync();
        await inTheLane;
        await Task.WhenAny(Task.WhenAll(calls));
        var again = new List<ReserveInventoryResponse>();
        foreach (var order in orders)
        {
            again.Add(await Reservations.ReserveInventoryAsync(order));
        }

        var refusals = calls
            .Where(c => c.IsFaulted)
            .Select(c => new Refusal((RpcException)c.Exception!.InnerException!))
            .ToArray();
        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(refusals.Select(r => r.Reason), Is.All.EqualTo("OVERLOADED"));
        Assert.That(refusals.Select(r => r.Detail<RetryInfo>().RetryDelay), Is.All.Not.Null);
        Assert.That(again.Count(a => a.Replayed), Is.EqualTo(1));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(more + 1));
    }
}
