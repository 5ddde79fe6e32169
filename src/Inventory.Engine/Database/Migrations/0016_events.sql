-- Webhooks. What is still to be sent is a place in the journal, one a subscription, so a subscriber that is away costs nothing. Only what is under
-- way, what failed for good and the last few that succeeded are rows, and they hold positions, not events.

CREATE TABLE event_subscription (
    subscription_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    format smallint NOT NULL,           -- EventFormat: 1 JSON, 2 protobuf
    types text[] NOT NULL,              -- empty: all, here and in the next two
    skus text[] NOT NULL,
    warehouses text[] NOT NULL,
    secret text NOT NULL,               -- by which deliveries are signed; it must be readable, so the table is worth guarding. '' once deleted
    cursor text NOT NULL,               -- how far of the journal deliveries have been made, a JournalCursor
    leased_by uuid,                     -- the node that sends
    leased_until timestamptz,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    deleted_at timestamptz              -- kept, so that a deletion that is asked for again is known
);

CREATE TABLE event_delivery (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id bigint NOT NULL REFERENCES event_subscription,
    era bigint NOT NULL,                -- of the positions: part of the events' ids
    positions bigint[] NOT NULL CHECK (cardinality(positions) BETWEEN 1 AND 100),
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 3), -- 1 PENDING, 2 DELIVERED, 3 DEAD
    attempts int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,        -- of a pending one: when it is tried next
    attempted_at timestamptz,
    status int,                         -- of the last answer
    error text                          -- of the last attempt
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
CREATE INDEX event_delivery_subscription ON event_delivery (subscription_id, state, delivery_id);
