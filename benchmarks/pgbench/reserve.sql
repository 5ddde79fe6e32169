-- One reservation of one piece: guarded stock update, reservation row, journal row, in one statement and one commit.
-- :rows is how many stock rows to choose from; 1 makes the flash sale.
\set stock random(1, :rows)
\set request random(1, 999999999999)
WITH moved AS (
    UPDATE stock SET reserved = reserved + 1, version = version + 1
    WHERE stock_id = :stock AND available >= 1 AND NOT discontinued
    RETURNING stock_id, version),
granted AS (
    INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, state, caller, request_id, stock_ids, quantities)
    SELECT gen_random_uuid(), :request, clock_timestamp(), clock_timestamp() + interval '15 minutes', 2, 'anonymous',
        'b' || :run || '-' || lpad(:request::text, 12, '0'), ARRAY[stock_id], '{1}'
    FROM moved
    RETURNING reservation_id, created_at)
INSERT INTO journal (at, stock_id, version, document, reserved, kind, actor)
SELECT g.created_at, m.stock_id, m.version, g.reservation_id, 1, 1, 'anonymous' FROM moved m, granted g
RETURNING document;
