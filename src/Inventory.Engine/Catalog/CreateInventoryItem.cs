using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>
/// Makes an item with its barcodes and what the warehouses have of it from the beginning, once a request id.
/// </summary>
public sealed class CreateInventoryItem(Cell cell, StockDirectory directory, CommittedLevels committed)
{
    // What is asked is the fingerprint's content, so the stored answer is what the tables added to it. The warehouses
    // are locked so that none closes or goes in between.
    private const string Sql = """
        -- catalog.create_item_lock
        SELECT count(*) FROM (
            SELECT FROM warehouse WHERE warehouse_id = ANY (@WarehouseIds) ORDER BY warehouse_id FOR SHARE) AS locked;
        -- catalog.create_item_lock_components
        SELECT count(*) FROM (SELECT FROM item WHERE item_id = ANY (@ComponentIds) ORDER BY item_id FOR SHARE) AS locked;
        -- catalog.create_item
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        taken AS MATERIALIZED (
            SELECT EXISTS (SELECT FROM item i WHERE i.sku = @Sku) AS sku,
                ARRAY(SELECT b.gtin FROM barcode b WHERE b.gtin = ANY (@Gtins) ORDER BY b.gtin) AS gtins),
        site AS MATERIALIZED (
            SELECT q.place, q.quantity, w.warehouse_id, w.active
            FROM unnest(@WarehouseIds::int[], @Quantities::bigint[]) WITH ORDINALITY AS q (warehouse_id, quantity, place)
            LEFT JOIN warehouse w ON w.warehouse_id = q.warehouse_id),
        unfit AS MATERIALIZED (
            SELECT coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE warehouse_id IS NULL), '{}') AS unknown,
                coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE NOT active), '{}') AS inactive,
                coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE nth > 1), '{}') AS repeated
            FROM (SELECT place, warehouse_id, active, row_number() OVER (PARTITION BY warehouse_id ORDER BY place) AS nth FROM site) n),
        part AS MATERIALIZED (
            SELECT q.place, q.quantity, i.item_id, i.kit, row_number() OVER (PARTITION BY q.item_id ORDER BY q.place) AS nth
            FROM unnest(@ComponentIds::bigint[], @ComponentQuantities::bigint[]) WITH ORDINALITY AS q (item_id, quantity, place)
            LEFT JOIN item i ON i.item_id = q.item_id),
        unfit_part AS MATERIALIZED (
            SELECT coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE item_id IS NULL), '{}') AS unknown,
                coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE kit), '{}') AS kits,
                coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE nth > 1 AND item_id IS NOT NULL), '{}') AS repeated
            FROM part),
        allowed AS MATERIALIZED (
            SELECT floor(min(coalesce(a.available, 0) / p.quantity))::bigint AS kits
            FROM part p LEFT JOIN (
                SELECT s.item_id, sum(greatest(s.available, 0)) AS available FROM stock s JOIN warehouse w ON w.warehouse_id = s.warehouse_id
                WHERE s.item_id = ANY (@ComponentIds) AND w.active AND NOT s.discontinued GROUP BY s.item_id) a ON a.item_id = p.item_id),
        created AS (
            INSERT INTO item (sku, product_id, variant_id, name, description, category, price, price_currency, unit_cost,
                unit_cost_currency, base_unit, reorder_point, reorder_quantity, safety_stock, discontinued, kit, created_at,
                updated_at)
            SELECT @Sku, @ProductId, @VariantId, @Name, @Description, @Category, @Price::numeric, @PriceCurrency, @UnitCost::numeric,
                @UnitCostCurrency, @BaseUnit, @ReorderPoint::bigint, @ReorderQuantity::bigint, @SafetyStock::bigint,
                @Discontinued::boolean, cardinality(@ComponentIds::bigint[]) > 0, c.now, c.now
            FROM clock c, taken t, unfit u, unfit_part n
            WHERE NOT EXISTS (SELECT FROM seen) AND NOT t.sku AND t.gtins = '{}'
                AND u.unknown = '{}' AND u.inactive = '{}' AND u.repeated = '{}'
                AND n.unknown = '{}' AND n.kits = '{}' AND n.repeated = '{}'
            RETURNING item_id, created_at),
        coded AS (
            INSERT INTO barcode (gtin, item_id)
            SELECT g.gtin, c.item_id FROM created c, unnest(@Gtins::text[]) AS g (gtin) ORDER BY g.gtin),
        composed AS (
            INSERT INTO kit_component (kit_id, component_id, quantity)
            SELECT c.item_id, p.item_id, p.quantity FROM created c, part p ORDER BY p.item_id),
        opened AS (
            INSERT INTO stock (item_id, warehouse_id, discontinued, on_hand, safety_stock, version)
            SELECT c.item_id, s.warehouse_id, @Discontinued::boolean, s.quantity, @SafetyStock::bigint, 1
            FROM created c, site s ORDER BY s.warehouse_id
            RETURNING stock_id, warehouse_id, on_hand, available, safety_stock),
        written AS (
            INSERT INTO journal (at, stock_id, version, on_hand, safety_stock, kind, actor, origin, trace)
            SELECT c.now, o.stock_id, 1, o.on_hand, nullif(o.safety_stock, 0), 11, @Actor, @Origin::int, @Trace::uuid
            FROM clock c, opened o ORDER BY o.stock_id),
        shelf AS MATERIALIZED (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(warehouse_id) AS warehouse_ids, array_agg(on_hand) AS on_hand,
                array_agg(available) AS available,
                coalesce((SELECT kits FROM allowed), sum(greatest(available, 0)), 0)::bigint AS available_sum
            FROM opened),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.created_at, 'CreateInventoryItem', 'item_' || c.item_id, @Key, @Actor, @Origin::int, @Trace::uuid FROM created c),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint::bigint, c.created_at, 2,
                jsonb_build_object('item_id', c.item_id, 'created_at', c.created_at, 'available', h.available_sum)
            FROM created c, shelf h WHERE @Key::uuid IS NOT NULL)
        SELECT s.fingerprint AS seen, t.sku AS sku_taken, t.gtins AS taken_gtins, u.unknown, u.inactive, u.repeated,
            n.unknown AS unknown_parts, n.kits AS kit_parts, n.repeated AS repeated_parts,
            coalesce(c.item_id, (s.answer ->> 'item_id')::bigint) AS item_id,
            coalesce(c.created_at, (s.answer ->> 'created_at')::timestamptz) AS created_at,
            coalesce((s.answer ->> 'available')::bigint, h.available_sum) AS available_sum,
            h.stock_ids, h.warehouse_ids, h.on_hand, h.available
        FROM taken t CROSS JOIN unfit u CROSS JOIN unfit_part n CROSS JOIN shelf h LEFT JOIN seen s ON true LEFT JOIN created c ON true
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
        var warehouses = new List<WarehouseRow?>(item.Openings.Count);
        foreach (var opening in item.Openings)
        {
            warehouses.Add(await directory.FindWarehouseAsync(opening.Warehouse, cancellation));
        }

        var parts = await directory.FindAsync([.. item.Components.Select(c => c.Sku).Distinct()], cancellation);
        var fingerprint = item.Fingerprint();
        var parameters = new
        {
            Key = item.RequestId is { } requestId ? RequestKey.Id(item.Caller, requestId) : (Guid?)null,
            Fingerprint = fingerprint,
            Actor = item.Caller.Name,
            item.Caller.Origin,
            item.Caller.Trace,
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
            // What is not known is no warehouse's key: the statement finds a replay all the same.
            WarehouseIds = warehouses.Select(w => w?.WarehouseId ?? 0).ToArray(),
            Quantities = item.Openings.Select(o => o.Quantity).ToArray(),
            ComponentIds = item.Components.Select(c => parts.GetValueOrDefault(c.Sku)?.ItemId ?? 0).ToArray(),
            ComponentQuantities = item.Components.Select(c => c.Quantity).ToArray(),
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
        // Shown by SKU, however they were named.
        var components = item
            .Components.Select(c => c with { Sku = parts.GetValueOrDefault(c.Sku)?.Sku ?? c.Sku })
            .OrderBy(c => c.Sku, StringComparer.Ordinal);
        var answer = Judge(item, [.. components], row, fingerprint);
        if (answer.Outcome == CreateItemOutcome.Created)
        {
            committed.Publish(row.Levels());
        }

        return answer;
    }

    private static async Task<CreateItemRow> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<CreateItemRow>();
    }

    private static CreateItemAnswer Judge(NewItem item, Component[] components, CreateItemRow row, long fingerprint)
    {
        return row switch
        {
            { Seen: { } seen } when seen != fingerprint => new(CreateItemOutcome.RequestIdReused, null, []),
            { Seen: not null } => new(CreateItemOutcome.Replayed, Made(item, components, row), []),
            { SkuTaken: true } => new(CreateItemOutcome.SkuTaken, null, []),
            { TakenGtins.Length: > 0 } => new(CreateItemOutcome.BarcodeTaken, null, row.TakenGtins),
            { Unknown.Length: > 0 } => At(CreateItemOutcome.WarehouseUnknown, row.Unknown),
            { Inactive.Length: > 0 } => At(CreateItemOutcome.WarehouseInactive, row.Inactive),
            { Repeated.Length: > 0 } => At(CreateItemOutcome.WarehouseRepeated, row.Repeated),
            { UnknownParts.Length: > 0 } => Of(CreateItemOutcome.ComponentUnknown, row.UnknownParts),
            { KitParts.Length: > 0 } => Of(CreateItemOutcome.ComponentIsKit, row.KitParts),
            { RepeatedParts.Length: > 0 } => Of(CreateItemOutcome.ComponentRepeated, row.RepeatedParts),
            _ => new(CreateItemOutcome.Created, Made(item, components, row), []),
        };

        CreateItemAnswer At(CreateItemOutcome outcome, int[] places) =>
            new(outcome, null, [], [.. places.Select(p => item.Openings[p - 1].Warehouse)]);

        CreateItemAnswer Of(CreateItemOutcome outcome, int[] places) =>
            new(outcome, null, []) { Components = [.. places.Select(p => item.Components[p - 1].Sku)] };
    }

    private static Item Made(NewItem item, Component[] components, CreateItemRow row) =>
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
            Components = components,
            BaseUnit = item.BaseUnit,
            ReorderPoint = item.ReorderPoint,
            ReorderQuantity = item.ReorderQuantity,
            SafetyStock = item.SafetyStock,
            Discontinued = item.Discontinued,
            Available = row.AvailableSum,
            Revision = 1,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.CreatedAt,
        };
}
