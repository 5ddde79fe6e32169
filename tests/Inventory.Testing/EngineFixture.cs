using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using NUnit.Framework;

namespace Inventory.Testing;

/// <summary>
/// Tests of the engine on a database of their own. The fixture's tests share it, each with
/// fresh SKUs.
/// </summary>
public abstract class EngineFixture : IAsyncDisposable
{
    private TestDatabase? database;
    private EngineNode? node;

    protected TestDatabase Database => database!;

    /// <summary>The engine under test; a second server is another <see cref="EngineNode"/> on the same cell.</summary>
    protected EngineNode Node => node!;

    protected Given Given => new(Database.Tables);

    protected Then Then => new(Database.Tables);

    [OneTimeSetUp]
    public async Task StartEngine()
    {
        database = await TestDatabase.CreateAsync();
        node = new EngineNode(database.Cell);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (node is not null)
        {
            await node.DisposeAsync();
        }

        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    protected async Task<ReserveAnswer> Reserve(ReserveRequest request) =>
        await Node.Reserve.ExecuteAsync(request, CancellationToken.None);

    /// <summary>A reservation that the test takes for granted.</summary>
    protected async Task<Reservation> Hold(string sku, long quantity = 1) =>
        (await Reserve(Some.Reserve(sku, quantity))).Reservation
        ?? throw new InvalidOperationException($"{quantity} of {sku} could not be held.");

    protected Task<EndAnswer> Confirm(Guid reservationId) => End(reservationId, ReservationState.Confirmed);

    protected Task<EndAnswer> Cancel(Guid reservationId) => End(reservationId, ReservationState.Cancelled);

    protected async Task<EditAnswer> Edit(StockEdit edit) => await Node.Edit.ExecuteAsync(edit, CancellationToken.None);

    private async Task<EndAnswer> End(Guid reservationId, ReservationState target) =>
        await Node.End.ExecuteAsync(new EndRequest(reservationId, target, Some.Caller), CancellationToken.None);
}
