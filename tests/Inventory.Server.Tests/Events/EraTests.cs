using Dapper;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Events;

/// <summary>The data moves to another cluster, where transaction ids begin anew.</summary>
public sealed class EraTests : WebhookFixture
{
    [Test]
    public async Task After_a_move_to_another_cluster_what_follows_is_sent_under_ids_of_the_new_era()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var sku = await Given.Stock(onHand: 5);
        await Subscribe(receiver, sku);
        await Hold(sku);
        await Eventually.TrueAsync(() => receiver.Taken.Any());

        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("UPDATE cell SET era = era + 1");
        }

        await Hold(sku);
        await Eventually.TrueAsync(() => Versions(receiver).Contains("3"));

        Assert.That(Versions(receiver).Distinct(), Is.EqualTo(["2", "3"]));
        Assert.That($"{receiver.Taken.Last().Events[^1]["id"]}", Does.StartWith("2-"));
    }

    private static List<string> Versions(WebhookReceiver receiver) =>
        [.. receiver.Taken.SelectMany(r => r.Events).Select(e => $"{e["data"]!["stockVersion"]}")];
}
