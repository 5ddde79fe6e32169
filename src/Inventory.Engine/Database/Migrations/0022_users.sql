-- People, who sign in with a name and a password. Rows are never taken away: the journal names who did what by the user's name. Names are
-- ASCII, so that no two look alike, and no locale folds them differently.
CREATE TABLE user_account (
    user_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$'),
    password_hash text NOT NULL,        -- PBKDF2 with its salt and count, as ASP.NET's PasswordHasher writes it
    roles text[] NOT NULL,
    warehouses text[] CHECK (cardinality(warehouses) > 0),  -- those to whose stock changes are limited; null: no limit
    stamp uuid NOT NULL DEFAULT gen_random_uuid(),          -- sessions of another stamp are over
    must_change boolean NOT NULL,       -- the password was told once by somebody else, and serves to set another
    disabled_at timestamptz,
    failed_count int NOT NULL DEFAULT 0,                    -- attempts to sign in since the last that went well
    locked_until timestamptz,
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_by text NOT NULL,
    last_sign_in_at timestamptz
);
CREATE UNIQUE INDEX user_account_name ON user_account (lower(name));

-- What became of users: who signed in and out, who changed whom, from where. Refused attempts stand in access_refusal. The owner prunes.
CREATE TABLE user_event (
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id int NOT NULL REFERENCES user_account,
    event text NOT NULL,                -- CREATED, UPDATED, PASSWORD_RESET, PASSWORD_CHANGED, SIGNED_IN, SIGNED_OUT
    actor text NOT NULL,
    address text NOT NULL,
    trace text NOT NULL
);
CREATE INDEX user_event_at ON user_event (at);
CREATE INDEX user_event_user ON user_event (user_id, at);

-- The keys that encrypt and sign session cookies, as ASP.NET Data Protection writes them, so that every server reads what another wrote.
-- They lie here as they are: whoever reads this table can make cookies.
CREATE TABLE data_protection_key (
    data_protection_key_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    friendly_name text NOT NULL,
    xml text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- As before; and of users nobody is taken away or named anew, of what became of them nothing is changed, and of cookie keys none.
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
                WHEN 'user_account' THEN 'SELECT, INSERT, UPDATE (password_hash, roles, warehouses, stamp, must_change, disabled_at,'
                    ' failed_count, locked_until, revision, updated_at, updated_by, last_sign_in_at)'
                WHEN 'user_event' THEN 'INSERT'
                WHEN 'data_protection_key' THEN 'SELECT, INSERT'
                ELSE 'SELECT, INSERT, UPDATE, DELETE'
            END, cell, relation, server_role);
    END LOOP;
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', cell, server_role);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', cell, server_role);
    EXECUTE format('REVOKE ALL ON FUNCTION %I.grant_server_role FROM %I', cell, server_role);
END
$$;
