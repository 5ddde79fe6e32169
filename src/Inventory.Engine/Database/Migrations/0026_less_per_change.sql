-- A row's days are written every so many of its versions; what has come since is added up from the journal by who reads them. So the last day
-- of a row says how far it was written. Versions have no gaps: so far that is as many as there were changes.
ALTER TABLE stock_daily ADD COLUMN version bigint;
UPDATE stock_daily d SET version = w.version
FROM (SELECT stock_id, day, sum(changes) OVER (PARTITION BY stock_id ORDER BY day) AS version FROM stock_daily) w
WHERE w.stock_id = d.stock_id AND w.day = d.day;
ALTER TABLE stock_daily ALTER COLUMN version SET NOT NULL;

-- The widest thresholds of all, by which most stock rows that change are seen to need no alert.
CREATE INDEX alert_threshold_widest ON alert_threshold (kind, raise_at);
CREATE INDEX item_reorder_point ON item (reorder_point) WHERE reorder_point IS NOT NULL;
-- Which of many rows have an alert.
CREATE INDEX alert_open_subject ON alert (subject) WHERE resolved_at IS NULL;
