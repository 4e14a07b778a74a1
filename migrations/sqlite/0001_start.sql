-- The first schema. Same tables, columns, constraint and index names as migrations/postgres/0001_start.sql.
-- Ids are UUIDs (16 bytes), times are microseconds since 1970 in UTC, JSON is text, truth values are 0 and 1.

CREATE TABLE organizations (
    id          BLOB    NOT NULL CONSTRAINT organizations_id PRIMARY KEY,
    slug        TEXT    NOT NULL,
    hook        TEXT    NOT NULL,
    paused      INTEGER NOT NULL CONSTRAINT organizations_paused CHECK (paused IN (0, 1)),
    version     INTEGER NOT NULL CONSTRAINT organizations_version CHECK (version >= 1),
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX organizations_slug ON organizations (slug);
CREATE UNIQUE INDEX organizations_hook ON organizations (hook);

-- Every version of the rules, for ever: orders name the version that judged them.
CREATE TABLE configurations (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    version         INTEGER NOT NULL,
    rules           TEXT    NOT NULL,
    author          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    CONSTRAINT configurations_version PRIMARY KEY (organization_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    name            TEXT    NOT NULL,
    sealed          BLOB    NOT NULL,
    last_four       TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    CONSTRAINT secrets_name PRIMARY KEY (organization_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE vendor_tests (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    vendor          TEXT    NOT NULL,
    test            TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    retired         INTEGER NOT NULL CONSTRAINT vendor_tests_retired CHECK (retired IN (0, 1)),
    position        INTEGER NOT NULL,
    read_at         INTEGER NOT NULL,
    CONSTRAINT vendor_tests_test PRIMARY KEY (organization_id, vendor, test)
) STRICT, WITHOUT ROWID;

-- What was last read of an opportunity, and what lists of candidates show of its newest order and decision.
-- A row without `data` belongs to an order or decision that came before the first reading.
CREATE TABLE opportunities (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    opportunity     TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    email           TEXT,
    stage           TEXT    NOT NULL,
    url             TEXT,
    data            TEXT,
    read_at         INTEGER,
    name_search     TEXT    NOT NULL,
    email_search    TEXT    NOT NULL,
    changed_at      INTEGER NOT NULL,
    order_id        BLOB,
    order_at        INTEGER,
    order_state     TEXT,
    order_outcome   TEXT,
    decision        TEXT,
    decided_at      INTEGER,
    CONSTRAINT opportunities_opportunity PRIMARY KEY (organization_id, opportunity),
    CONSTRAINT opportunities_data CHECK ((data IS NULL) = (read_at IS NULL)),
    CONSTRAINT opportunities_order CHECK ((order_id IS NULL) = (order_state IS NULL)),
    CONSTRAINT opportunities_decision CHECK ((decision IS NULL) = (decided_at IS NULL))
) STRICT;
-- Covers the search through all names, so that it reads no wide rows.
CREATE INDEX opportunities_changed
    ON opportunities (organization_id, changed_at, opportunity, name_search, email_search);
CREATE INDEX opportunities_state ON opportunities (organization_id, order_state, changed_at, opportunity)
    WHERE order_state IS NOT NULL;
CREATE INDEX opportunities_outcome ON opportunities (organization_id, order_outcome, changed_at, opportunity)
    WHERE order_outcome IS NOT NULL;
CREATE INDEX opportunities_stage ON opportunities (organization_id, stage, changed_at, opportunity);
CREATE INDEX opportunities_waiting ON opportunities (organization_id, changed_at, opportunity)
    WHERE order_state = 'send-unknown' OR order_outcome = 'needs-review';
CREATE INDEX opportunities_decided ON opportunities (organization_id, decided_at) WHERE decided_at IS NOT NULL;

-- One row per visit to a trigger stage and vendor: the unique index is what makes a second invitation impossible.
CREATE TABLE decisions (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    opportunity     TEXT    NOT NULL,
    stage           TEXT    NOT NULL,
    entered_at      INTEGER NOT NULL,
    vendor          TEXT    NOT NULL,
    decision        TEXT    NOT NULL,
    rules_version   INTEGER NOT NULL,
    decided_at      INTEGER NOT NULL,
    -- What was decided: `invite`, or why not. Filled by the triggers below: an index over a generated column never covers.
    kind            TEXT,
    CONSTRAINT decisions_entry PRIMARY KEY (organization_id, opportunity, stage, entered_at, vendor)
) STRICT, WITHOUT ROWID;
-- In the order in which decisions are counted.
CREATE INDEX decisions_kind ON decisions (organization_id, stage, vendor, kind, decided_at) WHERE kind IS NOT NULL;
CREATE INDEX decisions_decided ON decisions (organization_id, decided_at);
CREATE TRIGGER decisions_kind AFTER INSERT ON decisions BEGIN
    UPDATE decisions SET kind = coalesce(new.decision -> 'reason' ->> 'reason', new.decision ->> 'decision')
    WHERE organization_id = new.organization_id AND opportunity = new.opportunity AND stage = new.stage
        AND entered_at = new.entered_at AND vendor = new.vendor;
END;

CREATE TRIGGER decisions_kind_again AFTER UPDATE OF decision ON decisions BEGIN
    UPDATE decisions SET kind = coalesce(new.decision -> 'reason' ->> 'reason', new.decision ->> 'decision')
    WHERE organization_id = new.organization_id AND opportunity = new.opportunity AND stage = new.stage
        AND entered_at = new.entered_at AND vendor = new.vendor;
END;

CREATE TABLE orders (
    id              BLOB    NOT NULL CONSTRAINT orders_id PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    opportunity     TEXT    NOT NULL,
    contact         TEXT    NOT NULL,
    vendor          TEXT    NOT NULL,
    test            TEXT    NOT NULL,
    test_name       TEXT    NOT NULL,
    round           INTEGER NOT NULL CONSTRAINT orders_round_positive CHECK (round >= 1),
    stage           TEXT    NOT NULL,
    posting         TEXT,
    state           TEXT    NOT NULL CONSTRAINT orders_state CHECK (state IN ('planned', 'sending', 'send-unknown',
        'invited', 'started', 'submitted', 'completed', 'expired', 'declined', 'cancelled', 'failed')),
    note            TEXT,
    vendor_ref      TEXT,
    vendor_status   TEXT,
    score           REAL,
    band            TEXT,
    outcome         TEXT    CONSTRAINT orders_outcome CHECK (outcome IN ('pass', 'needs-review', 'fail')),
    judged_by       INTEGER,
    report_url      TEXT,
    report_token    TEXT    NOT NULL,
    email           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    invited_at      INTEGER,
    completed_at    INTEGER,
    called_back_at  INTEGER,
    written_at      INTEGER,
    CONSTRAINT orders_invited CHECK (state NOT IN ('invited', 'started', 'submitted') OR invited_at IS NOT NULL),
    CONSTRAINT orders_completed CHECK ((state = 'completed') = (completed_at IS NOT NULL)),
    CONSTRAINT orders_judged CHECK ((outcome IS NULL) = (judged_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX orders_round ON orders (organization_id, opportunity, vendor, test, round);
CREATE UNIQUE INDEX orders_report_token ON orders (report_token);
-- Covers the figures of the first page and of the trigger stages.
CREATE INDEX orders_created
    ON orders (organization_id, created_at, state, invited_at, completed_at, written_at, stage, vendor, outcome);
-- Each event by its own day; the results with all that histograms show of them.
CREATE INDEX orders_invited_at ON orders (organization_id, invited_at) WHERE invited_at IS NOT NULL;
CREATE INDEX orders_written_at ON orders (organization_id, written_at) WHERE written_at IS NOT NULL;
CREATE INDEX orders_results
    ON orders (organization_id, completed_at, vendor, outcome, stage, test, score, band, opportunity)
    WHERE completed_at IS NOT NULL;
CREATE INDEX orders_reviews ON orders (organization_id, outcome, completed_at) WHERE outcome = 'needs-review';
CREATE INDEX orders_open ON orders (organization_id)
    WHERE state IN ('planned', 'sending', 'invited', 'started', 'submitted');
CREATE INDEX orders_unwritten ON orders (organization_id) WHERE state = 'completed' AND written_at IS NULL;
-- With the state, so that SQLite counts in it and not in the index of all orders.
CREATE INDEX orders_unknown ON orders (organization_id, state, created_at) WHERE state = 'send-unknown';

CREATE TABLE activities (
    id              BLOB    NOT NULL CONSTRAINT activities_id PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    opportunity     TEXT    NOT NULL,
    order_id        BLOB,
    happened_at     INTEGER NOT NULL,
    event           TEXT    NOT NULL
) STRICT;
CREATE INDEX activities_opportunity ON activities (organization_id, opportunity, happened_at, id);

CREATE TABLE deliveries (
    id              BLOB    NOT NULL CONSTRAINT deliveries_id PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    token           TEXT,
    event           TEXT    NOT NULL,
    opportunity     TEXT,
    body            TEXT    NOT NULL,
    status          TEXT    NOT NULL CONSTRAINT deliveries_status
        CHECK (status IN ('stored', 'done', 'verified', 'not-understood', 'refused')),
    reason          TEXT,
    received_at     INTEGER NOT NULL,
    repeats         INTEGER NOT NULL,
    suspicious      INTEGER NOT NULL CONSTRAINT deliveries_suspicious CHECK (suspicious IN (0, 1)),
    -- Refused, not understood or suspicious: what someone should look at.
    failed          INTEGER NOT NULL CONSTRAINT deliveries_failed_flag CHECK (failed IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX deliveries_token ON deliveries (organization_id, token);
CREATE INDEX deliveries_received ON deliveries (organization_id, received_at);
CREATE INDEX deliveries_failed ON deliveries (organization_id, received_at) WHERE failed;
CREATE INDEX deliveries_waiting ON deliveries (organization_id, opportunity) WHERE status = 'stored';

CREATE TABLE jobs (
    id              BLOB    NOT NULL CONSTRAINT jobs_id PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    kind            TEXT    NOT NULL,
    payload         TEXT    NOT NULL,
    unique_key      TEXT    NOT NULL,
    priority        INTEGER NOT NULL,
    state           TEXT    NOT NULL CONSTRAINT jobs_state
        CHECK (state IN ('ready', 'running', 'done', 'dead', 'cancelled')),
    -- The claim's number: the fence.
    attempt         INTEGER NOT NULL,
    failures        INTEGER NOT NULL,
    -- Asked for again while it ran.
    again           INTEGER NOT NULL CONSTRAINT jobs_again CHECK (again IN (0, 1)),
    run_at          INTEGER NOT NULL,
    leased_until    INTEGER,
    last_error      TEXT,
    finished_at     INTEGER,
    CONSTRAINT jobs_leased CHECK ((state = 'running') = (leased_until IS NOT NULL)),
    CONSTRAINT jobs_finished CHECK ((state IN ('done', 'dead', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT jobs_again_running CHECK (state = 'running' OR NOT again)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX jobs_key ON jobs (organization_id, unique_key) WHERE state IN ('ready', 'running');
-- By kind, so that a heap of jobs of an unknown kind is never walked through; priority is a matter of the few that are due.
CREATE INDEX jobs_ready ON jobs (organization_id, kind, run_at) WHERE state = 'ready';
CREATE INDEX jobs_running ON jobs (leased_until) WHERE state = 'running';
CREATE INDEX jobs_ended ON jobs (state, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_dead ON jobs (organization_id) WHERE state = 'dead';

-- One row per rate budget: the theoretical arrival time of a generic cell rate algorithm.
CREATE TABLE budgets (
    name       TEXT    NOT NULL CONSTRAINT budgets_name PRIMARY KEY,
    arrival    INTEGER NOT NULL,
    held_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id              BLOB    NOT NULL CONSTRAINT users_id PRIMARY KEY,
    email           TEXT    NOT NULL,
    role            TEXT    NOT NULL CONSTRAINT users_role
        CHECK (role IN ('owner', 'account-manager', 'super-admin', 'admin', 'recruiter', 'limited')),
    organization_id BLOB    REFERENCES organizations (id),
    password_hash   TEXT    NOT NULL,
    disabled        INTEGER NOT NULL CONSTRAINT users_disabled CHECK (disabled IN (0, 1)),
    -- JSON; what the person set for the pages.
    preferences     TEXT,
    created_at      INTEGER NOT NULL,
    CONSTRAINT users_organization
        CHECK ((role IN ('owner', 'account-manager')) = (organization_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email);
CREATE INDEX users_organization_id ON users (organization_id);

CREATE TABLE sessions (
    key        TEXT    NOT NULL CONSTRAINT sessions_key PRIMARY KEY,
    data       TEXT    NOT NULL,
    user_id    BLOB    REFERENCES users (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE issues (
    id              INTEGER NOT NULL CONSTRAINT issues_id PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    cause           TEXT    NOT NULL,
    detail          TEXT    NOT NULL,
    opened_at       INTEGER NOT NULL,
    last_seen       INTEGER NOT NULL,
    count           INTEGER NOT NULL,
    closed_at       INTEGER
) STRICT;
CREATE UNIQUE INDEX issues_open ON issues (organization_id, cause) WHERE closed_at IS NULL;
CREATE INDEX issues_organization ON issues (organization_id, opened_at);

-- Lists of ended jobs, by organization; the queue itself does not need it.
CREATE INDEX jobs_past ON jobs (organization_id, state, kind, finished_at) WHERE finished_at IS NOT NULL;
