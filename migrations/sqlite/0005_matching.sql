-- Whose results are these? Contacts of Lever with what they are found by; results that we did not order; what people decided.

-- A person of Lever, as the latest reading says. `data` and `keys` are JSON.
CREATE TABLE contacts (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    contact         TEXT    NOT NULL,
    data            TEXT    NOT NULL,
    -- Addresses that decisions taught.
    aliases         TEXT    NOT NULL,
    -- What is in `contact_keys`, so that exactly that can be taken out.
    keys            TEXT    NOT NULL,
    read_at         INTEGER NOT NULL,
    CONSTRAINT contacts_contact PRIMARY KEY (organization_id, contact)
) STRICT, WITHOUT ROWID;

-- Hashes of blocking keys: an index that holds no name and no address.
CREATE TABLE contact_keys (
    organization_id BLOB    NOT NULL,
    key             INTEGER NOT NULL,
    contact         TEXT    NOT NULL,
    CONSTRAINT contact_keys_key PRIMARY KEY (organization_id, key, contact)
) STRICT, WITHOUT ROWID;

-- Every opportunity that was read, whether or not it ever stood in a trigger stage. `data` is JSON.
CREATE TABLE candidacies (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    opportunity     TEXT    NOT NULL,
    contact         TEXT    NOT NULL,
    data            TEXT    NOT NULL,
    read_at         INTEGER NOT NULL,
    CONSTRAINT candidacies_opportunity PRIMARY KEY (organization_id, opportunity)
) STRICT, WITHOUT ROWID;
CREATE INDEX candidacies_contact ON candidacies (organization_id, contact, opportunity);

-- How far something was read.
CREATE TABLE marks (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    name            TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    CONSTRAINT marks_name PRIMARY KEY (organization_id, name)
) STRICT, WITHOUT ROWID;

-- A result that we did not order. `given` and `standing` are JSON; what is looked for is beside them.
CREATE TABLE incoming_results (
    id              BLOB    NOT NULL CONSTRAINT incoming_results_id PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    vendor          TEXT    NOT NULL,
    -- The vendor's id of the result, or a hash of what was given.
    reference       TEXT    NOT NULL,
    given           TEXT    NOT NULL,
    -- The same for results of exactly the same person.
    person          INTEGER NOT NULL,
    received_at     INTEGER NOT NULL,
    state           TEXT    NOT NULL CONSTRAINT incoming_results_state
        CHECK (state IN ('new', 'review', 'unknown', 'linked', 'ordered', 'left')),
    standing        TEXT    NOT NULL,
    -- Goes up with every change of the standing.
    version         INTEGER NOT NULL,
    opportunity     TEXT,
    snoozed_until   INTEGER NOT NULL,
    -- When to look for the person, while that is to be done.
    resolve_at      INTEGER,
    changed_at      INTEGER NOT NULL,
    CONSTRAINT incoming_results_linked CHECK ((state IN ('linked', 'ordered')) = (opportunity IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX incoming_results_reference ON incoming_results (organization_id, vendor, reference);
CREATE INDEX incoming_results_received ON incoming_results (organization_id, received_at, id);
CREATE INDEX incoming_results_changed ON incoming_results (organization_id, changed_at);
CREATE INDEX incoming_results_review ON incoming_results (organization_id, state, received_at, id) WHERE state = 'review';
CREATE INDEX incoming_results_person ON incoming_results (organization_id, person) WHERE state = 'review';
CREATE INDEX incoming_results_due ON incoming_results (organization_id, resolve_at) WHERE resolve_at IS NOT NULL;
CREATE INDEX incoming_results_opportunity ON incoming_results (organization_id, opportunity) WHERE opportunity IS NOT NULL;

-- By what a result is found when a contact changes.
CREATE TABLE incoming_keys (
    organization_id BLOB    NOT NULL,
    key             INTEGER NOT NULL,
    incoming_id     BLOB    NOT NULL REFERENCES incoming_results (id),
    CONSTRAINT incoming_keys_key PRIMARY KEY (organization_id, key, incoming_id)
) STRICT, WITHOUT ROWID;

-- Who is looking at a result right now.
CREATE TABLE incoming_looks (
    incoming_id     BLOB    NOT NULL REFERENCES incoming_results (id),
    who             TEXT    NOT NULL,
    until           INTEGER NOT NULL,
    CONSTRAINT incoming_looks_who PRIMARY KEY (incoming_id, who)
) STRICT, WITHOUT ROWID;

-- What was decided about results, by people and by Assay. `before` is the standing as JSON.
CREATE TABLE match_decisions (
    id              BLOB    NOT NULL CONSTRAINT match_decisions_id PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    incoming_id     BLOB    NOT NULL REFERENCES incoming_results (id),
    act             TEXT    NOT NULL CONSTRAINT match_decisions_act
        CHECK (act IN ('linked', 'left', 'snoozed', 'unsure', 'taken-back')),
    who             TEXT    NOT NULL,
    by_person       INTEGER NOT NULL CONSTRAINT match_decisions_by_person CHECK (by_person IN (0, 1)),
    decided_at      INTEGER NOT NULL,
    took_millis     INTEGER,
    contact         TEXT,
    before          TEXT    NOT NULL,
    -- Of a second opinion: whether it is the first one.
    agreed          INTEGER CONSTRAINT match_decisions_agreed CHECK (agreed IN (0, 1)),
    reverted_at     INTEGER,
    reverted_by     TEXT,
    CONSTRAINT match_decisions_reverted CHECK ((reverted_at IS NULL) = (reverted_by IS NULL))
) STRICT;
CREATE INDEX match_decisions_decided ON match_decisions (organization_id, by_person, decided_at, id);
CREATE INDEX match_decisions_agreed ON match_decisions (organization_id, decided_at, agreed) WHERE agreed IS NOT NULL;

-- Results that are to be taken out of Lever again.
CREATE TABLE withdrawals (
    order_id        BLOB    NOT NULL CONSTRAINT withdrawals_order_id PRIMARY KEY REFERENCES orders (id),
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    opportunity     TEXT    NOT NULL,
    vendor          TEXT    NOT NULL,
    report_token    TEXT    NOT NULL,
    done_at         INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawals_waiting ON withdrawals (organization_id, opportunity, vendor) WHERE done_at IS NULL;

-- An order of ours is known by the vendor's id.
CREATE INDEX orders_vendor_ref ON orders (organization_id, vendor, vendor_ref) WHERE vendor_ref IS NOT NULL;
