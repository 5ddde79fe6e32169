-- The cell: everything that a reservation touches lives in the one schema that the search path names.

-- One row: the era is raised when the data is found on another cluster, where transaction ids begin again.
CREATE TABLE cell (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    era bigint NOT NULL DEFAULT 1,
    system_identifier bigint NOT NULL
);
INSERT INTO cell (system_identifier) SELECT system_identifier FROM pg_control_system();

CREATE TABLE warehouse (
    warehouse_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 64 AND code !~ '^wh_'),
    name text NOT NULL,
    type smallint NOT NULL DEFAULT 1,
    priority int NOT NULL DEFAULT 100,          -- lower is filled from first
    active boolean NOT NULL DEFAULT true,
    address text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    region text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    country_code text NOT NULL DEFAULT '',      -- ISO 3166-1 alpha-2
    latitude double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision CHECK (longitude BETWEEN -180 AND 180),
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE item (
    item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL UNIQUE CHECK (length(sku) BETWEEN 1 AND 64 AND sku !~ '^item_'),
    product_id text,
    variant_id text,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    category text NOT NULL DEFAULT '',
    price numeric(19, 4) CHECK (price >= 0),
    price_currency text,                        -- ISO 4217
    unit_cost numeric(19, 4) CHECK (unit_cost >= 0),
    unit_cost_currency text,
    base_unit text NOT NULL DEFAULT 'each',
    reorder_point bigint CHECK (reorder_point >= 0),
    reorder_quantity bigint CHECK (reorder_quantity > 0),
    safety_stock bigint NOT NULL DEFAULT 0 CHECK (safety_stock >= 0),
    discontinued boolean NOT NULL DEFAULT false,
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((price IS NULL) = (price_currency IS NULL)),
    CHECK ((unit_cost IS NULL) = (unit_cost_currency IS NULL))
);
CREATE INDEX item_product_id ON item (product_id) WHERE product_id IS NOT NULL;

CREATE TABLE barcode (
    gtin text PRIMARY KEY CHECK (gtin ~ '^[0-9]{14}$'),     -- every GTIN padded to fourteen digits
    item_id bigint NOT NULL REFERENCES item
);
CREATE INDEX barcode_item_id ON barcode (item_id);

-- One row a SKU and warehouse. No index stands on a column that a sale changes, and half of each page is left free, so that
-- a sale's new row version lands on the same page and touches no index (a HOT update); dead versions are pruned in passing.
CREATE TABLE stock (
    stock_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id bigint NOT NULL REFERENCES item,
    warehouse_id int NOT NULL REFERENCES warehouse,
    discontinued boolean NOT NULL DEFAULT false,            -- the item's, kept here so that a sale reads one row
    on_hand bigint NOT NULL DEFAULT 0,
    reserved bigint NOT NULL DEFAULT 0,
    damaged bigint NOT NULL DEFAULT 0,
    quality_control bigint NOT NULL DEFAULT 0,
    in_transit bigint NOT NULL DEFAULT 0,                   -- on its way here; no part of on_hand
    safety_stock bigint NOT NULL DEFAULT 0,
    available bigint NOT NULL GENERATED ALWAYS AS (on_hand - reserved - damaged - quality_control - safety_stock) STORED,
    version bigint NOT NULL DEFAULT 0,                      -- the number of journal rows it has
    revision bigint NOT NULL DEFAULT 1,                     -- raised by people's edits only, never by a sale
    UNIQUE (item_id, warehouse_id),
    CONSTRAINT stock_reserved_not_negative CHECK (reserved >= 0),
    CONSTRAINT stock_damaged_not_negative CHECK (damaged >= 0),
    CONSTRAINT stock_quality_control_not_negative CHECK (quality_control >= 0),
    CONSTRAINT stock_in_transit_not_negative CHECK (in_transit >= 0),
    CONSTRAINT stock_safety_stock_not_negative CHECK (safety_stock >= 0),
    CONSTRAINT stock_not_oversold CHECK (reserved + damaged + quality_control <= on_hand)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);
