-- What has become old leaves the tables that sales work on. Nothing is lost: sums, past stock and request ids count what is in the archive.

-- Whole months of the journal, with all they had; past stock and verification look here by stock row and version.
CREATE TABLE journal_archive (LIKE journal) PARTITION BY RANGE (at);
CREATE INDEX journal_archive_stock_version ON journal_archive (stock_id, version);
CREATE INDEX journal_archive_position ON journal_archive (position);

-- Moves the oldest month of the journal one step nearer to the archive: marked, then checked, then moved; answers which step it took, or null
-- where there is none to take. Months that end before the present one less so many are old; one of which anybody who follows has not read all
-- stays. The check reads the month beside everybody else's work, so that the move itself is a change of names: it needs the journal to itself for
-- a moment, and gives up after a fifth of a second, so that sales wait no longer than that. By the owner's rights, as partitions are made. A column
-- that the journal gets, journal_archive must get too.
CREATE FUNCTION archive_journal(keep_months int) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    cell name := current_schema();
    edge date := (date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC') - make_interval(months => keep_months))::date;
    oldest record;
    read_through bigint := 9223372036854775807;
    checked boolean;
    unread boolean;
    lower_bound timestamptz;
    upper_bound timestamptz;
BEGIN
    SELECT c.oid, c.relname, to_date(right(c.relname, 7), 'YYYY_MM') AS month INTO oldest
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = format('%I.journal', cell)::regclass AND c.relname ~ '^journal_[0-9]{4}_[0-9]{2}$'
    ORDER BY c.relname LIMIT 1;
    IF oldest IS NULL OR oldest.month >= edge THEN
        RETURN NULL;
    END IF;
    -- The third part of a cursor is the position up to which all has been read.
    SELECT least(
        read_through, (SELECT min(split_part(f.cursor, ';', 3)::bigint) FROM journal_follower f),
        (SELECT min(p.position) - 1 FROM journal_parked p))
    INTO read_through;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE position > %L)', cell, oldest.relname, read_through) INTO unread;
    IF unread THEN
        RETURN NULL;
    END IF;
    lower_bound := oldest.month::timestamp AT TIME ZONE 'UTC';
    upper_bound := (oldest.month::timestamp + interval '1 month') AT TIME ZONE 'UTC';
    SELECT convalidated INTO checked FROM pg_constraint WHERE conrelid = oldest.oid AND conname = 'journal_archive_bounds';
    IF checked IS NULL THEN
        EXECUTE format('ALTER TABLE %I.%I ADD CONSTRAINT journal_archive_bounds CHECK (at >= %L AND at < %L) NOT VALID',
            cell, oldest.relname, lower_bound, upper_bound);
        RETURN 'marked';
    END IF;
    IF NOT checked THEN
        EXECUTE format('ALTER TABLE %I.%I VALIDATE CONSTRAINT journal_archive_bounds', cell, oldest.relname);
        RETURN 'checked';
    END IF;
    EXECUTE format('ALTER TABLE %I.journal DETACH PARTITION %I.%I', cell, cell, oldest.relname);
    EXECUTE format('ALTER TABLE %I.journal_archive ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)',
        cell, cell, oldest.relname, lower_bound, upper_bound);
    RETURN 'moved';
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION archive_journal(int) SET search_path = %I, pg_temp', current_schema());
    ALTER FUNCTION archive_journal(int) SET lock_timeout = '200ms';
END
$$;

-- Reservations that ended long ago. An id is in one of the two tables: whoever asks for it again is answered from here, and whoever changes one
-- brings it back first. A column that a reservation gets, this must get too.
CREATE TABLE reservation_archive (LIKE reservation, archived_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (reservation_id));
