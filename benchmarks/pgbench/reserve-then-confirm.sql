-- One order: reserve, and then confirm, two statements and two commits.
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
RETURNING document \gset
WITH confirmed AS (
    UPDATE reservation SET state = 3, ended_at = clock_timestamp(), version = version + 1
    WHERE reservation_id = :document AND state = 2 AND expires_at > clock_timestamp()
    RETURNING reservation_id, stock_ids, quantities, ended_at),
moved AS (
    UPDATE stock s SET on_hand = s.on_hand - c.quantities[1], reserved = s.reserved - c.quantities[1], version = s.version + 1
    FROM confirmed c WHERE s.stock_id = c.stock_ids[1]
    RETURNING s.stock_id, s.version)
INSERT INTO journal (at, stock_id, version, document, on_hand, reserved, kind, actor)
SELECT c.ended_at, m.stock_id, m.version, c.reservation_id, -c.quantities[1], -c.quantities[1], 2, 'anonymous'
FROM moved m, confirmed c
RETURNING document;
