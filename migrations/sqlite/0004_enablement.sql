-- The way to an integration, step by step, with who and when; and secrets handed over by a link that opens once.
CREATE TABLE enablement (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    number          INTEGER NOT NULL,
    integration     TEXT    NOT NULL CONSTRAINT enablement_integration CHECK (integration IN ('py', 'pymetrics')),
    step            TEXT    NOT NULL CONSTRAINT enablement_step
        CHECK (step IN ('requested', 'authorization-asked', 'granted', 'refused', 'key-handed-over', 'key-opened')),
    who             TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    CONSTRAINT enablement_number PRIMARY KEY (organization_id, number)
) STRICT, WITHOUT ROWID;

-- Under the hash of the address; what it holds opens with the address alone, and goes when it is opened.
CREATE TABLE drops (
    key             TEXT    NOT NULL CONSTRAINT drops_key PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    integration     TEXT    NOT NULL CONSTRAINT drops_integration CHECK (integration IN ('py', 'pymetrics')),
    sealed          BLOB,
    created_by      TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    opened_at       INTEGER,
    CONSTRAINT drops_opened CHECK (sealed IS NOT NULL OR opened_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX drops_organization_id ON drops (organization_id);
