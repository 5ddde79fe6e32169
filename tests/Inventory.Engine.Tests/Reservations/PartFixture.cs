using Dapper;
using Inventory.Engine.Journal;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>Tests of what becomes of a hold in parts. After each, tables and journal add up.</summary>
public abstract class PartFixture : EngineFixture
{
    protected static EndPartRequest Confirm(Reservation hold, params IEnumerable<(string Sku, long Quantity)> lines) =>
        new()
        {
            ReservationId = hold.ReservationId,
            Target = ReservationState.Confirmed,
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Lines = [.. lines.Select(l => new ReserveLine(l.Sku, null, l.Quantity))],
        };

    protected static EndPartRequest Release(Reservation hold, params IEnumerable<(string Sku, long Quantity)> lines) =>
        Confirm(hold, lines) with
        {
            Target = ReservationState.Cancelled,
        };

    /// <summary>Confirms a lapsed hold, wholly, if it can be taken again.</summary>
    protected async Task<EndAnswer> ConfirmLate(Reservation hold) =>
        await Node.Part.ExecuteAsync(Confirm(hold) with { RequestId = null, Reacquires = true }, default);

    protected static IEnumerable<(long Confirmed, long Released, long Returned)> Parts(Reservation reservation) =>
        reservation.Allocations.Select(a => (a.Confirmed, a.Released, a.Returned));

    protected async Task<long> Scalar(string sql, object parameters)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql, parameters);
    }

    [TearDown]
    public async Task Every_row_is_what_its_holds_and_its_journal_add_up_to()
    {
        Assert.That(await Then.Violations(), Is.Empty);
        var violations = new List<VerifyViolation>();
        await foreach (var step in new VerifyInventory(Database.Cell).ExecuteAsync(default))
        {
            violations.AddRange(step is VerifyViolation violation ? [violation] : []);
        }

        Assert.That(violations, Is.Empty);
    }
}
