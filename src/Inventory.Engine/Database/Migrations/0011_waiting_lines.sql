-- A reservation that waits waits with its lines, not at stock rows: a line that names no warehouse is served from any that gets goods. What is
-- wanted (waiting_line) and what is kept for it at each stock row (waiting_claim) stand apart.

CREATE TABLE waiting_line (
    place bigint NOT NULL,              -- one for all lines of a reservation
    line smallint NOT NULL,
    reservation_id uuid NOT NULL,
    item_id bigint NOT NULL,
    warehouse_id int,                   -- none: any
    source smallint NOT NULL,           -- ReserveSource, where warehouse_id is none
    quantity bigint NOT NULL CHECK (quantity > 0),
    hold_ms int NOT NULL,               -- how long it is held, from the grant on
    until timestamptz NOT NULL,         -- when it stops waiting
    PRIMARY KEY (place, line)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
CREATE INDEX waiting_line_item ON waiting_line (item_id, place, line);
CREATE INDEX waiting_line_reservation ON waiting_line (reservation_id);
CREATE INDEX waiting_line_until ON waiting_line (until);

-- What a line keeps from newcomers at a stock row: goods that are there and are its own (assigned), and what it still lacks, which it lacks at
-- every row that may serve it, so that whatever comes to any of them is kept for it. The sum of quantity is the row's waiting. A claim that is
-- over stays, at 0, as long as the line waits: the journal tells once a row that a reservation began to wait there.
CREATE TABLE waiting_claim (
    place bigint NOT NULL,
    line smallint NOT NULL,
    stock_id bigint NOT NULL,
    assigned bigint NOT NULL CHECK (assigned >= 0),
    quantity bigint NOT NULL CHECK (quantity >= assigned),
    PRIMARY KEY (place, line, stock_id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000); -- assigned changes in place
CREATE INDEX waiting_claim_stock ON waiting_claim (stock_id, place, line);

-- One row an item at which anyone ever waited. Claims are shared out by what was read before: whoever writes them takes the item's turn, and has
-- read too early if the turn is another's.
CREATE TABLE waiting_item (
    item_id bigint PRIMARY KEY,
    turn bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Who waits already was promised goods at the one row that was chosen when he came.
INSERT INTO waiting_line (place, line, reservation_id, item_id, warehouse_id, source, quantity, hold_ms, until)
SELECT w.place, row_number() OVER (PARTITION BY w.place ORDER BY w.stock_id), w.reservation_id, s.item_id, s.warehouse_id, 1, w.quantity,
    w.hold_ms, w.until
FROM waiter w JOIN stock s ON s.stock_id = w.stock_id;
INSERT INTO waiting_claim (place, line, stock_id, assigned, quantity)
SELECT w.place, row_number() OVER (PARTITION BY w.place ORDER BY w.stock_id), w.stock_id, 0, w.quantity FROM waiter w;
INSERT INTO waiting_item (item_id) SELECT DISTINCT item_id FROM waiting_line;
DROP TABLE waiter;
ALTER SEQUENCE waiter_place RENAME TO waiting_place;
