using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>
/// Edits an item, once a request id. Safety stock, and whether it is sold, go to its stock rows in the same statement,
/// each with its journal row: from the commit on every reservation is judged by them, on every server, and whoever
/// follows the journal brings them into the cache.
/// </summary>
public sealed class UpdateInventoryItem(Cell cell, StockDirectory directory, CommittedLevels committed)
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
        var named = (edit.Components ?? []).Select(c => c.Sku).Distinct();
        var parts = await directory.FindAsync([.. named], cancellation);
        var name = await ItemName.FindAsync(cell, edit.Item, edit.IsProduct, cancellation);
        var parameters = Parameters(edit, name, parts);
        var row = await RacedInsert.RunAsync(
            cell,
            c => UpdateItemStatement.ExecuteAsync(c, parameters, cancellation),
            cancellation
        );
        var outcome = (UpdateItemOutcome)row.Outcome;
        if (outcome == UpdateItemOutcome.ItemUnknown && name.IsAmbiguous)
        {
            return new(UpdateItemOutcome.SeveralVariants, null, 0, []);
        }

        if (outcome is not (UpdateItemOutcome.Updated or UpdateItemOutcome.Replayed))
        {
            return new(outcome, null, row.Revision, row.TakenGtins)
            {
                Components = [.. row.UnfitParts.Select(place => edit.Components![place - 1].Sku)],
            };
        }

        var item = ItemRow.Parse(row.Answer!).ToItem();
        if (outcome == UpdateItemOutcome.Updated)
        {
            committed.Publish(row.Levels(item.ItemId));
            if (item.Components.Count > 0)
            {
                // This server forgets what the kit was made of now, the others with their next look.
                await directory.RefreshWarehousesAsync(cancellation);
            }
        }

        return new(outcome, item, item.Revision, []);
    }

    private static object Parameters(ItemEdit edit, ItemName name, IReadOnlyDictionary<string, ItemRows> parts) =>
        new
        {
            name.ItemId,
            name.Sku,
            Key = RequestKey.Id(edit.Caller, edit.RequestId),
            Fingerprint = edit.Fingerprint(),
            Expected = edit.ExpectedRevision,
            Actor = edit.Caller.Name,
            edit.Caller.Origin,
            edit.Caller.Trace,
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
            ComponentIds = edit.Components?.Select(c => parts.GetValueOrDefault(c.Sku)?.ItemId ?? 0).ToArray(),
            ComponentQuantities = edit.Components?.Select(c => c.Quantity).ToArray(),
        };
}
