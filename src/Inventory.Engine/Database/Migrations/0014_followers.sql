-- Who follows the journal, and how far each has come. The cursor moves in the transaction that holds what the follower made of its page.
CREATE TABLE journal_follower (
    name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    cursor text NOT NULL,               -- as JournalCursor writes it; begins with the era
    through timestamptz NOT NULL,       -- all that was committed then has been handled, or is parked
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Rows that a follower could not handle, and those of the same stock row behind them, which wait for their turn. To give one up, delete it.
CREATE TABLE journal_parked (
    name text NOT NULL,
    position bigint NOT NULL,
    stock_id bigint,
    error text NOT NULL,                -- why; empty for one that waits behind another
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),  -- tried again from then on
    PRIMARY KEY (name, position)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX journal_parked_stock ON journal_parked (name, stock_id, position);
