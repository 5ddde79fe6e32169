-- Keys by which machines say who they are. Only a hash is kept: 256 random bits need neither salt nor a slow hash. A key and the one
-- that replaces it share a name, which is the caller: what was done stays one caller's. Rows are never taken away.
CREATE TABLE api_key (
    api_key_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    sha256 bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
    scopes text[] NOT NULL,
    roles text[] NOT NULL,
    warehouses text[],                  -- the codes to whose stock its changes are limited; null: no limit
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    expires_at timestamptz,             -- null: never
    revoked_at timestamptz,
    revoked_by text,
    last_used_at timestamptz,           -- to the minute
    CHECK (cardinality(scopes) + cardinality(roles) > 0),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
