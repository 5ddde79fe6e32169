using Inventory.Faults.Histories;
using Inventory.Faults.Network;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Faults.Database;

/// <summary>The database has done it, and nobody was told; or it was told half of it.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class LostAnswerTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static readonly string[] Operations =
    [
        "reservations.reserve",
        "reservations.end",
        "reservations.extend",
        "stock.edit",
    ];

    [Test]
    public async Task A_commit_whose_answer_is_lost_is_found_and_not_made_twice(
        [ValueSource(nameof(Operations))] string operation,
        [Values] Afterwards afterwards
    )
    {
        await using var cell = await ProxiedCell.StartAsync(statementTimeoutMs: 1_000);
        var ask = await AskAsync(cell, operation);

        var swallowed = cell.Proxy.SwallowAnswer(sql => sql.Contains(operation + "\n"), afterwards);
        var answer = await cell.Proxied.AskAsync(ask);
        var again = await cell.Direct.AskAsync(ask);

        Assert.That(await swallowed.WaitAsync(Bound), Is.True);
        Assert.That(answer, Is.InstanceOf<Granted>().Or.InstanceOf<Done>());
        Assert.That(again, Is.InstanceOf<Granted>().Or.InstanceOf<Done>());
        await cell.AssertPromisesAsync();
    }

    [Test]
    public async Task A_batch_that_did_not_reach_the_database_whole_leaves_nothing_and_is_run_again(
        [ValueSource(nameof(Operations))] string operation,
        [Values] Afterwards afterwards
    )
    {
        await using var cell = await ProxiedCell.StartAsync(statementTimeoutMs: 1_000);
        var ask = await AskAsync(cell, operation);

        var lost = cell.Proxy.LoseRequest(sql => sql.Contains(operation + "\n"), afterwards);
        var answer = await cell.Proxied.AskAsync(ask);

        await lost.WaitAsync(Bound);
        Assert.That(answer, Is.InstanceOf<Granted>().Or.InstanceOf<Done>());
        await cell.AssertPromisesAsync();
    }

    [Test]
    public async Task A_sweep_whose_answer_is_lost_has_ended_each_hold_once([Values] Afterwards afterwards)
    {
        await using var cell = await ProxiedCell.StartAsync(statementTimeoutMs: 1_000);
        var sku = await cell.Given.Stock(onHand: 100);
        for (var i = 0; i < 20; i++)
        {
            await cell.Direct.AskAsync(cell.Direct.Order(sku, quantity: 1, holdMs: 1));
        }

        await cell.Proxied.Node.Expire.SweepAsync(default);
        await cell.Direct.AskAsync(cell.Direct.Order(sku, quantity: 1, holdMs: 1));
        var swallowed = cell.Proxy.SwallowAnswer(sql => sql.Contains("expiry.end"), afterwards);
        await cell.Proxied.Node.Expire.SweepAsync(default);

        Assert.That(await swallowed.WaitAsync(Bound), Is.True);
        Assert.That(await cell.Then.Reserved(sku), Is.Zero);
        await cell.AssertPromisesAsync();
    }

    [Test]
    public async Task Whoever_holds_the_last_piece_is_never_refused_it_though_two_nodes_and_a_lost_answer_are_between(
        [Values] Afterwards afterwards
    )
    {
        await using var cell = await ProxiedCell.StartAsync(statementTimeoutMs: 1_000);
        for (var round = 0; round < 5; round++)
        {
            var sku = await cell.Given.Stock(onHand: 1);
            var ask = cell.Direct.Order(sku, quantity: 1);
            var swallowed = cell.Proxy.SwallowAnswer(sql => sql.Contains("reservations.reserve"), afterwards);

            var first = cell.Proxied.AskAsync(ask);
            await swallowed.WaitAsync(Bound);
            var replies = await Task.WhenAll(
                cell.Direct.AskAsync(ask),
                cell.Proxied.AskAsync(ask),
                cell.Direct.AskAsync(cell.Direct.Order(sku, quantity: 1)),
                cell.Proxied.AskAsync(cell.Direct.Order(sku, quantity: 1)),
                first
            );

            Assert.That(replies[..2], Is.All.InstanceOf<Granted>());
            Assert.That(replies[2..4], Is.All.EqualTo(new Refused(RefusalReason.StockShort)));
            Assert.That(replies[4], Is.InstanceOf<Granted>());
        }

        await cell.AssertPromisesAsync();
    }

    /// <summary>A request of the operation, after the connection that it goes through has been used.</summary>
    private static async Task<Ask> AskAsync(ProxiedCell cell, string operation)
    {
        var sku = await cell.Given.Stock(onHand: 3);
        var held = (Granted)await cell.Proxied.AskAsync(cell.Direct.Order(sku, quantity: 1));
        var other = (Granted)await cell.Proxied.AskAsync(cell.Direct.Order(sku, quantity: 1));
        await cell.Proxied.AskAsync(new EndAsk(other.ReservationId, ReservationEnd.Cancelled));
        await cell.Proxied.AskAsync(new ExtendAsk(held.ReservationId, held.ExpiresAt.AddMinutes(1)));
        await cell.Proxied.AskAsync(new AdjustAsk(Some.RequestId(), sku, Given.MainWarehouse, 1));
        return operation switch
        {
            "reservations.reserve" => cell.Direct.Order(sku, quantity: 3),
            "reservations.end" => new EndAsk(held.ReservationId, ReservationEnd.Confirmed),
            "reservations.extend" => new ExtendAsk(held.ReservationId, held.ExpiresAt.AddMinutes(5)),
            _ => new AdjustAsk(Some.RequestId(), sku, Given.MainWarehouse, 7),
        };
    }
}
