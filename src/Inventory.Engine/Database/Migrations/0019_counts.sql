-- Physical counts, and what the nightly verification finds.

-- One row a count of a warehouse. State: 1 OPEN, 2 APPROVED, 3 CANCELLED.
CREATE TABLE stock_count (
    count_id uuid PRIMARY KEY,                  -- the key of the request that made it
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    warehouse_id int NOT NULL,
    state smallint NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 3),
    whole boolean NOT NULL,                     -- of all items of the warehouse; what else is found there is added
    blind boolean NOT NULL,                     -- who counts is not told what is expected
    warehouse text NOT NULL,                    -- its code, told when the warehouse is gone
    caller text NOT NULL,
    request_id text NOT NULL,
    reason text,
    CONSTRAINT stock_count_ended CHECK ((ended_at IS NULL) = (state = 1))
) WITH (fillfactor = 80);
CREATE INDEX stock_count_created_at ON stock_count (created_at, count_id);
CREATE INDEX stock_count_warehouse ON stock_count (warehouse_id, created_at, count_id);

-- One row an item and what of it is counted: 1 all that is there, or apart 2 available, 3 damaged, 4 in quality control. What was expected
-- was read together with the stock row's version, under the row's lock, when the count was recorded: the difference is a fact of that moment,
-- and is what an approval adds to the stock, whatever was sold since.
CREATE TABLE count_line (
    count_id uuid NOT NULL REFERENCES stock_count,
    item_id bigint NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 4),
    sku text NOT NULL,
    stock_id bigint,
    stock_version bigint,
    expected bigint,
    counted bigint CHECK (counted >= 0),
    unit_cost numeric(19, 4),                   -- the item's when it was counted
    unit_cost_currency text,
    counted_at timestamptz,
    counted_by text,
    approved_at timestamptz,
    approved_by text,
    PRIMARY KEY (count_id, item_id, state),
    CONSTRAINT count_line_counted CHECK (
        (counted IS NULL) = (expected IS NULL) AND (counted IS NULL) = (stock_id IS NULL) AND (counted IS NULL) = (stock_version IS NULL)
        AND (counted IS NULL) = (counted_at IS NULL) AND (counted IS NULL) = (counted_by IS NULL)),
    CONSTRAINT count_line_approved CHECK ((approved_at IS NULL) = (approved_by IS NULL) AND (approved_at IS NULL OR counted IS NOT NULL))
) WITH (fillfactor = 80);
-- Lists of discrepancies go on behind the last of a page, the newest first; and the accuracy of counts is asked by time.
CREATE INDEX count_line_discrepancy ON count_line (counted_at, count_id, item_id, state) WHERE counted <> expected;
CREATE INDEX count_line_counted_at ON count_line (counted_at) WHERE counted_at IS NOT NULL;

-- One row a nightly verification, and one a row that it found wrong.
CREATE TABLE verification (
    verification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    as_of timestamptz NOT NULL,                 -- of the snapshot
    stock_rows bigint NOT NULL,
    violations bigint NOT NULL,                 -- all; of very many the first are kept below
    elapsed_ms bigint NOT NULL
);
CREATE TABLE invariant_finding (
    verification_id bigint NOT NULL REFERENCES verification ON DELETE CASCADE,
    place int NOT NULL,
    invariant smallint NOT NULL,
    stock_id bigint,
    sku text,
    warehouse text,
    reservation_id uuid,
    transfer_id uuid,
    expected bigint NOT NULL,
    actual bigint NOT NULL,
    PRIMARY KEY (verification_id, place)
);
