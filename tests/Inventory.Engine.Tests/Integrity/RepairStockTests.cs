using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Integrity;
using Inventory.Engine.Journal;
using Inventory.Engine.Transfers;
using Inventory.Testing;
using NUnit.Framework;
using JournalEntry = Inventory.Engine.Tests.Stock.JournalEntry;

namespace Inventory.Engine.Tests.Integrity;

/// <summary>Each test spoils a database of its own.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RepairStockTests : IAsyncDisposable
{
    private TestDatabase database = null!;
    private EngineNode node = null!;
    private string sku = "";

    /// <summary>Ten, of which three are held, four come by a transfer and one is damaged.</summary>
    [SetUp]
    public async Task StockSome()
    {
        database = await TestDatabase.CreateAsync();
        node = new EngineNode(database.Cell);
        var given = new Given(database.Tables);
        sku = await given.Stock(onHand: 10, damaged: 1);
        await node.Reserve.ExecuteAsync(Some.Reserve(sku, 3), default);
        var other = await given.Warehouse();
        await given.Stock(onHand: 6, sku: sku, warehouse: other);
        var transfer = Some.Transfer(sku, other, Given.MainWarehouse, 4, TransferMode.Shipped);
        await node.CreateTransfer.ExecuteAsync(transfer, default);
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [TestCase("UPDATE stock SET reserved = 5 WHERE stock_id = 1", "reserved 5 to 3")]
    [TestCase("UPDATE stock SET on_hand = 12 WHERE stock_id = 1", "on_hand 12 to 10")]
    [TestCase("UPDATE stock SET on_hand = 9, damaged = 0 WHERE stock_id = 1", "on_hand 9 to 10, damaged 0 to 1")]
    [TestCase("UPDATE stock SET quality_control = 2 WHERE stock_id = 1", "quality_control 2 to 0")]
    [TestCase("UPDATE stock SET in_transit = 1 WHERE stock_id = 1", "in_transit 1 to 4")]
    [TestCase("UPDATE stock SET safety_stock = 2 WHERE stock_id = 1", "safety_stock 2 to 0")]
    [TestCase("UPDATE stock SET waiting = 2 WHERE stock_id = 1", "waiting 2 to 0")]
    [TestCase("UPDATE stock SET version = version + 2 WHERE stock_id = 1", "version 5 to 4")]
    public async Task A_row_that_was_changed_by_hand_is_brought_back_by_a_row_of_the_journal(
        string change,
        string mended
    )
    {
        await Spoil(change);
        Assert.That(await Violations(), Is.Not.Empty);

        var answer = await Repair();

        Assert.That((answer.Outcome, answer.Mended), Is.EqualTo((RepairOutcome.Repaired, mended)));
        Assert.That(await Violations(), Is.Empty);
        var row = (await Journal()).Last(j => j.Kind == JournalKind.Repaired);
        Assert.That(
            (row.Actor, row.Reason, row.OnHand, row.Reserved),
            Is.EqualTo(("boss", $"audit: {mended}", (long?)null, (long?)null))
        );
    }

    [TestCase(
        "UPDATE journal SET reserved = 2 WHERE stock_id = 1 AND reserved IS NOT NULL",
        "journaled reserved 2 to 3"
    )]
    [TestCase(
        "UPDATE journal SET in_transit = 7 WHERE stock_id = 1 AND in_transit IS NOT NULL",
        "journaled in_transit 7 to 4"
    )]
    public async Task A_journal_that_says_otherwise_than_what_is_held_and_on_its_way_is_put_right(
        string change,
        string mended
    )
    {
        await Spoil(change);

        var answer = await Repair();

        Assert.That((answer.Outcome, answer.Mended), Is.EqualTo((RepairOutcome.Repaired, mended)));
        Assert.That(
            (await Violations()).Select(v => v.Invariant),
            Is.SubsetOf(new[] { StockInvariant.ReservationIsJournaled, StockInvariant.TransferIsJournaled })
        );
    }

    [Test]
    public async Task What_is_sound_is_left_as_it_is_and_a_repair_that_is_sent_again_has_one_effect()
    {
        var sound = await Repair();
        var changes = (await Journal()).Count;
        await Spoil("UPDATE stock SET on_hand = 12 WHERE stock_id = 1");
        var request = Request();
        var first = await node.Repair.ExecuteAsync(request, default);
        await Spoil("UPDATE stock SET on_hand = 13 WHERE stock_id = 1");
        var again = await node.Repair.ExecuteAsync(request, default);
        var other = await node.Repair.ExecuteAsync(request with { Reason = "other" }, default);
        var unknown = await node.Repair.ExecuteAsync(Request() with { Sku = "nothing" }, default);

        Assert.That((sound.Outcome, sound.Mended), Is.EqualTo((RepairOutcome.Sound, "")));
        Assert.That((first.Outcome, again.Outcome), Is.EqualTo((RepairOutcome.Repaired, RepairOutcome.Replayed)));
        Assert.That(again with { Outcome = RepairOutcome.Repaired }, Is.EqualTo(first));
        Assert.That(
            (other.Outcome, unknown.Outcome),
            Is.EqualTo((RepairOutcome.RequestIdReused, RepairOutcome.StockUnknown))
        );
        Assert.That(await Journal(), Has.Count.EqualTo(changes + 1));
    }

    [Test]
    public async Task What_cannot_be_together_is_refused_with_the_amounts()
    {
        await Spoil("UPDATE journal SET on_hand = 2 WHERE stock_id = 1 AND version = 1");

        var answer = await Repair();

        Assert.That(answer.Outcome, Is.EqualTo(RepairOutcome.Impossible));
        Assert.That((answer.True!.OnHand, answer.True.Reserved, answer.True.Damaged), Is.EqualTo((2, 3, 1)));
        Assert.That((await Journal()).Select(j => j.Kind), Has.None.EqualTo(JournalKind.Repaired));
    }

    [Test]
    public async Task What_a_verification_finds_is_recorded_once_and_listed()
    {
        await Spoil("UPDATE stock SET on_hand = on_hand + 2, safety_stock = 1");
        await using var other = new EngineNode(database.Cell);

        var none = await node.Findings.ExecuteAsync(null, 9, null, default);
        var first = await node.Verification.ExecuteAsync(TimeSpan.FromHours(1), default);
        var again = await other.Verification.ExecuteAsync(TimeSpan.FromHours(1), default);
        await Repair();
        var second = await node.Verification.ExecuteAsync(TimeSpan.Zero, default);
        var page = await node.Findings.ExecuteAsync(first.Verification!.VerificationId, 3, null, default);
        var next = await node.Findings.ExecuteAsync(null, 3, page.NextPageToken, default);
        var last = await node.Findings.ExecuteAsync(null, 9, null, default);
        var unknown = await node.Findings.ExecuteAsync(999, 9, null, default);

        Assert.That((none.Outcome, none.Verification), Is.EqualTo((FindingsOutcome.Listed, (Verification?)null)));
        Assert.That(
            (first.Outcome, first.Verification.Violations),
            Is.EqualTo((RecordVerificationOutcome.Verified, 4))
        );
        Assert.That(again.Outcome, Is.EqualTo(RecordVerificationOutcome.DoneAlready));
        Assert.That(page.Findings.Concat(next.Findings), Is.EqualTo(first.Findings));
        Assert.That(next.NextPageToken, Is.Null);
        Assert.That(
            (last.Verification!.VerificationId, last.Findings.Count),
            Is.EqualTo((second.Verification!.VerificationId, 2))
        );
        Assert.That(unknown.Outcome, Is.EqualTo(FindingsOutcome.VerificationUnknown));
    }

    [Test]
    public async Task While_one_server_verifies_no_other_does()
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.verification', 0))"
        );

        var busy = await node.Verification.ExecuteAsync(TimeSpan.Zero, default);
        await transaction.RollbackAsync();
        var free = await node.Verification.ExecuteAsync(TimeSpan.Zero, default);

        Assert.That(
            (busy.Outcome, free.Outcome),
            Is.EqualTo((RecordVerificationOutcome.Busy, RecordVerificationOutcome.Verified))
        );
    }

    private StockRepair Request() =>
        new()
        {
            Caller = new("boss"),
            RequestId = Some.RequestId(),
            Sku = sku,
            Warehouse = Given.MainWarehouse,
            Reason = "audit",
        };

    private Task<RepairAnswer> Repair() => node.Repair.ExecuteAsync(Request(), default);

    private async Task<IReadOnlyList<VerifyViolation>> Violations()
    {
        var found = new List<VerifyViolation>();
        await foreach (var step in new VerifyInventory(database.Cell).ExecuteAsync(default))
        {
            if (step is VerifyViolation violation)
            {
                found.Add(violation);
            }
        }

        return found;
    }

    private Task<IReadOnlyList<JournalEntry>> Journal() => JournalEntry.OfAsync(database, sku);

    private async Task Spoil(string sql)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
