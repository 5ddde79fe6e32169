-- What is in the archive is history. Whole months of the journal come there by archive_journal, with its owner's rights, and the server's role
-- only reads them. Reservations that ended are moved there, and back when one is asked for again, by the server itself; none is changed there.
COMMENT ON TABLE journal_archive IS 'server role: SELECT';
COMMENT ON TABLE reservation_archive IS 'server role: SELECT, INSERT, DELETE';

-- Changes and refusals are listed, the newest first: a number tells apart those of one moment. Changes are found by their trace too.
ALTER TABLE mutation ADD COLUMN mutation_id bigint GENERATED ALWAYS AS IDENTITY;
CREATE INDEX mutation_place ON mutation (at, mutation_id);
DROP INDEX mutation_at;
CREATE INDEX mutation_trace ON mutation (trace);
ALTER TABLE access_refusal ADD COLUMN refusal_id bigint GENERATED ALWAYS AS IDENTITY;
CREATE INDEX access_refusal_place ON access_refusal (at, refusal_id);
DROP INDEX access_refusal_at;
COMMENT ON TABLE access_refusal IS 'server role: SELECT, INSERT';
