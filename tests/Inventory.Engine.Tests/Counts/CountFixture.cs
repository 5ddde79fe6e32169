using Dapper;
using Inventory.Engine.Counts;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Counts;

/// <summary>Tests of counts of warehouses that no other test has.</summary>
public abstract class CountFixture : EngineFixture
{
    private const string JournalSql = """
        SELECT i.sku, j.kind::int, j.on_hand, j.damaged, j.quality_control, j.actor, j.reason
        FROM journal j JOIN stock s ON s.stock_id = j.stock_id JOIN item i ON i.item_id = s.item_id
        WHERE j.document = @CountId ORDER BY j.position
        """;

    private const string CostSql = """
        UPDATE item SET unit_cost = @Cost::numeric, unit_cost_currency = @Currency WHERE sku = @Sku
        """;

    /// <summary>A row of the journal that belongs to a count.</summary>
    protected sealed record Adjustment(
        string Sku,
        JournalKind Kind,
        long? OnHand,
        long? Damaged,
        long? QualityControl,
        string Actor,
        string? Reason
    );

    protected static NewCount Some(string warehouse, params string[] items) =>
        new()
        {
            Caller = Testing.Some.Caller,
            RequestId = Testing.Some.RequestId(),
            Warehouse = warehouse,
            Items = items,
        };

    protected static CountRecording Found(Guid countId, params CountedItem[] lines) =>
        new()
        {
            Caller = new("counter"),
            RequestId = Testing.Some.RequestId(),
            CountId = countId,
            Lines = lines,
        };

    protected static CountApproval Approval(Guid countId, params string[] items) =>
        new()
        {
            Caller = new("boss"),
            RequestId = Testing.Some.RequestId(),
            CountId = countId,
            Items = items,
            Reason = "yearly",
        };

    protected static CountedItem All(string sku, long quantity) => new(sku, CountedState.Total, quantity);

    protected async Task<StockCount> Open(string warehouse, params string[] items)
    {
        var answer = await Node.CreateCount.ExecuteAsync(Some(warehouse, items), default);
        Assert.That(answer.Outcome, Is.EqualTo(CreateCountOutcome.Created));
        return answer.Count!;
    }

    protected Task<RecordCountsAnswer> Record(CountRecording request) =>
        Node.RecordCounts.ExecuteAsync(request, default);

    protected Task<RecordCountsAnswer> Record(StockCount count, params CountedItem[] lines) =>
        Record(Found(count.CountId, lines));

    protected Task<ApproveCountAnswer> Approve(CountApproval request) =>
        Node.ApproveCount.ExecuteAsync(request, default);

    protected Task<ApproveCountAnswer> Approve(StockCount count, params string[] items) =>
        Approve(Approval(count.CountId, items));

    protected async Task<CountSheet> Sheet(StockCount count, LineSelection? selection = null) =>
        await Node.Count.ExecuteAsync(count.CountId, selection, 1_000, null, default);

    protected async Task<IReadOnlyList<Adjustment>> Journal(StockCount count)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (await connection.QueryAsync<Adjustment>(JournalSql, new { count.CountId })).AsList();
    }

    protected async Task Cost(string sku, string cost, string currency)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(
            CostSql,
            new
            {
                Sku = sku,
                Cost = cost,
                Currency = currency,
            }
        );
    }

    /// <summary>The books, as the tests and as the engine itself read them.</summary>
    protected async Task AddUp()
    {
        await foreach (var step in new VerifyInventory(Database.Cell).ExecuteAsync(default))
        {
            Assert.That(step, Is.Not.InstanceOf<VerifyViolation>());
        }

        Assert.That(await Then.Violations(), Is.Empty);
    }
}
