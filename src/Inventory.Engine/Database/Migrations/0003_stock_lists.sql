-- Lists of a warehouse's stock go on behind the last key of a page.
CREATE INDEX stock_warehouse_place ON stock (warehouse_id, stock_id);
DROP INDEX stock_warehouse_id;