CREATE INDEX stock_warehouse_id ON stock (warehouse_id);

-- One row an order. The id is derived from caller and request id: the primary key is the identity and the guard against a second
-- effect. Lines are parallel arrays, one element a stock row. State: 1 PENDING, 2 HELD, 3 CONFIRMED, 4 FULFILLED, 5 CANCELLED, 6 FAILED, 7 EXPIRED.
-- Not partitioned: no time can be part of a key that is derived from the request.
CREATE TABLE reservation (
    reservation_id uuid PRIMARY KEY,
    fingerprint bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    version int NOT NULL DEFAULT 1,
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 7),
    caller text NOT NULL,
    request_id text NOT NULL,
    order_id text,
    stock_ids bigint[] NOT NULL,
    quantities bigint[] NOT NULL,
    CHECK (cardinality(stock_ids) = cardinality(quantities))
) WITH (
    -- A hold ends by an update that leaves the due index, so it is no HOT update; free space and dead rows come back sooner by a small scale factor.
    fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1, autovacuum_analyze_scale_factor = 0.05
);
CREATE INDEX reservation_due ON reservation (expires_at) WHERE state = 2;
CREATE INDEX reservation_order_id ON reservation (order_id) WHERE order_id IS NOT NULL;

-- Append-only. One row a stock row and change, in the order in which the stock row changed: position and version are drawn under its lock.
-- A delta that is null is none: most rows carry one or two of the six.
CREATE SEQUENCE journal_position CACHE 1;
CREATE TABLE journal (
    -- Before the position, and defaults are drawn in this order: a follower counts on a writer having its xid before it draws a position.
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    position bigint NOT NULL DEFAULT nextval('journal_position'),
    at timestamptz NOT NULL,
    stock_id bigint NOT NULL,
    version bigint NOT NULL,
    document uuid,                      -- the reservation, transfer or count it belongs to
    on_hand bigint,
    reserved bigint,
    damaged bigint,
    quality_control bigint,
    in_transit bigint,
    safety_stock bigint,
    kind smallint NOT NULL,
    actor text NOT NULL,
    reason text
) PARTITION BY RANGE (at);
CREATE INDEX journal_position_key ON journal (position);
CREATE INDEX journal_xid ON journal (xid);
CREATE INDEX journal_stock_version ON journal (stock_id, version);
-- Months are made ahead by a job; a row of a month that nobody made is not lost, it waits here.
CREATE TABLE journal_default PARTITION OF journal DEFAULT;

-- Makes the partitions of this month and of the months ahead that are missing; answers how many it made. By the owner's rights, so that
-- the server's own role needs none on the schema.
CREATE FUNCTION make_journal_partitions(months_ahead int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    cell name := current_schema();
    first timestamptz := date_trunc('month', clock_timestamp(), 'UTC');
    lower_bound timestamptz;
    upper_bound timestamptz;
    partition name;
    made int := 0;
BEGIN
    FOR month IN 0..months_ahead LOOP
        lower_bound := (first AT TIME ZONE 'UTC' + make_interval(months => month)) AT TIME ZONE 'UTC';
        upper_bound := (first AT TIME ZONE 'UTC' + make_interval(months => month + 1)) AT TIME ZONE 'UTC';
        partition := 'journal_' || to_char(lower_bound AT TIME ZONE 'UTC', 'YYYY_MM');
        IF to_regclass(format('%I.%I', cell, partition)) IS NULL THEN
            EXECUTE format('CREATE TABLE %I.%I PARTITION OF %I.journal FOR VALUES FROM (%L) TO (%L)'
                ' WITH (autovacuum_vacuum_insert_scale_factor = 0.1)', cell, partition, cell, lower_bound, upper_bound);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END
$$;
SELECT make_journal_partitions(3);

-- The answers of mutations other than reservations, kept for ever: the same id learns the same answer.
CREATE TABLE request (
    request_key uuid PRIMARY KEY,       -- derived from caller and request id, as a reservation's
    fingerprint bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    operation smallint NOT NULL,
    answer jsonb NOT NULL
);
