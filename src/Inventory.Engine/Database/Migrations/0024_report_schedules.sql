-- Reports that are sent again and again. A due time becomes a run in the statement that moves next_at, so it has one, whoever sees it first;
-- a run is sent under a lease.

CREATE TABLE report_schedule (
    schedule_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    report smallint NOT NULL CHECK (report BETWEEN 1 AND 7),    -- ReportKind
    warehouses text[] NOT NULL,         -- codes or ids; empty: all
    category text,                      -- null: any
    row_limit int CHECK (row_limit > 0),
    span smallint NOT NULL CHECK (span BETWEEN 1 AND 4),        -- ReportSpan: 1 LAST_DAYS, 2 PREVIOUS_DAY, 3 PREVIOUS_WEEK, 4 PREVIOUS_MONTH
    days int CHECK (days BETWEEN 1 AND 366),
    cron text NOT NULL,                 -- as Quartz reads it
    time_zone text NOT NULL,            -- of IANA
    webhook_url text CHECK (length(webhook_url) BETWEEN 1 AND 2000),
    mail_to text[] CHECK (cardinality(mail_to) BETWEEN 1 AND 20),
    secret text NOT NULL,               -- by which POSTs are signed; it must be readable, so the table is worth guarding. '' without webhook, and once deleted
    paused boolean NOT NULL,
    next_at timestamptz,                -- when it is due next, reckoned from cron; null: paused, or never again
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL,
    deleted_at timestamptz,             -- kept, so that a deletion that is asked for again is known, and runs have an owner
    CONSTRAINT report_schedule_days CHECK ((days IS NOT NULL) = (span = 1)),
    CONSTRAINT report_schedule_destination CHECK ((webhook_url IS NULL) <> (mail_to IS NULL))
);
CREATE INDEX report_schedule_due ON report_schedule (next_at) WHERE deleted_at IS NULL;
COMMENT ON TABLE report_schedule IS 'server role: SELECT, INSERT, UPDATE';

CREATE TABLE report_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    schedule_id bigint NOT NULL REFERENCES report_schedule,
    state smallint NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 4),    -- 1 PENDING, 2 SENT, 3 DEAD, 4 CANCELLED
    due_at timestamptz NOT NULL,        -- whose time it is; of one that was asked for: when that was
    asked_by text,                      -- null: it was due
    report smallint NOT NULL,           -- ReportKind, as it was tried last
    from_at timestamptz NOT NULL,       -- the time that it is of, the same at every attempt
    before_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0,    -- begun, also those that a crash has cut off
    created_at timestamptz NOT NULL,
    try_at timestamptz NOT NULL,        -- of a pending one: when it is tried next
    leased_by uuid,                     -- the node that sends it
    leased_until timestamptz,
    attempted_at timestamptz,
    status int,                         -- of the last answer
    error text,                         -- of the last attempt
    row_count bigint,                   -- of the file that was sent
    byte_count bigint
);
-- One due time is run once.
CREATE UNIQUE INDEX report_run_due ON report_run (schedule_id, due_at) WHERE asked_by IS NULL;
CREATE INDEX report_run_schedule ON report_run (schedule_id, run_id);
CREATE INDEX report_run_pending ON report_run (try_at, run_id) WHERE state = 1;
