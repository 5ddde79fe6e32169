using Dapper;
using Inventory.Engine.Journal;
using Inventory.Engine.Reservations;
using Inventory.Engine.Transfers;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

/// <summary>Each test spoils a database of its own.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VerifyInventoryTests : IAsyncDisposable
{
    private TestDatabase database = null!;
    private EngineNode node = null!;
    private string sku = "";
    private Guid held;
    private Guid confirmed;
    private Guid cancelled;

    /// <summary>Three rows; of the second one hold is open, one was confirmed and one cancelled.</summary>
    [SetUp]
    public async Task SellSome()
    {
        database = await TestDatabase.CreateAsync();
        node = new EngineNode(database.Cell);
        var given = new Given(database.Tables);
        await given.Stock(onHand: 3);
        sku = await given.Stock(onHand: 10, damaged: 1, qualityControl: 1, safetyStock: 2);
        await given.Stock(onHand: 5);
        held = await Hold(3);
        confirmed = await Hold(2);
        cancelled = await Hold(1);
        await End(confirmed, ReservationState.Confirmed);
        await End(cancelled, ReservationState.Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task What_the_engine_wrote_is_consistent()
    {
        var steps = await Verify();

        var result = (VerifyResult)steps[^1];
        Assert.That(result.Violations, Is.Zero);
        Assert.That(result.StockRows, Is.EqualTo(3));
        Assert.That(
            result.AsOf,
            Is.EqualTo(TimeProvider.System.GetUtcNow().UtcDateTime).Within(TimeSpan.FromMinutes(1))
        );
        Assert.That(steps.OfType<VerifyViolation>(), Is.Empty);
    }

    [Test]
    public async Task Progress_is_told_range_by_range()
    {
        var steps = await Verify(rangeSize: 2);

        Assert.That(steps.OfType<VerifyProgress>().Select(p => p.StockRows), Is.EqualTo([2, 3, 3]));
        Assert.That(((VerifyResult)steps[^1]).Violations, Is.Zero);
    }

    [TestCase("UPDATE stock SET on_hand = on_hand + 1", StockInvariant.OnHandIsJournaled, 8, 9)]
    [TestCase("UPDATE stock SET reserved = reserved + 1", StockInvariant.ReservedIsHeld, 3, 4)]
    [TestCase("UPDATE stock SET reserved = reserved + 1", StockInvariant.ReservedIsJournaled, 3, 4)]
    [TestCase("UPDATE stock SET damaged = damaged + 1", StockInvariant.DamagedIsJournaled, 1, 2)]
    [TestCase("UPDATE stock SET quality_control = 0", StockInvariant.QualityControlIsJournaled, 1, 0)]
    [TestCase("UPDATE stock SET in_transit = 7", StockInvariant.InTransitIsJournaled, 0, 7)]
    [TestCase("UPDATE stock SET in_transit = 7", StockInvariant.InTransitIsOnItsWay, 0, 7)]
    [TestCase("UPDATE stock SET safety_stock = 5", StockInvariant.SafetyStockIsJournaled, 2, 5)]
    [TestCase("UPDATE stock SET version = version + 1", StockInvariant.VersionsAreDense, 6, 7)]
    [TestCase("UPDATE stock SET reserved = -1", StockInvariant.LevelsInRange, 8, 1)]
    [TestCase("UPDATE stock SET reserved = 100", StockInvariant.LevelsInRange, 8, 102)]
    public async Task A_wrong_amount_is_named_with_what_it_should_be(
        string spoil,
        StockInvariant invariant,
        long expected,
        long actual
    )
    {
        await Execute(
            "ALTER TABLE stock DROP CONSTRAINT stock_reserved_not_negative, DROP CONSTRAINT stock_not_oversold"
        );
        await Execute($"{spoil} WHERE stock_id = 2");

        var violations = (await Verify()).OfType<VerifyViolation>().ToList();

        Assert.That(
            violations.Select(v => (v.StockId, v.Sku, v.Warehouse)),
            Is.All.EqualTo((2, sku, Given.MainWarehouse))
        );
        var found = violations.Single(v => v.Invariant == invariant);
        Assert.That((found.Expected, found.Actual), Is.EqualTo((expected, actual)));
    }

    [Test]
    public async Task A_change_numbered_twice_is_a_gap_even_when_count_and_last_are_right()
    {
        await Execute("UPDATE journal SET version = 3 WHERE stock_id = 2 AND version = 2");

        Assert.That(await Broken(), Is.EqualTo([StockInvariant.VersionsAreDense]));
    }

    [Test]
    public async Task A_hold_without_its_stock_is_named()
    {
        await Execute(
            "UPDATE reservation SET stock_ids = ARRAY[777777777] WHERE reservation_id = @Id",
            new { Id = held }
        );

        var violations = (await Verify()).OfType<VerifyViolation>().ToList();

        var orphan = violations.Single(v => v.StockId == 777_777_777);
        Assert.That((orphan.Invariant, orphan.Sku), Is.EqualTo((StockInvariant.ReservedIsHeld, (string?)null)));
        Assert.That(
            violations.Count(v => v.StockId == 2 && v.Invariant == StockInvariant.ReservedIsHeld),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task A_state_that_the_journal_does_not_tell_is_named()
    {
        await Execute("UPDATE reservation SET state = 5 WHERE reservation_id = @Id", new { Id = confirmed });

        var violation = (await Verify()).OfType<VerifyViolation>().Single();

        Assert.That(violation.Invariant, Is.EqualTo(StockInvariant.ReservationIsJournaled));
        Assert.That((violation.ReservationId, violation.StockId), Is.EqualTo(((Guid?)confirmed, (long?)2)));
    }

    [Test]
    public async Task A_hold_that_ended_twice_in_the_journal_is_named()
    {
        // The second end made up for by a change of another kind, so that the row's own sums are right.
        await Execute(
            """
            INSERT INTO journal (at, stock_id, version, document, reserved, kind, actor)
            VALUES (clock_timestamp(), 2, 7, @Id, -1, 5, 'test'), (clock_timestamp(), 2, 8, NULL, 1, 9, 'test');
            UPDATE stock SET version = 8 WHERE stock_id = 2
            """,
            new { Id = cancelled }
        );

        Assert.That(await Broken(), Is.EqualTo([StockInvariant.ReservationIsJournaled]));
    }

    [TestCase(
        "UPDATE transfer SET received = 2",
        StockInvariant.TransferIsJournaled,
        StockInvariant.InTransitIsOnItsWay
    )]
    [TestCase(
        "UPDATE transfer SET state = 4, returned = 4, ended_at = shipped_at",
        StockInvariant.TransferIsJournaled,
        StockInvariant.InTransitIsOnItsWay
    )]
    [TestCase("UPDATE journal SET document = gen_random_uuid() WHERE kind = 22", StockInvariant.TransferIsJournaled)]
    [TestCase("UPDATE journal SET on_hand = -4 WHERE kind = 21 AND on_hand < 0", StockInvariant.TransferIsJournaled)]
    public async Task A_transfer_that_the_journal_does_not_tell_is_named(
        string spoil,
        params StockInvariant[] invariants
    )
    {
        var given = new Given(database.Tables);
        var (from, to) = (await given.Warehouse(), await given.Warehouse());
        var moved = await given.Stock(onHand: 9, warehouse: from);
        var shipped = await node.CreateTransfer.ExecuteAsync(
            Some.Transfer(moved, from, to, 5, TransferMode.Shipped),
            CancellationToken.None
        );
        var id = shipped.Transfer!.TransferId;
        await node.AdvanceTransfer.ExecuteAsync(Some.Step(id, TransferStepKind.Receive, 1), CancellationToken.None);
        Assert.That(await Broken(), Is.Empty);

        await Execute(spoil);
        var violations = (await Verify()).OfType<VerifyViolation>().ToList();

        Assert.That(violations.Select(v => v.Invariant), Is.SupersetOf(invariants));
        Assert.That(
            violations.Where(v => v.Invariant == StockInvariant.TransferIsJournaled).Select(v => v.TransferId),
            Has.Some.EqualTo(id)
        );
    }

    [TestCase("UPDATE reservation SET ended_at = NULL WHERE state = 5")]
    [TestCase("UPDATE reservation SET ended_at = clock_timestamp() WHERE state = 2")]
    [TestCase("UPDATE reservation SET state = 7 WHERE state = 5")]
    [TestCase("UPDATE reservation SET version = 0 WHERE state = 5")]
    [TestCase("UPDATE reservation SET stock_ids = '{2,2}', quantities = '{1,2}' WHERE state = 2")]
    public async Task A_reservation_whose_columns_disagree_is_named(string spoil)
    {
        await Execute(spoil);

        var violation = (await Verify())
            .OfType<VerifyViolation>()
            .Single(v => v.Invariant == StockInvariant.ReservationState);

        Assert.That(violation.ReservationId, Is.EqualTo(held).Or.EqualTo(cancelled));
    }

    [Test]
    public async Task What_is_written_meanwhile_is_not_seen()
    {
        var steps = new List<VerifyStep>();
        await foreach (
            var step in new VerifyInventory(database.Cell) { RangeSize = 1 }.ExecuteAsync(CancellationToken.None)
        )
        {
            steps.Add(step);
            if (steps.Count == 1)
            {
                await End(held, ReservationState.Confirmed);
                await Execute("UPDATE stock SET on_hand = on_hand + 1");
            }
        }

        Assert.That(((VerifyResult)steps[^1]).Violations, Is.Zero);
    }

    [Test]
    public async Task A_second_verification_on_the_same_node_is_refused_and_a_later_one_is_not()
    {
        var verify = new VerifyInventory(database.Cell);
        await using (var first = verify.ExecuteAsync(CancellationToken.None).GetAsyncEnumerator())
        {
            await first.MoveNextAsync();

            var second = await verify.ExecuteAsync(CancellationToken.None).ToListAsync();

            Assert.That(second, Is.EqualTo([new VerifyBusy()]));
        }

        Assert.That((await verify.ExecuteAsync(CancellationToken.None).ToListAsync())[^1], Is.TypeOf<VerifyResult>());
    }

    private async Task<List<VerifyStep>> Verify(int rangeSize = VerifyInventory.DefaultRangeSize) =>
        await new VerifyInventory(database.Cell) { RangeSize = rangeSize }
            .ExecuteAsync(CancellationToken.None)
            .ToListAsync();

    private async Task<IEnumerable<StockInvariant>> Broken() =>
        (await Verify()).OfType<VerifyViolation>().Select(v => v.Invariant);

    private async Task<Guid> Hold(long quantity)
    {
        var answer = await node.Reserve.ExecuteAsync(Some.Reserve(sku, quantity), CancellationToken.None);
        return answer.Reservation!.ReservationId;
    }

    private async Task End(Guid id, ReservationState target) =>
        await node.End.ExecuteAsync(new EndRequest(id, target, Some.Caller), CancellationToken.None);

    private async Task Execute(string sql, object? parameters = null)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
