using Dapper;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>
/// Judges an edit of an item and makes it. One round trip, one implicit transaction: lock the item, which keeps out
/// rows that begin; lock its stock rows in key order if they change with it; then judge and act on what a fresh
/// snapshot shows.
/// </summary>
internal static class UpdateItemStatement
{
    // The outcomes' numbers are UpdateItemOutcome's; replay comes before every refusal. A key or a barcode that another
    // takes at the same time is violated, and the statement runs again and finds it.
    private const string Sql = """
        -- catalog.update_item_lock
        SELECT count(*) FROM (SELECT FROM item i WHERE i.item_id = @ItemId OR i.sku = @Sku FOR NO KEY UPDATE) AS locked;
        -- catalog.update_item_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock s
            WHERE @TouchesStock AND s.item_id = (SELECT i.item_id FROM item i WHERE i.item_id = @ItemId OR i.sku = @Sku)
            ORDER BY s.stock_id FOR NO KEY UPDATE) AS locked;
        -- catalog.update_item_lock_components
        SELECT count(*) FROM (SELECT FROM item WHERE item_id = ANY (@ComponentIds) ORDER BY item_id FOR SHARE) AS locked;
        -- catalog.update_item
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        wanted AS MATERIALIZED (
            SELECT i.item_id, i.sku, i.kit, i.base_unit, i.created_at, i.revision, coalesce(@Name, i.name) AS name,
                coalesce(@Description, i.description) AS description, coalesce(@Category, i.category) AS category,
                CASE WHEN @SetsProductId THEN @ProductId ELSE i.product_id END AS product_id,
                CASE WHEN @SetsVariantId THEN @VariantId ELSE i.variant_id END AS variant_id,
                CASE WHEN @SetsPrice THEN @Price::numeric ELSE i.price END AS price,
                CASE WHEN @SetsPrice THEN @PriceCurrency ELSE i.price_currency END AS price_currency,
                CASE WHEN @SetsUnitCost THEN @UnitCost::numeric ELSE i.unit_cost END AS unit_cost,
                CASE WHEN @SetsUnitCost THEN @UnitCostCurrency ELSE i.unit_cost_currency END AS unit_cost_currency,
                CASE WHEN @SetsReorderPoint THEN @ReorderPoint::bigint ELSE i.reorder_point END AS reorder_point,
                CASE WHEN @SetsReorderQuantity THEN @ReorderQuantity::bigint ELSE i.reorder_quantity END AS reorder_quantity,
                coalesce(@SafetyStock::bigint, i.safety_stock) AS safety_stock,
                coalesce(@Discontinued::boolean, i.discontinued) AS discontinued,
                coalesce(@Gtins::text[], ARRAY(SELECT b.gtin FROM barcode b WHERE b.item_id = i.item_id ORDER BY b.gtin)) AS gtins
            FROM item i WHERE i.item_id = @ItemId OR i.sku = @Sku),
        taken AS MATERIALIZED (
            SELECT ARRAY(
                SELECT b.gtin FROM barcode b
                WHERE b.gtin = ANY (@Gtins::text[]) AND b.item_id <> (SELECT item_id FROM wanted) ORDER BY b.gtin) AS gtins),
        part AS MATERIALIZED (
            SELECT q.place, q.quantity, i.item_id, i.kit, row_number() OVER (PARTITION BY q.item_id ORDER BY q.place) AS nth
            FROM unnest(@ComponentIds::bigint[], @ComponentQuantities::bigint[]) WITH ORDINALITY AS q (item_id, quantity, place)
            LEFT JOIN item i ON i.item_id = q.item_id),
        unfit AS MATERIALIZED (
            SELECT coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE item_id IS NULL), '{}') AS unknown,
                coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE kit), '{}') AS kits,
                coalesce(array_agg(place::int ORDER BY place) FILTER (WHERE nth > 1 AND item_id IS NOT NULL), '{}') AS repeated
            FROM part),
        composition AS MATERIALIZED (
            SELECT p.item_id, i.sku, p.quantity FROM part p JOIN item i ON i.item_id = p.item_id
            UNION ALL
            SELECT c.component_id, i.sku, c.quantity FROM kit_component c JOIN item i ON i.item_id = c.component_id
            WHERE @ComponentIds::bigint[] IS NULL AND c.kit_id = (SELECT item_id FROM wanted)),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN w.item_id IS NULL THEN 4
                    WHEN @Expected::bigint <> w.revision THEN 5
                    WHEN w.variant_id IS NOT NULL AND w.product_id IS NULL THEN 6
                    WHEN t.gtins <> '{}' THEN 7
                    WHEN @ComponentIds::bigint[] IS NOT NULL AND NOT w.kit THEN 8
                    WHEN w.kit AND w.safety_stock > 0 THEN 9
                    WHEN u.unknown <> '{}' THEN 10
                    WHEN u.kits <> '{}' THEN 11
                    WHEN u.repeated <> '{}' THEN 12
                    ELSE 1
                END AS outcome, s.answer, coalesce(w.revision, 0) AS revision, t.gtins AS taken_gtins,
                CASE WHEN u.unknown <> '{}' THEN u.unknown WHEN u.kits <> '{}' THEN u.kits ELSE u.repeated END AS unfit_parts
            FROM taken t CROSS JOIN unfit u LEFT JOIN seen s ON true LEFT JOIN wanted w ON true),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.warehouse_id, s.on_hand, s.reserved, s.version, s.discontinued, s.safety_stock,
                coalesce(@Discontinued::boolean, s.discontinued) AS discontinued_wanted,
                coalesce(@SafetyStock::bigint, s.safety_stock) AS safety_stock_wanted,
                s.available + s.safety_stock - coalesce(@SafetyStock::bigint, s.safety_stock) AS available_wanted
            FROM stock s WHERE s.item_id = (SELECT item_id FROM wanted)),
        touched AS MATERIALIZED (
            SELECT h.stock_id, h.warehouse_id, h.on_hand, h.reserved, h.version + 1 AS version, h.discontinued_wanted, h.safety_stock,
                h.safety_stock_wanted, h.available_wanted
            FROM shelf h, judged j
            WHERE j.outcome = 1
                AND (h.discontinued <> h.discontinued_wanted OR h.safety_stock <> h.safety_stock_wanted)),
        edited AS (
            UPDATE item i SET name = w.name, description = w.description, category = w.category, product_id = w.product_id,
                variant_id = w.variant_id, price = w.price, price_currency = w.price_currency, unit_cost = w.unit_cost,
                unit_cost_currency = w.unit_cost_currency, reorder_point = w.reorder_point, reorder_quantity = w.reorder_quantity,
                safety_stock = w.safety_stock, discontinued = w.discontinued, revision = i.revision + 1, updated_at = c.now
            FROM wanted w, judged j, clock c
            WHERE j.outcome = 1 AND i.item_id = w.item_id),
        uncoded AS (
            DELETE FROM barcode b USING wanted w, judged j
            WHERE j.outcome = 1 AND b.item_id = w.item_id AND b.gtin <> ALL (w.gtins)),
        coded AS (
            INSERT INTO barcode (gtin, item_id)
            SELECT g.gtin, w.item_id FROM wanted w, judged j, unnest(w.gtins) AS g (gtin)
            WHERE j.outcome = 1 AND NOT EXISTS (SELECT FROM barcode b WHERE b.gtin = g.gtin)
            ORDER BY g.gtin),
        unmade AS (
            DELETE FROM kit_component c USING wanted w, judged j
            WHERE j.outcome = 1 AND @ComponentIds::bigint[] IS NOT NULL AND c.kit_id = w.item_id AND c.component_id <> ALL (@ComponentIds)),
        remade AS (
            UPDATE kit_component c SET quantity = p.quantity FROM part p, wanted w, judged j
            WHERE j.outcome = 1 AND c.kit_id = w.item_id AND c.component_id = p.item_id),
        composed AS (
            INSERT INTO kit_component (kit_id, component_id, quantity)
            SELECT w.item_id, p.item_id, p.quantity FROM part p, wanted w, judged j
            WHERE j.outcome = 1
                AND NOT EXISTS (SELECT FROM kit_component c WHERE c.kit_id = w.item_id AND c.component_id = p.item_id)
            ORDER BY p.item_id),
        moved AS (
            UPDATE stock s SET discontinued = t.discontinued_wanted, safety_stock = t.safety_stock_wanted, version = t.version
            FROM touched t WHERE s.stock_id = t.stock_id),
        written AS (
            INSERT INTO journal (at, stock_id, version, safety_stock, kind, actor, origin, trace)
            SELECT c.now, t.stock_id, t.version, nullif(t.safety_stock_wanted - t.safety_stock, 0), 30, @Actor, @Origin::int, @Trace::uuid
            FROM touched t, clock c ORDER BY t.stock_id),
        held AS MATERIALIZED (
            SELECT
                CASE WHEN (SELECT kit FROM wanted) THEN (
                    SELECT coalesce(floor(min(coalesce((
                        SELECT sum(greatest(s.available, 0)) FROM stock s JOIN warehouse p ON p.warehouse_id = s.warehouse_id
                        WHERE s.item_id = c.item_id AND p.active AND NOT s.discontinued), 0) / c.quantity)), 0)::bigint
                    FROM composition c)
                ELSE coalesce(sum(greatest(h.available_wanted, 0)), 0)::bigint END AS available
            FROM shelf h JOIN warehouse p ON p.warehouse_id = h.warehouse_id WHERE p.active),
        made AS MATERIALIZED (
            SELECT jsonb_build_object('item_id', w.item_id, 'sku', w.sku, 'product_id', w.product_id, 'variant_id', w.variant_id,
                'name', w.name, 'description', w.description, 'category', w.category, 'price', w.price,
                'price_currency', w.price_currency, 'unit_cost', w.unit_cost, 'unit_cost_currency', w.unit_cost_currency,
                'base_unit', w.base_unit, 'reorder_point', w.reorder_point, 'reorder_quantity', w.reorder_quantity,
                'safety_stock', w.safety_stock, 'discontinued', w.discontinued, 'revision', w.revision + 1,
                'created_at', w.created_at, 'updated_at', c.now, 'barcodes', w.gtins, 'available', h.available,
                'component_skus', ARRAY(SELECT c.sku FROM composition c ORDER BY c.sku),
                'component_quantities', ARRAY(SELECT c.quantity FROM composition c ORDER BY c.sku)) AS answer
            FROM wanted w, judged j, clock c, held h WHERE j.outcome = 1),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.now, 'UpdateInventoryItem', 'item_' || w.item_id, @Key, @Actor, @Origin::int, @Trace::uuid
            FROM wanted w, judged j, clock c WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.now, 30, m.answer FROM made m, clock c)
        SELECT j.outcome, j.revision, j.taken_gtins, j.unfit_parts, coalesce(m.answer, j.answer)::text AS answer, k.stock_ids, k.warehouse_ids, k.on_hand,
            k.reserved, k.available, k.versions
        FROM judged j LEFT JOIN made m ON true, (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(warehouse_id) AS warehouse_ids, array_agg(on_hand) AS on_hand,
                array_agg(reserved) AS reserved, array_agg(available_wanted) AS available, array_agg(version) AS versions
            FROM touched) AS k
        """;

    /// <summary>Runs it.</summary>
    internal static async Task<UpdateItemRow> ExecuteAsync(
        NpgsqlConnection connection,
        object parameters,
        CancellationToken cancellation
    )
    {
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<UpdateItemRow>();
    }
}
