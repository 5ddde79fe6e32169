using System.Text.RegularExpressions;
using Inventory.Engine.Returns;
using Inventory.Faults.Checking;
using Inventory.Faults.Database;
using Inventory.Faults.Histories;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Faults.Mutants;

/// <summary>
/// Takes the guards of parts, late confirmations and returns away, one at a time, as <see cref="MutantTests"/> does for
/// the others.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed partial class PartMutantTests
{
    [Test]
    public async Task Without_the_reservations_version_parts_that_race_move_what_is_not_held([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 60);
        var hold = await HoldAsync(cell, sku, 60);
        cell.Proxy.Rewrite = mutant ? sql => Version().Replace(sql, "true") : null;

        await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(_ =>
                    cell.Proxied.AskAsync(new PartAsk(hold, Some.RequestId(), sku, 1, ReservationEnd.Confirmed))
                )
        );

        var promises = await BrokenAsync(cell);
        Assert.That(promises, mutant ? Is.Not.Empty : Is.Empty);
    }

    [Test]
    public async Task Without_the_request_key_a_part_that_is_asked_for_again_is_made_again([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 10);
        var part = new PartAsk(await HoldAsync(cell, sku, 10), Some.RequestId(), sku, 1, ReservationEnd.Confirmed);
        await cell.Proxied.AskAsync(part);
        cell.Proxy.Rewrite = mutant ? sql => Key().Replace(sql, "false") : null;
        if (mutant)
        {
            await using var drop = cell.Database.Tables.CreateCommand(
                "ALTER TABLE request DROP CONSTRAINT request_pkey; CREATE INDEX ON request (request_key)"
            );
            await drop.ExecuteNonQueryAsync();
        }

        await cell.Proxied.AskAsync(part);

        var promises = await BrokenAsync(cell);
        Assert.That(promises, mutant ? Does.Contain(7) : Is.Empty);
    }

    [Test]
    public async Task Without_its_judgement_a_late_confirmation_takes_what_others_hold([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 5);
        var hold = await HoldAsync(cell, sku, 5);
        await cell.Given.Lapsed(hold);
        await HoldAsync(cell, sku, 3);
        cell.Proxy.Rewrite = mutant
            ? sql => sql.Replace("OR k.available - l.reserved < -l.on_hand", "", StringComparison.Ordinal)
            : null;

        var late = new PartAsk(hold, Some.RequestId(), sku, 5, ReservationEnd.Confirmed, IsLate: true);
        var reply = await cell.Proxied.AskAsync(late);

        // The CHECK is the last to stand: the error surfaces, and nothing is sold twice.
        Assert.That(reply, mutant ? Is.InstanceOf<Unknown>() : Is.EqualTo(new Refused(RefusalReason.StockShort)));
        Assert.That(await cell.Then.OnHand(sku), Is.EqualTo(5));
    }

    [Test]
    public async Task Without_the_look_for_due_holds_a_late_confirmation_is_refused_that_fits([Values] bool mutant)
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 5);
        var hold = await HoldAsync(cell, sku, 5);
        await cell.Given.Lapsed(hold);
        await cell.Given.Lapsed(await HoldAsync(cell, sku, 5));
        cell.Proxy.Rewrite = mutant
            ? sql =>
                sql.Replace(
                    "WHERE refusal = 11) THEN EXISTS",
                    "WHERE refusal = 11) THEN NOT EXISTS",
                    StringComparison.Ordinal
                )
            : null;

        var late = new PartAsk(hold, Some.RequestId(), sku, 5, ReservationEnd.Confirmed, IsLate: true);
        var reply = await cell.Proxied.AskAsync(late);

        Assert.That(reply, mutant ? Is.EqualTo(new Refused(RefusalReason.StockShort)) : Is.EqualTo(new Done(false)));
    }

    [Test]
    public async Task Without_the_reservations_version_returns_that_race_bring_back_more_than_was_sold(
        [Values] bool mutant
    )
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 60);
        var hold = await HoldAsync(cell, sku, 60);
        await cell.Proxied.AskAsync(new EndAsk(hold, ReservationEnd.Confirmed));
        cell.Proxy.Rewrite = mutant ? sql => Version().Replace(sql, "true") : null;

        await Task.WhenAll(
            Enumerable
                .Range(0, 80)
                .Select(async _ => await cell.Proxied.Node.Return.ExecuteAsync(Return(hold, sku), default))
        );

        var promises = await BrokenAsync(cell);
        Assert.That(promises, mutant ? Does.Contain(3) : Is.Empty);
        Assert.That(await cell.Then.OnHand(sku), mutant ? Is.GreaterThan(60) : Is.EqualTo(60));
    }

    private static async Task<Guid> HoldAsync(ProxiedCell cell, string sku, long quantity)
    {
        var ask = cell.Direct.Order(sku) with { Lines = [new AskLine(sku, quantity)] };
        return ((Granted)await cell.Direct.AskAsync(ask)).ReservationId;
    }

    private static ReturnRequest Return(Guid reservation, string sku) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            ReservationId = reservation,
            Lines = [new ReturnLine(sku, null, 1, ReturnCondition.Available)],
        };

    private static async Task<IReadOnlyList<int>> BrokenAsync(ProxiedCell cell) =>
        [
            .. Checker
                .Judge(cell.History.Entries, await TablesReader.ReadAsync(cell.Database.Tables))
                .Select(v => v.Promise)
                .Distinct(),
        ];

    [GeneratedRegex(@"r\.version = \$\d+(::int)?")]
    private static partial Regex Version();

    [GeneratedRegex(@"q\.request_key = ANY \(\$\d+\)")]
    private static partial Regex Key();
}
