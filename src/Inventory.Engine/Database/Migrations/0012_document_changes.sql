-- What changes a reservation and moves no stock (an extension, a delivery) has a row in the journal too, so that who changed it and when is kept,
-- and those who follow learn of it. It is of no stock row and has no version there.
ALTER TABLE journal ALTER COLUMN stock_id DROP NOT NULL, ALTER COLUMN version DROP NOT NULL;
ALTER TABLE journal ADD CONSTRAINT journal_of_stock_or_document
    CHECK ((stock_id IS NULL) = (version IS NULL) AND (stock_id IS NOT NULL OR document IS NOT NULL)) NOT VALID;
-- Those of one reservation; an entry only for rows without stock, so sales keep nothing here.
CREATE INDEX journal_document ON journal (document) WHERE stock_id IS NULL;
