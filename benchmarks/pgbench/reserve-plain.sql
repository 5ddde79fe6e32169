-- For information: the transaction that most teams write, three statements and five round trips, one after the other.
\set stock random(1, :rows)
\set request random(1, 999999999999)
BEGIN;
UPDATE stock SET reserved = reserved + 1, version = version + 1
WHERE stock_id = :stock AND available >= 1 AND NOT discontinued
RETURNING version AS version \gset
INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, state, caller, request_id, stock_ids, quantities)
VALUES (gen_random_uuid(), :request, clock_timestamp(), clock_timestamp() + interval '15 minutes', 2, 'anonymous',
    'b' || :run || '-' || lpad(:request::text, 12, '0'), ARRAY[:stock::bigint], '{1}')
RETURNING reservation_id AS reservation \gset
INSERT INTO journal (at, stock_id, version, document, reserved, kind, actor)
VALUES (clock_timestamp(), :stock, :version, :reservation, 1, 1, 'anonymous');
COMMIT;
