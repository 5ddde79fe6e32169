using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Stock;
using Inventory.Engine.Transfers;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Transfers;

/// <summary>Tests of transfers between warehouses that no other test has.</summary>
public abstract class TransferFixture : EngineFixture
{
    private const string JournalSql = """
        SELECT w.code AS warehouse, j.kind::int, j.on_hand, j.in_transit, j.reason
        FROM journal j JOIN stock s ON s.stock_id = j.stock_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE j.document = @TransferId ORDER BY j.position
        """;

    /// <summary>A row of the journal that belongs to a transfer.</summary>
    protected sealed record Leg(string Warehouse, JournalKind Kind, long? OnHand, long? InTransit, string? Reason);

    /// <summary>Stock at one warehouse of two.</summary>
    protected async Task<(string Sku, string From, string To)> Places(long onHand, long safetyStock = 0)
    {
        var (from, to) = (await Given.Warehouse(), await Given.Warehouse());
        return (await Given.Stock(onHand, warehouse: from, safetyStock: safetyStock), from, to);
    }

    protected Task<TransferAnswer> Create(NewTransfer request) => Node.CreateTransfer.ExecuteAsync(request, default);

    protected async Task<Transfer> Created(NewTransfer request)
    {
        var answer = await Create(request);
        Assert.That(answer.Outcome, Is.EqualTo(TransferOutcome.Done));
        return answer.Transfer!;
    }

    protected Task<TransferAnswer> Advance(TransferStep step) => Node.AdvanceTransfer.ExecuteAsync(step, default);

    protected Task<TransferAnswer> Ship(Guid id) => Advance(Some.Step(id, TransferStepKind.Ship));

    protected Task<TransferAnswer> Receive(Guid id, long? quantity = null) =>
        Advance(Some.Step(id, TransferStepKind.Receive, quantity));

    protected Task<TransferAnswer> CancelTransfer(Guid id) => Advance(Some.Step(id, TransferStepKind.Cancel));

    /// <summary>On hand and in transit; none where there is no row.</summary>
    protected async Task<(long OnHand, long InTransit)?> At(string sku, string warehouse) =>
        await Node.Stock.ExecuteAsync(StockTarget.At(sku, warehouse), default) is { } stock
            ? (stock.OnHand, stock.InTransit)
            : null;

    protected async Task<IReadOnlyList<Leg>> Journal(Guid transferId)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (await connection.QueryAsync<Leg>(JournalSql, new { TransferId = transferId })).AsList();
    }

    /// <summary>The books, as the tests and as the engine itself read them.</summary>
    protected async Task AddUp()
    {
        var broken = new List<VerifyViolation>();
        await foreach (var step in new VerifyInventory(Database.Cell).ExecuteAsync(default))
        {
            if (step is VerifyViolation violation)
            {
                broken.Add(violation);
            }
        }

        Assert.That(broken, Is.Empty);
        Assert.That(await Then.Violations(), Is.Empty);
    }
}
