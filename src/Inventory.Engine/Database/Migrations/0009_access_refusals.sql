-- Who was refused what, from where: added to, never changed. The owner may prune it by time.
CREATE TABLE access_refusal (
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    caller text,                        -- null: whoever it was did not say, or was not believed
    reason text NOT NULL,
    scope text,                         -- the one that was missing
    target text NOT NULL,               -- an RPC or a path
    address text NOT NULL,
    trace text NOT NULL
);
CREATE INDEX access_refusal_at ON access_refusal (at);

-- Gives the server's role what it needs and no more; run by the owner after each migration, for what is new. The journal and the refusals
-- are added to, and by nobody changed; of API keys only the time of their use is written.
CREATE FUNCTION grant_server_role(server_role name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    cell name := current_schema();
    relation name;
BEGIN
    IF server_role = current_user THEN
        RAISE EXCEPTION 'the server''s role must be another than the owner of the schema';
    END IF;
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC, %I', cell, server_role);
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM PUBLIC, %I', cell, server_role);
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC, %I', cell, server_role);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', cell, server_role);
    FOR relation IN
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = cell::text::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    LOOP
        EXECUTE format('GRANT %s ON %I.%I TO %I',
            CASE relation
                WHEN 'journal' THEN 'SELECT, INSERT'
                WHEN 'access_refusal' THEN 'INSERT'
                WHEN 'api_key' THEN 'SELECT, UPDATE (last_used_at)'
                WHEN 'schema_migration' THEN 'SELECT'
                ELSE 'SELECT, INSERT, UPDATE, DELETE'
            END, cell, relation, server_role);
    END LOOP;
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', cell, server_role);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', cell, server_role);
    EXECUTE format('REVOKE ALL ON FUNCTION %I.grant_server_role FROM %I', cell, server_role);
END
$$;

-- What runs by the owner's rights must not look for its names where its caller says.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION make_journal_partitions(int) SET search_path = %I, pg_temp', current_schema());
END
$$;
