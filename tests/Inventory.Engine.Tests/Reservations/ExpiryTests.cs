using Inventory.Engine.Reservations;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[TestFixture]
public sealed class ExpiryTests : EngineFixture
{
    [Test]
    public async Task A_sale_is_not_refused_for_an_expired_hold_that_no_sweep_has_met()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 5);
        await Given.Lapsed(hold.ReservationId);

        var answer = await Reserve(Some.Reserve(sku, quantity: 5));

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(await Then.State(hold.ReservationId), Is.EqualTo(ReservationState.Expired));
    }

    [Test]
    public async Task A_storm_of_sales_behind_more_expired_holds_than_one_statement_ends_is_never_refused()
    {
        var sku = await Given.Stock(onHand: 1_200);
        var holds = await Task.WhenAll(Enumerable.Range(0, 1_200).Select(_ => Hold(sku)));
        await using (
            var command = Database.Tables.CreateCommand(
                """
                UPDATE reservation SET expires_at = clock_timestamp() - interval '1 second'
                WHERE reservation_id = ANY ($1)
                """
            )
        )
        {
            command.Parameters.Add(new() { Value = holds.Select(h => h.ReservationId).ToArray() });
            await command.ExecuteNonQueryAsync();
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_200).Select(_ => Reserve(Some.Reserve(sku))));

        Assert.That(answers.Select(a => a.Outcome), Is.All.EqualTo(ReserveOutcome.Held));
    }

    [Test]
    public async Task A_sale_is_not_refused_while_another_server_sweeps()
    {
        await using var sweeper = new EngineNode(Database.Cell);
        for (var turn = 0; turn < 50; turn++)
        {
            var sku = await Given.Stock(onHand: 1);
            await Given.Lapsed((await Hold(sku)).ReservationId);

            var sweep = sweeper.Expire.SweepAsync(CancellationToken.None);
            var answer = await Reserve(Some.Reserve(sku));
            await sweep;

            Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.Held));
        }
    }

    [Test]
    public async Task A_sale_waits_for_the_document_of_an_expired_hold_rather_than_skipping_it()
    {
        var sku = await Given.Stock(onHand: 1);
        var hold = await Hold(sku);
        await Given.Lapsed(hold.ReservationId);
        await using var other = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await LockDocument(other, hold.ReservationId);

        var answer = Reserve(Some.Reserve(sku));
        await Eventually.TrueAsync(async () => await Waiting() > 0);
        await transaction.RollbackAsync();

        Assert.That((await answer).Outcome, Is.EqualTo(ReserveOutcome.Held));
    }

    [Test]
    public async Task A_sweep_passes_by_a_hold_that_somebody_else_has_and_ends_the_others()
    {
        var sku = await Given.Stock(onHand: 2);
        var (taken, free) = (await Hold(sku), await Hold(sku));
        await Given.Lapsed(taken.ReservationId);
        await Given.Lapsed(free.ReservationId);
        await using var other = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await LockDocument(other, taken.ReservationId);

        await Node.Expire.SweepAsync(CancellationToken.None);
        var (passed, ended) = (await Then.State(taken.ReservationId), await Then.State(free.ReservationId));
        await transaction.RollbackAsync();
        await Node.Expire.SweepAsync(CancellationToken.None);

        Assert.That((passed, ended), Is.EqualTo((ReservationState.Held, ReservationState.Expired)));
        Assert.That(await Then.State(taken.ReservationId), Is.EqualTo(ReservationState.Expired));
    }

    [Test]
    public async Task Four_sweepers_end_each_hold_once()
    {
        var sku = await Given.Stock(onHand: 2_000);
        var holds = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => Hold(sku)));
        foreach (var hold in holds)
        {
            await Given.Lapsed(hold.ReservationId);
        }

        var nodes = Enumerable.Range(0, 4).Select(_ => new EngineNode(Database.Cell)).ToList();
        var counts = await Task.WhenAll(nodes.Select(n => n.Expire.SweepAsync(CancellationToken.None)));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        Assert.That(counts.Sum(), Is.EqualTo(2_000));
        Assert.That(await Then.Reserved(sku), Is.Zero);
        Assert.That(await Then.Changes(sku), Is.EqualTo(1 + 2_000 + 2_000));
    }

    [Test]
    public async Task A_hold_reads_expired_when_its_time_has_come()
    {
        var hold = await Hold(await Given.Stock(onHand: 1));
        await Given.Lapsed(hold.ReservationId);

        var found = await Node.Get.ExecuteAsync(hold.ReservationId, CancellationToken.None);

        Assert.That(found.Reservation!.State, Is.EqualTo(ReservationState.Expired));
    }

    [Test]
    public async Task Nothing_expires_early()
    {
        var sku = await Given.Stock(onHand: 1);
        await Hold(sku);

        await Node.Expire.SweepAsync(CancellationToken.None);

        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task Of_a_confirm_and_an_expiry_that_race_one_wins()
    {
        var sku = await Given.Stock(onHand: 300);
        var holds = await Task.WhenAll(
            Enumerable.Range(0, 300).Select(i => Reserve(Some.Reserve(sku, holdMs: 1_000 + i)))
        );
        await using var sweeper = new EngineNode(Database.Cell);
        using var swept = new CancellationTokenSource();
        var sweeps = Task.Run(async () =>
        {
            while (!swept.IsCancellationRequested)
            {
                await sweeper.Expire.SweepAsync(CancellationToken.None);
            }
        });

        await Eventually.TrueAsync(async () => await Due(holds[0].Reservation!.ReservationId));
        var answers = await Task.WhenAll(holds.Select(h => Confirm(h.Reservation!.ReservationId)));
        await Eventually.TrueAsync(async () => await Then.Reserved(sku) == 0);
        await swept.CancelAsync();
        await sweeps;

        var confirmed = answers.Count(a => a.Outcome == EndOutcome.Ended);
        Assert.That(answers.Count(a => a.Outcome == EndOutcome.Expired), Is.EqualTo(300 - confirmed));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(300 - confirmed));
    }

    [TearDown]
    public async Task Every_row_is_what_its_holds_and_its_journal_add_up_to() =>
        Assert.That(await Then.Violations(), Is.Empty);

    private async Task<bool> Due(Guid id)
    {
        var found = await Node.Get.ExecuteAsync(id, CancellationToken.None);
        return found.Reservation!.State == ReservationState.Expired;
    }

    private static async Task LockDocument(NpgsqlConnection connection, Guid id)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT FROM reservation WHERE reservation_id = $1 FOR UPDATE";
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> Waiting()
    {
        await using var command = Database.Tables.CreateCommand(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '-- expiry.%'
            """
        );
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
