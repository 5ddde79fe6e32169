using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>Reads a policy as it is now, and what it judges.</summary>
public sealed class GetReorderPolicy(Cell cell, StockDirectory directory)
{
    private const string Sql = """
        -- replenishment.get_policy
        SELECT p.item_id, i.sku, p.warehouse_id, w.code AS warehouse, p.reorder_point, p.reorder_quantity, p.order_up_to, p.lead_time_days,
            p.service_level, p.automatic, p.source, p.version, p.created_at, p.updated_at, p.updated_by
        FROM reorder_policy p JOIN item i ON i.item_id = p.item_id JOIN warehouse w ON w.warehouse_id = p.warehouse_id
        WHERE p.item_id = @ItemId AND p.warehouse_id = @WarehouseId
        """;

    /// <summary>Reads it.</summary>
    /// <param name="sku">The item's SKU or id.</param>
    /// <param name="warehouse">The warehouse's code or id.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<GetPolicyAnswer> ExecuteAsync(string sku, string warehouse, CancellationToken cancellation)
    {
        var item = (await directory.FindAsync([sku], cancellation)).GetValueOrDefault(sku);
        var place = await directory.FindWarehouseAsync(warehouse, cancellation);
        if (item is null || place is null)
        {
            return new(item is null ? PolicyOutcome.SkuUnknown : PolicyOutcome.WarehouseUnknown, null, null);
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(
            Sql,
            new { item.ItemId, place.WarehouseId },
            cancellationToken: cancellation
        );
        if (await connection.QuerySingleOrDefaultAsync<StoredPolicy>(command) is not { } policy)
        {
            return new(PolicyOutcome.PolicyUnknown, null, null);
        }

        var rows = await ReorderPositions.ReadAsync(connection, [(item.ItemId, place.WarehouseId)], cancellation);
        return new(PolicyOutcome.Done, policy.ToPolicy(), rows.FirstOrDefault()?.Position);
    }
}

/// <summary>A policy.</summary>
/// <param name="Outcome">Done, or what is not known.</param>
/// <param name="Policy">As it is now.</param>
/// <param name="Position">What it judges; none if item or warehouse went in between.</param>
public sealed record GetPolicyAnswer(PolicyOutcome Outcome, ReorderPolicy? Policy, ReorderPosition? Position);
