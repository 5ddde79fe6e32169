-- One row a transfer: a quantity of one item on its way from one warehouse to another. What is on its way is also in the
-- target row's in_transit. State: 1 PENDING, 2 IN_TRANSIT, 3 COMPLETED, 4 CANCELLED.
CREATE TABLE transfer (
    transfer_id uuid PRIMARY KEY,               -- the key of the request that made it
    created_at timestamptz NOT NULL,
    shipped_at timestamptz,
    ended_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    item_id bigint NOT NULL,
    from_stock_id bigint,                       -- both since it was shipped; neither row goes while it is on its way
    to_stock_id bigint,
    quantity bigint NOT NULL CHECK (quantity > 0),
    received bigint NOT NULL DEFAULT 0 CHECK (received >= 0),
    lost bigint NOT NULL DEFAULT 0 CHECK (lost >= 0),
    returned bigint NOT NULL DEFAULT 0 CHECK (returned >= 0),
    from_warehouse_id int NOT NULL,
    to_warehouse_id int NOT NULL,
    state smallint NOT NULL,
    sku text NOT NULL,                          -- names never change, and are told when item or warehouse are gone
    from_warehouse text NOT NULL,
    to_warehouse text NOT NULL,
    caller text NOT NULL,
    request_id text NOT NULL,
    reason text,
    CONSTRAINT transfer_moves CHECK (from_warehouse_id <> to_warehouse_id),
    CONSTRAINT transfer_shipped CHECK (
        (shipped_at IS NULL) = (from_stock_id IS NULL) AND (shipped_at IS NULL) = (to_stock_id IS NULL)),
    CONSTRAINT transfer_state CHECK (
        CASE state
            WHEN 1 THEN ended_at IS NULL AND shipped_at IS NULL AND received + lost + returned = 0
            WHEN 2 THEN ended_at IS NULL AND shipped_at IS NOT NULL AND received + lost < quantity AND returned = 0
            WHEN 3 THEN ended_at IS NOT NULL AND shipped_at IS NOT NULL AND received + lost = quantity AND returned = 0
            WHEN 4 THEN ended_at IS NOT NULL
                AND received + lost + returned = CASE WHEN shipped_at IS NULL THEN 0 ELSE quantity END
            ELSE false
        END)
) WITH (fillfactor = 80);

-- Lists go on behind the last of a page, the newest first.
CREATE INDEX transfer_created_at ON transfer (created_at, transfer_id);
CREATE INDEX transfer_open ON transfer (created_at, transfer_id) WHERE state <= 2;
CREATE INDEX transfer_item ON transfer (item_id, created_at, transfer_id);
CREATE INDEX transfer_from_warehouse ON transfer (from_warehouse_id, created_at, transfer_id);
CREATE INDEX transfer_to_warehouse ON transfer (to_warehouse_id, created_at, transfer_id);
-- What is on its way from and to a stock row.
CREATE INDEX transfer_from_stock ON transfer (from_stock_id) WHERE from_stock_id IS NOT NULL;
CREATE INDEX transfer_to_stock ON transfer (to_stock_id) WHERE to_stock_id IS NOT NULL;
