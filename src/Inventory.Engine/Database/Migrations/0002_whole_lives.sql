-- Items and warehouses end, and are listed.

-- Stock rows that went with their item or warehouse. Journal and reservations name rows by their ids for ever, so what an id stood for
-- is kept; the ids, like all ids, are never used again. The follower of the journal finds here whose copies to give up.
CREATE TABLE former_stock (
    stock_id bigint PRIMARY KEY,
    item_id bigint NOT NULL,
    warehouse_id int NOT NULL,
    sku text NOT NULL,
    warehouse text NOT NULL,                    -- its code
    removed_at timestamptz NOT NULL
);

-- Items that are gone. A SKU may be used again, for another item: servers that remember the old one look here about once a second.
CREATE TABLE former_item (
    item_id bigint PRIMARY KEY,
    sku text NOT NULL,
    removed_at timestamptz NOT NULL
);
CREATE INDEX former_item_removed_at ON former_item (removed_at);

-- Lists go on behind the last key of a page, so each order has an index (that of SKUs is there); and the filters that leave little.
CREATE INDEX item_name ON item (name, item_id);
CREATE INDEX item_created_at ON item (created_at, item_id);
CREATE INDEX item_category ON item (category, sku);
CREATE INDEX item_sku_prefix ON item (lower(sku) text_pattern_ops);
CREATE INDEX item_name_prefix ON item (lower(name) text_pattern_ops);
