using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>Makes an item with its barcodes, once a request id.</summary>
public sealed class CreateInventoryItem(Cell cell)
{
    // What is asked is the fingerprint's content, so the stored answer is what the tables added to it.
    private const string Sql = """
        -- catalog.create_item
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        taken AS MATERIALIZED (
            SELECT EXISTS (SELECT FROM item i WHERE i.sku = @Sku) AS sku,
                ARRAY(SELECT b.gtin FROM barcode b WHERE b.gtin = ANY (@Gtins) ORDER BY b.gtin) AS gtins),
        created AS (
            INSERT INTO item (sku, product_id, variant_id, name, description, category, price, price_currency, unit_cost,
                unit_cost_currency, base_unit, reorder_point, reorder_quantity, safety_stock, discontinued, created_at, updated_at)
            SELECT @Sku, @ProductId, @VariantId, @Name, @Description, @Category, @Price::numeric, @PriceCurrency, @UnitCost::numeric,
                @UnitCostCurrency, @BaseUnit, @ReorderPoint::bigint, @ReorderQuantity::bigint, @SafetyStock::bigint,
                @Discontinued::boolean, c.now, c.now
            FROM clock c, taken t
            WHERE NOT EXISTS (SELECT FROM seen) AND NOT t.sku AND t.gtins = '{}'
            RETURNING item_id, created_at),
        coded AS (
            INSERT INTO barcode (gtin, item_id)
            SELECT g.gtin, c.item_id FROM created c, unnest(@Gtins::text[]) AS g (gtin) ORDER BY g.gtin),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint::bigint, c.created_at, 2, jsonb_build_object('item_id', c.item_id, 'created_at', c.created_at)
            FROM created c WHERE @Key::uuid IS NOT NULL)
        SELECT s.fingerprint AS seen, t.sku AS sku_taken, t.gtins AS taken_gtins,
            coalesce(c.item_id, (s.answer ->> 'item_id')::bigint) AS item_id,
            coalesce(c.created_at, (s.answer ->> 'created_at')::timestamptz) AS created_at
        FROM taken t LEFT JOIN seen s ON true LEFT JOIN created c ON true
        """;

    /// <summary>Makes an item.</summary>
    /// <param name="item">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again with the same request id is safe.
    /// </exception>
    public async Task<CreateItemAnswer> ExecuteAsync(NewItem item, CancellationToken cancellation)
    {
        var fingerprint = item.Fingerprint();
        var parameters = new
        {
            Key = item.RequestId is { } requestId ? RequestKey.Id(item.Caller, requestId) : (Guid?)null,
            Fingerprint = fingerprint,
            item.Sku,
            item.ProductId,
            item.VariantId,
            item.Name,
            item.Description,
            item.Category,
            Price = item.Price?.Amount,
            PriceCurrency = item.Price?.Currency,
            UnitCost = item.UnitCost?.Amount,
            UnitCostCurrency = item.UnitCost?.Currency,
            item.BaseUnit,
            item.ReorderPoint,
            item.ReorderQuantity,
            item.SafetyStock,
            item.Discontinued,
            item.Gtins,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => c.QuerySingleAsync<Row>(command), cancellation);
        return row switch
        {
            { Seen: { } seen } when seen != fingerprint => new(CreateItemOutcome.RequestIdReused, null, []),
            { Seen: not null } => new(CreateItemOutcome.Replayed, Made(item, row), []),
            { SkuTaken: true } => new(CreateItemOutcome.SkuTaken, null, []),
            { TakenGtins.Length: > 0 } => new(CreateItemOutcome.BarcodeTaken, null, row.TakenGtins),
            _ => new(CreateItemOutcome.Created, Made(item, row), []),
        };
    }

    private static Item Made(NewItem item, Row row) =>
        new()
        {
            ItemId = row.ItemId,
            Sku = item.Sku,
            Name = item.Name,
            Description = item.Description,
            Category = item.Category,
            ProductId = item.ProductId,
            VariantId = item.VariantId,
            Price = item.Price,
            UnitCost = item.UnitCost,
            Barcodes = item.Gtins,
            BaseUnit = item.BaseUnit,
            ReorderPoint = item.ReorderPoint,
            ReorderQuantity = item.ReorderQuantity,
            SafetyStock = item.SafetyStock,
            Discontinued = item.Discontinued,
            Revision = 1,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.CreatedAt,
        };

    private sealed class Row
    {
        /// <summary>The fingerprint under which the request id was used before.</summary>
        public long? Seen { get; init; }

        public bool SkuTaken { get; init; }

        public string[] TakenGtins { get; init; } = [];

        public long ItemId { get; init; }

        public DateTime CreatedAt { get; init; }
    }
}
