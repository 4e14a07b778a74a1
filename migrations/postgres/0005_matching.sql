-- As migrations/sqlite/0006_matching.sql.

CREATE TABLE contacts (
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    contact         TEXT    NOT NULL,
    data            TEXT    NOT NULL,
    aliases         TEXT    NOT NULL,
    keys            TEXT    NOT NULL,
    read_at         BIGINT  NOT NULL,
    CONSTRAINT contacts_contact PRIMARY KEY (organization_id, contact)
);

CREATE TABLE contact_keys (
    organization_id UUID    NOT NULL,
    key             BIGINT  NOT NULL,
    contact         TEXT    NOT NULL,
    CONSTRAINT contact_keys_key PRIMARY KEY (organization_id, key, contact)
);

CREATE TABLE candidacies (
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    opportunity     TEXT    NOT NULL,
    contact         TEXT    NOT NULL,
    data            TEXT    NOT NULL,
    read_at         BIGINT  NOT NULL,
    CONSTRAINT candidacies_opportunity PRIMARY KEY (organization_id, opportunity)
);
CREATE INDEX candidacies_contact ON candidacies (organization_id, contact, opportunity);

CREATE TABLE marks (
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    name            TEXT    NOT NULL,
    at              BIGINT  NOT NULL,
    CONSTRAINT marks_name PRIMARY KEY (organization_id, name)
);

CREATE TABLE incoming_results (
    id              UUID    NOT NULL CONSTRAINT incoming_results_id PRIMARY KEY,
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    vendor          TEXT    NOT NULL,
    reference       TEXT    NOT NULL,
    given           TEXT    NOT NULL,
    person          BIGINT  NOT NULL,
    received_at     BIGINT  NOT NULL,
    state           TEXT    NOT NULL CONSTRAINT incoming_results_state
        CHECK (state IN ('new', 'review', 'unknown', 'linked', 'ordered', 'left')),
    standing        TEXT    NOT NULL,
    version         BIGINT  NOT NULL,
    opportunity     TEXT,
    snoozed_until   BIGINT  NOT NULL,
    resolve_at      BIGINT,
    changed_at      BIGINT  NOT NULL,
    CONSTRAINT incoming_results_linked CHECK ((state IN ('linked', 'ordered')) = (opportunity IS NOT NULL))
);
CREATE UNIQUE INDEX incoming_results_reference ON incoming_results (organization_id, vendor, reference);
CREATE INDEX incoming_results_received ON incoming_results (organization_id, received_at, id);
CREATE INDEX incoming_results_changed ON incoming_results (organization_id, changed_at);
CREATE INDEX incoming_results_review ON incoming_results (organization_id, state, received_at, id) WHERE state = 'review';
CREATE INDEX incoming_results_person ON incoming_results (organization_id, person) WHERE state = 'review';
CREATE INDEX incoming_results_due ON incoming_results (organization_id, resolve_at) WHERE resolve_at IS NOT NULL;
CREATE INDEX incoming_results_opportunity ON incoming_results (organization_id, opportunity) WHERE opportunity IS NOT NULL;

CREATE TABLE incoming_keys (
    organization_id UUID    NOT NULL,
    key             BIGINT  NOT NULL,
    incoming_id     UUID    NOT NULL REFERENCES incoming_results (id),
    CONSTRAINT incoming_keys_key PRIMARY KEY (organization_id, key, incoming_id)
);

CREATE TABLE incoming_looks (
    incoming_id     UUID    NOT NULL REFERENCES incoming_results (id),
    who             TEXT    NOT NULL,
    until           BIGINT  NOT NULL,
    CONSTRAINT incoming_looks_who PRIMARY KEY (incoming_id, who)
);

CREATE TABLE match_decisions (
    id              UUID    NOT NULL CONSTRAINT match_decisions_id PRIMARY KEY,
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    incoming_id     UUID    NOT NULL REFERENCES incoming_results (id),
    act             TEXT    NOT NULL CONSTRAINT match_decisions_act
        CHECK (act IN ('linked', 'left', 'snoozed', 'unsure', 'taken-back')),
    who             TEXT    NOT NULL,
    by_person       BOOLEAN NOT NULL,
    decided_at      BIGINT  NOT NULL,
    took_millis     BIGINT,
    contact         TEXT,
    before          TEXT    NOT NULL,
    agreed          BOOLEAN,
    reverted_at     BIGINT,
    reverted_by     TEXT,
    CONSTRAINT match_decisions_reverted CHECK ((reverted_at IS NULL) = (reverted_by IS NULL))
);
CREATE INDEX match_decisions_decided ON match_decisions (organization_id, by_person, decided_at, id);
CREATE INDEX match_decisions_agreed ON match_decisions (organization_id, decided_at, agreed) WHERE agreed IS NOT NULL;

CREATE TABLE withdrawals (
    order_id        UUID    NOT NULL CONSTRAINT withdrawals_order_id PRIMARY KEY REFERENCES orders (id),
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    opportunity     TEXT    NOT NULL,
    vendor          TEXT    NOT NULL,
    report_token    TEXT    NOT NULL,
    done_at         BIGINT
);
CREATE INDEX withdrawals_waiting ON withdrawals (organization_id, opportunity, vendor) WHERE done_at IS NULL;

CREATE INDEX orders_vendor_ref ON orders (organization_id, vendor, vendor_ref) WHERE vendor_ref IS NOT NULL;
