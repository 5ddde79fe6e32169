namespace Inventory.Engine.Reports;

/// <summary>
/// What became of the reservations that were made in a time, a row a day (UTC). Rates are of those that have ended; a
/// hold past its time is expired. By warehouse or category those are counted that have a line there, and of units only
/// such lines; who waits still has no line anywhere. Requests that were refused left nothing, and are not known here.
/// </summary>
internal static class ReservationsReport
{
    internal const string Sql = """
        -- reports.reservations
        WITH place AS MATERIALIZED (
                SELECT s.stock_id FROM stock s JOIN item i ON i.item_id = s.item_id
                WHERE (@WarehouseIds::int[] IS NULL OR s.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)
                UNION ALL
                SELECT f.stock_id FROM former_stock f LEFT JOIN item i ON i.item_id = f.item_id
                WHERE (@WarehouseIds::int[] IS NULL OR f.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)),
            made AS MATERIALIZED (
                SELECT r.reservation_id, (r.created_at AT TIME ZONE 'UTC')::date AS day,
                    CASE WHEN r.state = 2 AND r.expires_at <= @Now::timestamptz THEN 7 ELSE r.state END AS state,
                    r.stock_ids, r.quantities, r.held, r.confirmed
                FROM reservation r WHERE r.created_at >= @From::timestamptz AND r.created_at < @Before::timestamptz),
            line AS MATERIALIZED (
                SELECT m.reservation_id, sum(l.quantity) AS granted,
                    sum(coalesce(l.confirmed, 0) + CASE WHEN m.state IN (3, 4) THEN coalesce(l.held, l.quantity) ELSE 0 END) AS confirmed
                FROM made m, unnest(m.stock_ids, m.quantities, m.held, m.confirmed) AS l (stock_id, quantity, held, confirmed)
                WHERE l.stock_id IN (SELECT p.stock_id FROM place p)
                GROUP BY m.reservation_id),
            daily AS MATERIALIZED (
                SELECT m.day, count(*) AS reservations, count(*) FILTER (WHERE m.state = 1) AS waiting, count(*) FILTER (WHERE m.state = 2) AS held,
                    count(*) FILTER (WHERE m.state IN (3, 4)) AS confirmed, count(*) FILTER (WHERE m.state = 5) AS cancelled,
                    count(*) FILTER (WHERE m.state = 6) AS failed, count(*) FILTER (WHERE m.state = 7) AS expired,
                    count(*) FILTER (WHERE m.state > 4 AND l.confirmed > 0) AS confirmed_in_part, coalesce(sum(l.granted), 0)::bigint AS units_granted,
                    coalesce(sum(l.confirmed), 0)::bigint AS units_confirmed, nullif(count(*) FILTER (WHERE m.state > 2), 0)::numeric AS ended
                FROM made m LEFT JOIN line l ON l.reservation_id = m.reservation_id
                WHERE l.reservation_id IS NOT NULL OR (@WarehouseIds::int[] IS NULL AND @Category::text IS NULL)
                GROUP BY m.day)
        SELECT d.day, d.reservations, d.waiting, d.held, d.confirmed, d.confirmed_in_part, d.cancelled, d.failed, d.expired,
            round(d.confirmed / d.ended, 4)::text AS conversion_rate, round(d.cancelled / d.ended, 4)::text AS cancellation_rate,
            round(d.failed / d.ended, 4)::text AS failure_rate, round(d.expired / d.ended, 4)::text AS expiry_rate, d.units_granted, d.units_confirmed
        FROM daily d ORDER BY d.day LIMIT @Limit::bigint
        """;

    internal static readonly IReadOnlyList<ReportColumn> Columns =
    [
        new("day", ReportColumnType.Day),
        new("reservations", ReportColumnType.WholeNumber),
        new("waiting", ReportColumnType.WholeNumber),
        new("held", ReportColumnType.WholeNumber),
        new("confirmed", ReportColumnType.WholeNumber),
        new("confirmed_in_part", ReportColumnType.WholeNumber),
        new("cancelled", ReportColumnType.WholeNumber),
        new("failed", ReportColumnType.WholeNumber),
        new("expired", ReportColumnType.WholeNumber),
        new("conversion_rate", ReportColumnType.DecimalNumber),
        new("cancellation_rate", ReportColumnType.DecimalNumber),
        new("failure_rate", ReportColumnType.DecimalNumber),
        new("expiry_rate", ReportColumnType.DecimalNumber),
        new("units_granted", ReportColumnType.WholeNumber),
        new("units_confirmed", ReportColumnType.WholeNumber),
    ];
}
