-- Access tokens that were ended before their time, by their jti. Kept until the token would have expired by itself; the owner prunes.
CREATE TABLE revoked_token (
    token_id text PRIMARY KEY CHECK (length(token_id) BETWEEN 1 AND 200),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_by text NOT NULL
);
CREATE INDEX revoked_token_expires_at ON revoked_token (expires_at);

-- By the owner's rights, so that the server's role can end a key and bring none back to life.
CREATE FUNCTION revoke_api_key(id int, who text) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
    UPDATE api_key SET revoked_at = coalesce(revoked_at, clock_timestamp()), revoked_by = coalesce(revoked_by, who)
    WHERE api_key_id = id RETURNING name
$$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION revoke_api_key(int, text) SET search_path = %I, pg_temp', current_schema());
END
$$;

-- As before, and of revocations of tokens none is taken away.
CREATE OR REPLACE FUNCTION grant_server_role(server_role name) RETURNS void LANGUAGE plpgsql AS $$
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
                WHEN 'revoked_token' THEN 'SELECT, INSERT'
                WHEN 'schema_migration' THEN 'SELECT'
                ELSE 'SELECT, INSERT, UPDATE, DELETE'
            END, cell, relation, server_role);
    END LOOP;
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', cell, server_role);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', cell, server_role);
    EXECUTE format('REVOKE ALL ON FUNCTION %I.grant_server_role FROM %I', cell, server_role);
END
$$;
