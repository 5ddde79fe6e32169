using Inventory.Engine.Journal;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations.Waiting;

/// <summary>Tests of reservations that wait. After each, tables, queue and journal add up.</summary>
public abstract class WaitingFixture : EngineFixture
{
    [TearDown]
    public async Task Every_row_is_what_its_holds_its_queue_and_its_journal_add_up_to()
    {
        Assert.That(await Then.Violations(), Is.Empty);
        await foreach (var step in new VerifyInventory(Database.Cell).ExecuteAsync(default))
        {
            Assert.That(step, Is.Not.InstanceOf<VerifyViolation>());
        }
    }

    protected static ReserveRequest Wait(ReserveRequest request) => request with { WaitMs = 600_000 };

    protected async Task<Reservation> Told(ReserveAnswer answer) =>
        (await Node.Get.ExecuteAsync(answer.Reservation!.ReservationId, default)).Reservation!;

    protected async Task<Reservation> Until(ReserveAnswer answer, ReservationState state)
    {
        await Eventually.TrueAsync(async () => (await Told(answer)).State == state);
        return await Told(answer);
    }

    /// <summary>An item of which these warehouses have nothing.</summary>
    protected async Task<string> Stocked(params string[] warehouses)
    {
        var sku = await Given.Item();
        foreach (var warehouse in warehouses)
        {
            await Given.Stock(onHand: 0, sku: sku, warehouse: warehouse);
        }

        return sku;
    }
}
