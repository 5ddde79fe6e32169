-- What was asked, where the allocation does not say it: source, fill, the least of each line, and how much of each was granted. Null for
-- plain requests.
ALTER TABLE reservation ADD COLUMN terms jsonb;
