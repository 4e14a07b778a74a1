-- As migrations/sqlite/0004_enablement.sql.
CREATE TABLE enablement (
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    number          BIGINT NOT NULL,
    integration     TEXT    NOT NULL CONSTRAINT enablement_integration CHECK (integration IN ('py', 'pymetrics')),
    step            TEXT    NOT NULL CONSTRAINT enablement_step
        CHECK (step IN ('requested', 'authorization-asked', 'granted', 'refused', 'key-handed-over', 'key-opened')),
    who             TEXT    NOT NULL,
    at              BIGINT NOT NULL,
    CONSTRAINT enablement_number PRIMARY KEY (organization_id, number)
);

-- Under the hash of the address; what it holds opens with the address alone, and goes when it is opened.
CREATE TABLE drops (
    key             TEXT    NOT NULL CONSTRAINT drops_key PRIMARY KEY,
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    integration     TEXT    NOT NULL CONSTRAINT drops_integration CHECK (integration IN ('py', 'pymetrics')),
    sealed          BYTEA,
    created_by      TEXT    NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    opened_at       BIGINT,
    CONSTRAINT drops_opened CHECK (sealed IS NOT NULL OR opened_at IS NOT NULL)
);
CREATE INDEX drops_organization_id ON drops (organization_id);
