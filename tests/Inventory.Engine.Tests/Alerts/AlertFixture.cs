using Dapper;
using Inventory.Engine.Alerts;
using Inventory.Testing;

namespace Inventory.Engine.Tests.Alerts;

/// <summary>Levels are judged when the test says so; each test has SKUs of its own.</summary>
public abstract class AlertFixture : EngineFixture
{
    private protected ListAlerts List => new(Database.Cell);

    private protected AdvanceAlert Advance => new(Database.Cell);

    private protected RaiseAlerts Raise => new(Database.Cell);

    private protected SetThreshold Thresholds => new(Database.Cell, Node.Directory);

    /// <summary>Judges all stock rows of a SKU, as its follower does.</summary>
    private protected async Task<(int Raised, int Resolved)> Judge(string sku)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var stockIds = await connection.QueryAsync<long>(
            "SELECT stock_id FROM stock JOIN item USING (item_id) WHERE sku = @Sku",
            new { Sku = sku }
        );
        var judged = await JudgeLevels.ExecuteAsync(connection, [.. stockIds], CancellationToken.None);
        await transaction.CommitAsync();
        return judged;
    }

    /// <summary>Sets what is on hand at the main warehouse, and judges it.</summary>
    private protected async Task<(int Raised, int Resolved)> Level(string sku, long onHand)
    {
        await Edit(Some.Set(sku, onHand));
        return await Judge(sku);
    }

    /// <summary>All alerts about a SKU, the oldest first.</summary>
    private protected async Task<IReadOnlyList<Alert>> Of(string sku, bool openOnly = false)
    {
        var answer = await List.ExecuteAsync(
            new() { Sku = sku, OpenOnly = openOnly },
            100,
            null,
            CancellationToken.None
        );
        return [.. answer.Alerts.Reverse()];
    }

    private protected Task<SetThresholdOutcome> Threshold(
        AlertKind kind,
        string? sku,
        string? warehouse,
        long? raiseAt,
        long? resolveAt = null,
        string? requestId = null
    ) =>
        Thresholds.ExecuteAsync(
            new(Some.Caller, requestId ?? Some.RequestId(), kind, sku, warehouse, raiseAt, resolveAt),
            CancellationToken.None
        );

    private protected async Task ReorderPoint(string sku, long? point)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "UPDATE item SET reorder_point = @Point WHERE sku = @Sku",
            new { Sku = sku, Point = point }
        );
    }
}
