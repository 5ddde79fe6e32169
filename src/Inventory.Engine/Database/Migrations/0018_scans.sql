-- What scanners, tag readers and tills read: once a device and sequence, for ever, and kept whether or not it could be understood. Meaning:
-- 1 RECEIVE, 2 SHIP, 3 COUNT, 4 MOVE, 5 SALE, 6 RETURN, 0 if it had none. State: 1 ACCEPTED (the stock has moved; of a count: it is there to be
-- counted), 2 QUARANTINED (nothing moved, and the problem says why), 3 REPEATED (a tag that had been read a moment before), 4 DISMISSED.
CREATE TABLE scan (
    scan_id uuid PRIMARY KEY,                   -- UUIDv7; the document of its journal rows
    received_at timestamptz NOT NULL,
    scanned_at timestamptz,                     -- by the device's clock; none if it was no time
    sequence bigint NOT NULL CHECK (sequence > 0),
    quantity bigint NOT NULL,                   -- as it came, also where it can be none
    item_id bigint,                             -- as far as the names are known
    available bigint,                           -- where too little was there: what was
    settled_at timestamptz,                     -- when a person dealt with what was kept
    warehouse_id int,
    to_warehouse_id int,
    meaning smallint NOT NULL CHECK (meaning BETWEEN 0 AND 6),
    stock_state smallint NOT NULL CHECK (stock_state BETWEEN 1 AND 3),
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 4),
    problem smallint,
    device_id text NOT NULL CHECK (length(device_id) BETWEEN 1 AND 64),
    caller text NOT NULL,
    identifier text NOT NULL,
    gtin text,
    tag text,                                   -- the one thing that an RFID tag names
    warehouse text NOT NULL,                    -- names as they came
    to_warehouse text,
    reason text,
    reference text,
    detail text,
    settled_by text,
    note text,                                  -- of whoever settled it
    UNIQUE (device_id, sequence),
    CHECK (state <> 2 OR problem IS NOT NULL),
    CHECK ((settled_at IS NULL) = (settled_by IS NULL))
) WITH (fillfactor = 95);

-- Lists go on behind the last of a page, the newest first; those that wait for a person are few among many.
CREATE INDEX scan_received ON scan (received_at, scan_id);
CREATE INDEX scan_quarantined ON scan (received_at, scan_id) WHERE state = 2;
-- Whether a tag was read a moment before.
CREATE INDEX scan_tag_read ON scan (tag, warehouse_id, meaning, scanned_at) WHERE tag IS NOT NULL;
-- What was counted at a warehouse, for whoever compares it with the books.
CREATE INDEX scan_counted ON scan (warehouse_id, item_id, scanned_at) WHERE meaning = 3 AND state = 1;
