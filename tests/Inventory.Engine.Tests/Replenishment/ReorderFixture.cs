using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Replenishment;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Replenishment;

/// <summary>Tests of reordering that no other test has. After each, tables and journal add up.</summary>
public abstract class ReorderFixture : EngineFixture
{
    private const string JournalSql = """
        SELECT j.kind::int, j.on_hand, j.actor, j.reason FROM journal j WHERE j.document = @Document ORDER BY j.position
        """;

    /// <summary>A row of the journal that belongs to a reorder.</summary>
    protected sealed record Receipt(JournalKind Kind, long? OnHand, string Actor, string? Reason);

    [TearDown]
    public async Task Every_row_is_what_its_journal_adds_up_to()
    {
        Assert.That(await Then.Violations(), Is.Empty);
        await foreach (var step in new VerifyInventory(Database.Cell).ExecuteAsync(default))
        {
            Assert.That(step, Is.Not.InstanceOf<VerifyViolation>());
        }
    }

    protected static NewReorderPolicy NewPolicy(string sku, string? warehouse = null) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Sku = sku,
            Warehouse = warehouse ?? Given.MainWarehouse,
            Amounts = new(ReorderPoint: 5, Lot: 10, OrderUpTo: null),
            LeadTimeDays = 3,
            ServiceLevel = 0.95,
            Automatic = false,
            Source = "ACME",
        };

    /// <summary>5 and 10 at the main warehouse unless it is edited.</summary>
    protected async Task<ReorderPolicy> Policy(
        string sku,
        string? warehouse = null,
        ReorderAmounts? amounts = null,
        bool automatic = false
    )
    {
        var policy = NewPolicy(sku, warehouse) with { Automatic = automatic };
        var answer = await Set(amounts is null ? policy : policy with { Amounts = amounts });
        Assert.That(answer.Outcome, Is.EqualTo(PolicyOutcome.Done));
        return answer.Policy!;
    }

    protected Task<PolicyAnswer> Set(NewReorderPolicy policy) => Node.SetPolicy.ExecuteAsync(policy, default);

    /// <summary>Judges what a follower would be told of.</summary>
    protected async Task<int> Evaluate(string sku)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var stockIds = await connection.QueryAsync<long>(
            "SELECT s.stock_id FROM stock s JOIN item i ON i.item_id = s.item_id WHERE i.sku = @Sku",
            new { Sku = sku }
        );
        var made = await EvaluateReorders.ExecuteAsync(connection, transaction, stockIds.AsList(), default);
        await transaction.CommitAsync();
        return made;
    }

    protected async Task<IReadOnlyList<Reorder>> Reorders(string sku) =>
        (await Node.Reorders.ExecuteAsync(new ReorderFilter { Sku = sku }, 100, null, default)).Reorders;

    protected async Task<Reorder> Reorder(string sku) => (await Reorders(sku)).Single();

    protected static ReorderStep Step(Guid reorderId, ReorderStepKind kind, long? quantity = null) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            ReorderId = reorderId,
            Kind = kind,
            Quantity = quantity,
        };

    protected Task<ReorderAnswer> Advance(ReorderStep step) => Node.AdvanceReorder.ExecuteAsync(step, default);

    protected Task<ReorderAnswer> Advance(Guid reorderId, ReorderStepKind kind, long? quantity = null) =>
        Advance(Step(reorderId, kind, quantity));

    /// <summary>What is suggested of an item of which there are 3, approved: 10.</summary>
    protected async Task<Reorder> Ordered(string sku)
    {
        await Policy(sku);
        return (await Advance((await Reorder(sku)).ReorderId, ReorderStepKind.Approve)).Reorder!;
    }

    protected async Task<IReadOnlyList<Receipt>> Journal(Guid reorderId)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (await connection.QueryAsync<Receipt>(JournalSql, new { Document = reorderId })).AsList();
    }
}
