-- Reordering: when to order (reorder_policy), what was suggested, ordered and received (reorder), and one row a need (reorder_need).

-- One row an item and warehouse that is to be reordered. Without numbers of its own the item's reorder_point and reorder_quantity hold.
CREATE TABLE reorder_policy (
    item_id bigint NOT NULL REFERENCES item ON DELETE CASCADE,
    warehouse_id int NOT NULL REFERENCES warehouse ON DELETE CASCADE,
    reorder_point bigint CHECK (reorder_point >= 0),
    reorder_quantity bigint CHECK (reorder_quantity > 0),
    order_up_to bigint,
    lead_time_days int NOT NULL CHECK (lead_time_days BETWEEN 0 AND 365),
    service_level double precision NOT NULL CHECK (service_level >= 0.5 AND service_level < 1),
    automatic boolean NOT NULL,
    source text NOT NULL DEFAULT '',            -- from whom it is bought
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL,
    PRIMARY KEY (item_id, warehouse_id),
    CONSTRAINT reorder_policy_quantity CHECK (
        CASE WHEN reorder_point IS NULL THEN reorder_quantity IS NULL AND order_up_to IS NULL
            ELSE (reorder_quantity IS NULL) <> (order_up_to IS NULL) END),
    CONSTRAINT reorder_policy_max_above_min CHECK (order_up_to > reorder_point)
);
CREATE INDEX reorder_policy_warehouse ON reorder_policy (warehouse_id, item_id);

-- One row an item and warehouse that ever had a need. Who judges a need, or answers it, holds this row, so that no two answer one need. No
-- sale takes it.
CREATE TABLE reorder_need (
    item_id bigint NOT NULL,
    warehouse_id int NOT NULL,
    muted boolean NOT NULL DEFAULT false,       -- it was said not to be wanted: nothing is suggested until the need was over once
    PRIMARY KEY (item_id, warehouse_id)
) WITH (fillfactor = 80);

-- One row a suggestion and the order that comes of it. State: 1 SUGGESTED, 2 APPROVED, 3 RECEIVED, 4 CLOSED, 5 REJECTED, 6 CANCELLED.
CREATE TABLE reorder (
    reorder_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL,
    approved_at timestamptz,
    expected_at timestamptz,                    -- when it was approved, and the lead time from then on
    ended_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    item_id bigint NOT NULL,
    warehouse_id int NOT NULL,
    position bigint NOT NULL,                   -- what was there and on its way when it was suggested; below 0 where more was waited for
    reorder_point bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    received bigint NOT NULL DEFAULT 0 CHECK (received >= 0),
    lead_time_days int NOT NULL,
    state smallint NOT NULL,
    automatic boolean NOT NULL,
    sku text NOT NULL,                          -- names never change, and are told when item or warehouse are gone
    warehouse text NOT NULL,
    source text NOT NULL,
    approved_by text,
    ended_by text,
    reason text,
    CONSTRAINT reorder_state CHECK (
        CASE state
            WHEN 1 THEN approved_at IS NULL AND ended_at IS NULL AND received = 0
            WHEN 2 THEN approved_at IS NOT NULL AND ended_at IS NULL AND received < quantity
            WHEN 3 THEN approved_at IS NOT NULL AND ended_at IS NOT NULL AND received >= quantity
            WHEN 4 THEN approved_at IS NOT NULL AND ended_at IS NOT NULL AND received < quantity
            WHEN 5 THEN approved_at IS NULL AND ended_at IS NOT NULL AND received = 0
            WHEN 6 THEN approved_at IS NOT NULL AND ended_at IS NOT NULL AND received = 0
            ELSE false
        END)
) WITH (fillfactor = 80);
-- One need has one suggestion.
CREATE UNIQUE INDEX reorder_suggestion ON reorder (item_id, warehouse_id) WHERE state = 1;
-- What is on order.
CREATE INDEX reorder_on_order ON reorder (item_id, warehouse_id) WHERE state = 2;
-- Lists go on behind the last of a page, the newest first.
CREATE INDEX reorder_created_at ON reorder (created_at, reorder_id);
CREATE INDEX reorder_open ON reorder (created_at, reorder_id) WHERE state <= 2;
CREATE INDEX reorder_item ON reorder (item_id, created_at, reorder_id);
CREATE INDEX reorder_warehouse ON reorder (warehouse_id, created_at, reorder_id);
