using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>
/// Edits an item, once a request id. Safety stock, and whether it is sold, go to its stock rows in the same statement,
/// each with its journal row: from the commit on every reservation is judged by them, on every server, and whoever
/// follows the journal brings them into the cache.
/// </summary>
public sealed class UpdateInventoryItem(Cell cell, CommittedLevels committed)
{
    /// <summary>Edits an item.</summary>
    /// <param name="edit">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<UpdateItemAnswer> ExecuteAsync(ItemEdit edit, CancellationToken cancellation)
    {
        var name = ItemName.Of(edit.Item);
        var parameters = new
        {
            name.ItemId,
            name.Sku,
            Key = RequestKey.Id(edit.Caller, edit.RequestId),
            Fingerprint = edit.Fingerprint(),
            Expected = edit.ExpectedRevision,
            Actor = edit.Caller,
            edit.Name,
            edit.Description,
            edit.Category,
            SetsProductId = edit.ProductId is not null,
            ProductId = edit.ProductId?.To,
            SetsVariantId = edit.VariantId is not null,
            VariantId = edit.VariantId?.To,
            SetsPrice = edit.Price is not null,
            Price = edit.Price?.To?.Amount,
            PriceCurrency = edit.Price?.To?.Currency,
            SetsUnitCost = edit.UnitCost is not null,
            UnitCost = edit.UnitCost?.To?.Amount,
            UnitCostCurrency = edit.UnitCost?.To?.Currency,
            SetsReorderPoint = edit.ReorderPoint is not null,
            ReorderPoint = edit.ReorderPoint?.To,
            SetsReorderQuantity = edit.ReorderQuantity is not null,
            ReorderQuantity = edit.ReorderQuantity?.To,
            edit.Gtins,
            edit.SafetyStock,
            edit.Discontinued,
            edit.TouchesStock,
        };
        var row = await RacedInsert.RunAsync(
            cell,
            c => UpdateItemStatement.ExecuteAsync(c, parameters, cancellation),
            cancellation
        );
        var outcome = (UpdateItemOutcome)row.Outcome;
        if (outcome is not (UpdateItemOutcome.Updated or UpdateItemOutcome.Replayed))
        {
            return new(outcome, null, row.Revision, row.TakenGtins);
        }

        var item = ItemRow.Parse(row.Answer!).ToItem();
        if (outcome == UpdateItemOutcome.Updated)
        {
            committed.Publish(row.Levels(item.ItemId));
        }

        return new(outcome, item, item.Revision, []);
    }
}
