using Inventory.Faults.Checking;
using Inventory.Faults.Database;
using Inventory.Faults.Histories;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Faults.Mutants;

/// <summary>
/// Takes the engine's guards away, one at a time, by rewriting its statements on their way to the database and by
/// changing the tables: what the checker says then is what it would say of an engine without them. With the guard, the
/// same work passes.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class MutantTests
{
    private const string DropCheck = "ALTER TABLE stock DROP CONSTRAINT stock_not_oversold";
    private const string DropKey =
        "ALTER TABLE reservation DROP CONSTRAINT reservation_pkey; CREATE INDEX ON reservation (reservation_id)";
    private const string OversellSql = "UPDATE stock SET reserved = on_hand + 1";
    private const string DeadlocksSql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";

    [Test]
    public async Task Without_the_availability_guard_and_the_CHECK_more_is_sold_than_there_is([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 5);
        if (mutant)
        {
            await ExecuteAsync(cell, DropCheck);
            cell.Proxy.Rewrite = WithoutGuard;
        }

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => cell.Proxied.AskAsync(cell.Proxied.Order(sku))));

        var promises = await BrokenAsync(cell);
        Assert.That(promises, mutant ? Does.Contain(1) : Is.Empty);
    }

    [Test]
    public async Task Without_the_availability_guard_the_CHECK_refuses_and_the_error_surfaces([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 5);
        cell.Proxy.Rewrite = mutant ? WithoutGuard : null;

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => cell.Proxied.AskAsync(cell.Proxied.Order(sku))));

        var errors = cell.History.Entries.Select(e => e.Reply).OfType<Unknown>().Select(u => u.Error).ToList();
        Assert.That(errors, mutant ? Has.Some.Contains("stock_not_oversold") : Is.Empty);
        Assert.That(await cell.Then.Reserved(sku), Is.LessThanOrEqualTo(5));
    }

    [Test]
    public async Task Without_the_CHECK_a_careless_statement_oversells([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        await cell.Given.Stock(onHand: 5);
        if (mutant)
        {
            await ExecuteAsync(cell, DropCheck);
        }

        Assert.That(
            async () => await ExecuteAsync(cell, OversellSql),
            mutant ? Throws.Nothing : Throws.Exception.With.Message.Contains("stock_not_oversold")
        );
        var promises = await BrokenAsync(cell);
        Assert.That(promises, mutant ? Does.Contain(1) : Is.Empty);
    }

    [Test]
    public async Task Without_the_reservation_key_one_request_id_has_two_effects([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        if (mutant)
        {
            await ExecuteAsync(cell, DropKey);
        }

        for (var round = 0; round < 30; round++)
        {
            var ask = cell.Direct.Order(await cell.Given.Stock(onHand: 5));
            var other = ask with { Lines = [new AskLine(await cell.Given.Stock(onHand: 5), 1)] };
            await Task.WhenAll(cell.Direct.AskAsync(ask), cell.Proxied.AskAsync(other));
        }

        var promises = await BrokenAsync(cell);
        Assert.That(promises, mutant ? Does.Contain(7) : Is.Empty);
    }

    [Test]
    public async Task Without_the_lock_order_callers_of_the_same_rows_deadlock([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        cell.Proxy.Rewrite = mutant
            ? sql => sql.Replace("ORDER BY stock_id FOR NO KEY UPDATE", "ORDER BY stock_id DESC FOR NO KEY UPDATE")
            : null;
        var lines = new List<AskLine>();
        for (var i = 0; i < 40; i++)
        {
            lines.Add(new AskLine(await cell.Given.Stock(onHand: 10_000), 1));
        }

        var asks = Enumerable.Range(0, 300).Select(_ => cell.Direct.Order("") with { Lines = lines });
        await Parallel.ForEachAsync(
            asks.Select((ask, i) => (ask, caller: i % 2 == 0 ? cell.Direct : cell.Proxied)),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (work, _) => await work.caller.AskAsync(work.ask)
        );

        await using var command = cell.Database.Tables.CreateCommand(DeadlocksSql);
        Assert.That(await command.ExecuteScalarAsync(), mutant ? Is.GreaterThan(0L) : Is.Zero);
        Assert.That(await BrokenAsync(cell), Is.Empty);
    }

    [Test]
    public async Task Without_the_expiry_test_of_confirm_a_lapsed_hold_is_sold([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 5);
        cell.Proxy.Rewrite = mutant
            ? sql =>
                sql.Replace("r.state = 2 AND r.expires_at > (SELECT now FROM clock) AS live", "r.state = 2 AS live")
            : null;
        var ask = cell.Proxied.Order(sku, holdMs: 20);
        var granted = (Granted)await cell.Proxied.AskAsync(ask);
        await Eventually.TrueAsync(async () => await cell.Direct.AskAsync(ask) is Granted { IsExpired: true });

        var reply = await cell.Proxied.AskAsync(new EndAsk(granted.ReservationId, ReservationEnd.Confirmed));

        Assert.That(reply, mutant ? Is.InstanceOf<Done>() : Is.EqualTo(new Refused(RefusalReason.Expired)));
        var promises = await BrokenAsync(cell);
        Assert.That(promises, mutant ? Does.Contain(9) : Is.Empty);
    }

    private static string WithoutGuard(string sql) =>
        sql.Replace("coalesce(l.quantity <= k.available, false) AS fits", "true AS fits")
            .Replace("HAVING bool_and(claim <= available)", "");

    private static async Task<IReadOnlyList<int>> BrokenAsync(ProxiedCell cell) =>
        [
            .. Checker
                .Judge(cell.History.Entries, await TablesReader.ReadAsync(cell.Database.Tables))
                .Select(v => v.Promise)
                .Distinct(),
        ];

    private static async Task ExecuteAsync(ProxiedCell cell, string sql)
    {
        await using var command = cell.Database.Tables.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
