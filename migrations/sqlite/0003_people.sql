-- People come by links; whoever changes something is on record.

-- A link by which someone sets a password: the first owner, an invited person, someone who forgot theirs. The address is made
-- of the id and a code that only the secret key gives, so that the database alone opens nothing.
CREATE TABLE links (
    id              BLOB    NOT NULL CONSTRAINT links_id PRIMARY KEY,
    purpose         TEXT    NOT NULL CONSTRAINT links_purpose CHECK (purpose IN ('set-up', 'invite', 'reset')),
    email           TEXT    NOT NULL,
    role            TEXT    NOT NULL CONSTRAINT links_role
        CHECK (role IN ('owner', 'account-manager', 'super-admin', 'admin', 'recruiter', 'limited')),
    organization_id BLOB    REFERENCES organizations (id),
    user_id         BLOB    REFERENCES users (id),
    created_by      TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    used_at         INTEGER,
    CONSTRAINT links_organization CHECK ((role IN ('owner', 'account-manager')) = (organization_id IS NULL)),
    CONSTRAINT links_user CHECK ((purpose = 'reset') = (user_id IS NOT NULL))
) STRICT;
-- One open link of each kind for an address: a new one takes the place of the one before.
CREATE UNIQUE INDEX links_open ON links (email, purpose) WHERE used_at IS NULL;
CREATE INDEX links_organization_id ON links (organization_id, created_at) WHERE used_at IS NULL;
CREATE INDEX links_user_id ON links (user_id) WHERE user_id IS NOT NULL;

ALTER TABLE users ADD COLUMN seen_at INTEGER;
ALTER TABLE sessions ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';

-- A chain for each organization, and one for the instance under the id of zeros. Each entry's hash covers the one before.
CREATE TABLE audit (
    chain      BLOB    NOT NULL,
    number     INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    who        TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    act        TEXT    NOT NULL,
    target     TEXT    NOT NULL,
    before     TEXT,
    after      TEXT,
    hash       BLOB    NOT NULL,
    CONSTRAINT audit_number PRIMARY KEY (chain, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_act ON audit (chain, act, number);
CREATE INDEX audit_who ON audit (chain, who, number);
-- Where each chain ends, so that a missing end shows, too.
CREATE TABLE audit_heads (
    chain  BLOB    NOT NULL CONSTRAINT audit_heads_chain PRIMARY KEY,
    number INTEGER NOT NULL,
    hash   BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_kept BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the record of changes is only added to');
END;
CREATE TRIGGER audit_kept_whole BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the record of changes is only added to');
END;
