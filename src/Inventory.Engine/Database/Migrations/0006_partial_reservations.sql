-- Reservations that are confirmed, released and returned in parts, and fulfilled.

-- What is true of a line where it is not what the state says of the whole: null is the plain case, so a plain reservation pays
-- nothing. quantities never changes: it is what was granted.
ALTER TABLE reservation
    ADD COLUMN held bigint[],           -- while HELD: what is held; after that: what was held when it ended. Null: all
    ADD COLUMN confirmed bigint[],      -- what was confirmed before the end, beside what is held. Null: none
    ADD COLUMN returned bigint[],       -- of what was confirmed. Null: none
    ADD COLUMN fulfilled_at timestamptz,
    ADD COLUMN tracking text,
    ADD COLUMN fulfillment_note text;

-- Line by line: held and confirmed are together at most what was granted, and returned is at most what was sold, which is what was
-- confirmed before the end and, of a reservation that ended CONFIRMED, what was held then. Called only where one of the three is given.
CREATE FUNCTION reservation_parts_add_up(state smallint, quantities bigint[], held bigint[], confirmed bigint[], returned bigint[])
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (held IS NULL) = (confirmed IS NULL)
        AND cardinality(coalesce(held, quantities)) = cardinality(quantities)
        AND cardinality(coalesce(confirmed, quantities)) = cardinality(quantities)
        AND cardinality(coalesce(returned, quantities)) = cardinality(quantities)
        AND (
            SELECT bool_and(
                least(coalesce(l.h, l.q), coalesce(l.c, 0), coalesce(l.r, 0)) >= 0
                AND coalesce(l.h, l.q) + coalesce(l.c, 0) <= l.q
                AND coalesce(l.r, 0) <= coalesce(l.c, 0) + CASE WHEN state IN (3, 4) THEN coalesce(l.h, l.q) ELSE 0 END)
            FROM unnest(quantities, held, confirmed, returned) AS l (q, h, c, r))
$$;
ALTER TABLE reservation ADD CONSTRAINT reservation_parts CHECK (
    (held IS NULL AND confirmed IS NULL AND returned IS NULL)
    OR reservation_parts_add_up(state, quantities, held, confirmed, returned));
ALTER TABLE reservation ADD CONSTRAINT reservation_fulfilled CHECK (fulfilled_at IS NULL OR state = 4);
