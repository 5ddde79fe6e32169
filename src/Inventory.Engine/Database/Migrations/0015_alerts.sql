-- What needs somebody's attention. Of one kind and subject at most one is open at a time: it is raised once, and resolved by itself or by people.
CREATE TABLE alert (
    alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 6),    -- 1 low stock, 2 out of stock, 3 overstock, 4 reservations refused, 5 stale follower, 6 invariant broken
    subject text NOT NULL,              -- what it is about: a stock row's public id, a follower's name, a server, a rule
    sku text NOT NULL DEFAULT '',
    warehouse text NOT NULL DEFAULT '',
    amount bigint,                      -- what was measured when it was raised
    threshold bigint,                   -- what it was measured against
    message text NOT NULL DEFAULT '',
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    acknowledged_at timestamptz,
    acknowledged_by text,
    note text NOT NULL DEFAULT '',
    resolved_at timestamptz,
    resolved_by text,                   -- null: by itself
    revision int NOT NULL DEFAULT 1,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),         -- who changed it last, for those who watch
    told smallint NOT NULL DEFAULT 0,   -- what notices have been queued of: 1 that it was raised, 2 that it was resolved
    due smallint NOT NULL GENERATED ALWAYS AS (CASE WHEN resolved_at IS NULL THEN 1 ELSE 3 END) STORED
);
CREATE UNIQUE INDEX alert_open ON alert (kind, subject) WHERE resolved_at IS NULL;
CREATE INDEX alert_open_id ON alert (alert_id) WHERE resolved_at IS NULL;
CREATE INDEX alert_sku ON alert (sku, alert_id);
CREATE INDEX alert_xid ON alert (xid);
CREATE INDEX alert_untold ON alert (alert_id) WHERE told <> due;

-- When stock is low, gone or too much. The most particular one holds: of item and warehouse, of the item, of the warehouse, of all.
CREATE TABLE alert_threshold (
    threshold_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 3),
    item_id bigint REFERENCES item ON DELETE CASCADE,
    warehouse_id int REFERENCES warehouse ON DELETE CASCADE,
    raise_at bigint NOT NULL CHECK (raise_at >= 0),
    resolve_at bigint NOT NULL CHECK (resolve_at >= 0),     -- apart from raise_at, so that what goes up and down between them changes nothing
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_by text NOT NULL,
    CHECK (CASE WHEN kind = 3 THEN resolve_at < raise_at ELSE resolve_at > raise_at END),
    CONSTRAINT alert_threshold_scope UNIQUE NULLS NOT DISTINCT (kind, item_id, warehouse_id)
);
CREATE INDEX alert_threshold_item ON alert_threshold (item_id);
CREATE INDEX alert_threshold_warehouse ON alert_threshold (warehouse_id);

-- What is to be told of an alert, and where: sent at least once, in the order of an alert's changes.
CREATE TABLE alert_notice (
    notice_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id bigint NOT NULL REFERENCES alert ON DELETE CASCADE,
    event smallint NOT NULL,            -- 1 raised, 2 resolved
    channel smallint NOT NULL,          -- 1 webhook, 2 mail
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    error text NOT NULL DEFAULT ''
);
CREATE INDEX alert_notice_alert ON alert_notice (alert_id, channel, notice_id) WHERE sent_at IS NULL;
CREATE INDEX alert_notice_due ON alert_notice (due_at) WHERE sent_at IS NULL;
