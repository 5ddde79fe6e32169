-- Stock as it was: what a row had at some of its versions, and what happened to it day by day. All of it follows from the journal.

-- What a stock row had since one of its changes. Written every so many versions, so that any version is a few changes behind one of these, and
-- never changed. at is the latest time of all changes up to the version: it rises with the versions, even where the clock was put back.
CREATE TABLE stock_snapshot (
    stock_id bigint NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    at timestamptz NOT NULL,
    on_hand bigint NOT NULL,
    reserved bigint NOT NULL,
    damaged bigint NOT NULL,
    quality_control bigint NOT NULL,
    in_transit bigint NOT NULL,
    safety_stock bigint NOT NULL,
    waiting bigint NOT NULL,
    PRIMARY KEY (stock_id, version)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1);
CREATE INDEX stock_snapshot_at ON stock_snapshot (stock_id, at, version);

-- One row a snapshot of everything. It is made in steps, by whichever server finds it unfinished.
CREATE TABLE snapshot (
    snapshot_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    period timestamptz UNIQUE,              -- the beginning of the period that it is of; null: somebody asked for it
    caller text,
    note text,
    next_stock_id bigint NOT NULL DEFAULT 1,
    written bigint NOT NULL DEFAULT 0,      -- of stock_snapshot
    finished_at timestamptz,
    CHECK ((period IS NULL) = (caller IS NOT NULL))
);
CREATE INDEX snapshot_open ON snapshot (snapshot_id) WHERE finished_at IS NULL;

-- What happened to a stock row on a day (UTC), and what it had at the day's end. A day without changes has no row.
CREATE TABLE stock_daily (
    stock_id bigint NOT NULL,
    day date NOT NULL,
    changes bigint NOT NULL,
    received bigint NOT NULL,               -- added to on_hand
    removed bigint NOT NULL,                -- taken from on_hand, what was sold among it
    held bigint NOT NULL,
    confirmed bigint NOT NULL,              -- sold
    released bigint NOT NULL,               -- holds that were cancelled, failed or given back in part
    expired bigint NOT NULL,
    on_hand bigint NOT NULL,                -- at the end
    reserved bigint NOT NULL,               -- at the end
    PRIMARY KEY (stock_id, day)
) WITH (fillfactor = 80);

-- Those rows of the past are listed by the names that they had.
CREATE INDEX former_stock_sku ON former_stock (sku, stock_id);
CREATE INDEX former_stock_warehouse ON former_stock (warehouse, stock_id);
