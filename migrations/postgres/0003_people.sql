-- As migrations/sqlite/0003_people.sql.

-- A link by which someone sets a password: the first owner, an invited person, someone who forgot theirs. The address is made
-- of the id and a code that only the secret key gives, so that the database alone opens nothing.
CREATE TABLE links (
    id              UUID    NOT NULL CONSTRAINT links_id PRIMARY KEY,
    purpose         TEXT    NOT NULL CONSTRAINT links_purpose CHECK (purpose IN ('set-up', 'invite', 'reset')),
    email           TEXT    NOT NULL,
    role            TEXT    NOT NULL CONSTRAINT links_role
        CHECK (role IN ('owner', 'account-manager', 'super-admin', 'admin', 'recruiter', 'limited')),
    organization_id UUID    REFERENCES organizations (id),
    user_id         UUID    REFERENCES users (id),
    created_by      TEXT    NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    used_at         BIGINT,
    CONSTRAINT links_organization CHECK ((role IN ('owner', 'account-manager')) = (organization_id IS NULL)),
    CONSTRAINT links_user CHECK ((purpose = 'reset') = (user_id IS NOT NULL))
);
-- One open link of each kind for an address: a new one takes the place of the one before.
CREATE UNIQUE INDEX links_open ON links (email, purpose) WHERE used_at IS NULL;
CREATE INDEX links_organization_id ON links (organization_id, created_at) WHERE used_at IS NULL;
CREATE INDEX links_user_id ON links (user_id) WHERE user_id IS NOT NULL;

ALTER TABLE users ADD COLUMN seen_at BIGINT;
ALTER TABLE sessions ADD COLUMN started_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';

-- A chain for each organization, and one for the instance under the id of zeros. Each entry's hash covers the one before.
CREATE TABLE audit (
    chain      UUID    NOT NULL,
    number     BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    who        TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    act        TEXT    NOT NULL,
    target     TEXT    NOT NULL,
    before     TEXT,
    after      TEXT,
    hash       BYTEA   NOT NULL,
    CONSTRAINT audit_number PRIMARY KEY (chain, number)
);
CREATE INDEX audit_act ON audit (chain, act, number);
CREATE INDEX audit_who ON audit (chain, who, number);
-- Where each chain ends, so that a missing end shows, too.
CREATE TABLE audit_heads (
    chain  UUID    NOT NULL CONSTRAINT audit_heads_chain PRIMARY KEY,
    number BIGINT NOT NULL,
    hash   BYTEA   NOT NULL
);
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of changes is only added to';
END $$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION audit_kept();
