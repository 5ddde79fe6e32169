-- One order of three lines, whole or not at all, in one statement and one commit. The rows are of three thirds of the table: distinct,
-- and in ascending order, so that two orders never wait for each other in a circle.
\set a random(1, :rows / 3)
\set b random(:rows / 3 + 1, 2 * :rows / 3)
\set c random(2 * :rows / 3 + 1, :rows)
\set request random(1, 999999999999)
WITH moved AS (
    UPDATE stock SET reserved = reserved + 1, version = version + 1
    WHERE stock_id = ANY (ARRAY[:a, :b, :c]::bigint[]) AND available >= 1 AND NOT discontinued
    RETURNING stock_id, version),
granted AS (
    -- The division fails, and takes the whole statement back, unless all three rows have moved.
    INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, state, caller, request_id, stock_ids, quantities)
    SELECT gen_random_uuid(), 1 / (count(*) / 3), clock_timestamp(), clock_timestamp() + interval '15 minutes', 2, 'anonymous',
        'b' || :run || '-' || lpad(:request::text, 12, '0'), array_agg(stock_id ORDER BY stock_id), '{1,1,1}'
    FROM moved
    RETURNING reservation_id, created_at)
INSERT INTO journal (at, stock_id, version, document, reserved, kind, actor)
SELECT g.created_at, m.stock_id, m.version, g.reservation_id, 1, 1, 'anonymous' FROM moved m, granted g
RETURNING document;
