-- Reservations that wait for stock: PENDING, and granted in the order in which they came to each of their stock rows.

-- What those who wait at a row are to get. It is no part of what is there; who comes later counts it as taken, so available is less by it,
-- and below 0 where more is waited for than is there.
ALTER TABLE stock ADD COLUMN waiting bigint NOT NULL DEFAULT 0, ADD CONSTRAINT stock_waiting_not_negative CHECK (waiting >= 0);
ALTER TABLE stock DROP COLUMN available;
ALTER TABLE stock ADD COLUMN available bigint NOT NULL
    GENERATED ALWAYS AS (on_hand - reserved - damaged - quality_control - safety_stock - waiting) STORED;
ALTER TABLE journal ADD COLUMN waiting bigint;

-- One row a reservation and stock row; gone when the waiting ends. A place is drawn under the locks of all the stock rows that its reservation
-- waits at, so of two that wait at one row the lower place came first, at every row.
CREATE SEQUENCE waiter_place CACHE 1;
CREATE TABLE waiter (
    stock_id bigint NOT NULL,
    place bigint NOT NULL,
    reservation_id uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    hold_ms int NOT NULL,               -- how long it is held, from the grant on
    until timestamptz NOT NULL,         -- when it stops waiting
    PRIMARY KEY (stock_id, place)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
CREATE INDEX waiter_reservation ON waiter (reservation_id);
CREATE INDEX waiter_until ON waiter (until);
