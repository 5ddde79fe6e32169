-- Kits: items that are made of others. An item is a kit from the day it is made, or never; it has no stock rows of its own. A part is
-- never a kit. What a kit is made of may change; reservations keep what it was made of when they were granted.
ALTER TABLE item ADD COLUMN kit boolean NOT NULL DEFAULT false;
CREATE TABLE kit_component (
    kit_id bigint NOT NULL REFERENCES item,
    component_id bigint NOT NULL REFERENCES item,
    quantity bigint NOT NULL CHECK (quantity > 0),      -- of the part's base unit, in one kit
    PRIMARY KEY (kit_id, component_id),
    CHECK (kit_id <> component_id)
);
CREATE INDEX kit_component_component_id ON kit_component (component_id);
-- Servers that remember what a kit is made of look about once a second for kits that were edited.
CREATE INDEX item_kit_updated_at ON item (updated_at) WHERE kit;

-- How many of a kit the parts allow, over all active warehouses.
CREATE FUNCTION kit_available(kit bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(min(floor(coalesce((
        SELECT sum(greatest(s.available, 0)) FROM stock s JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE s.item_id = c.component_id AND w.active AND NOT s.discontinued), 0) / c.quantity)), 0)::bigint
    FROM kit_component c WHERE c.kit_id = kit
$$;
