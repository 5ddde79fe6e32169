-- Where changes come from: who, under which scope, from which address. Numbered, so that a row of the journal carries four bytes of it.
-- An address is personal data: it stands here and nowhere else.
CREATE TABLE origin (
    origin_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    caller text NOT NULL,
    scope text NOT NULL,
    address text NOT NULL,
    UNIQUE (caller, scope, address)
);

-- None: the server's own jobs, and rows from before this was kept. The trace is the W3C trace id of the call, its 32 digits as a uuid. No index:
-- sales would have to keep it.
ALTER TABLE journal ADD COLUMN origin int, ADD COLUMN trace uuid;
-- Months of the one become parts of the other.
ALTER TABLE journal_archive ADD COLUMN origin int, ADD COLUMN trace uuid;

-- Changes that are no stock's and so have no row in the journal: of items, warehouses, keys, tokens, and documents that move nothing.
-- Append-only, like the journal.
CREATE TABLE mutation (
    at timestamptz NOT NULL,
    operation text NOT NULL,            -- the RPC
    target text NOT NULL,               -- what it changed, by its id
    request_key uuid,                   -- that of the stored answer, where there is one
    actor text NOT NULL,
    origin int,
    trace uuid
);
CREATE INDEX mutation_at ON mutation (at);

-- What the server's role may do with a table, where that is less than reading and changing: beside the table, as its comment.
COMMENT ON TABLE origin IS 'server role: SELECT, INSERT';
COMMENT ON TABLE mutation IS 'server role: SELECT, INSERT';

-- Run by the owner behind grant_server_role, in its transaction: takes back what the comments of tables do not name.
CREATE FUNCTION narrow_server_role(server_role name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    cell name := current_schema();
    relation name;
    privileges text;
BEGIN
    FOR relation, privileges IN
        SELECT c.relname, substring(obj_description(c.oid, 'pg_class') FROM '^server role: ([A-Z, ]+)$') FROM pg_class c
        WHERE c.relnamespace = cell::text::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    LOOP
        IF privileges IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON %I.%I FROM %I', cell, relation, server_role);
            EXECUTE format('GRANT %s ON %I.%I TO %I', privileges, cell, relation, server_role);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE ALL ON FUNCTION %I.narrow_server_role FROM %I', cell, server_role);
END
$$;
