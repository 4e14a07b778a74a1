-- Figures are counted in ranges of an index, without sorting. What a decision was is written with it.
DROP TRIGGER decisions_kind;
DROP TRIGGER decisions_kind_again;
DROP INDEX decisions_kind;
CREATE INDEX decisions_skipped ON decisions (organization_id, stage, vendor, decided_at, kind) WHERE kind <> 'invite';

DROP INDEX orders_created;
DROP INDEX orders_invited_at;
DROP INDEX orders_reviews;
-- Covers the figures of the first page.
CREATE INDEX orders_created ON orders (organization_id, created_at, state, invited_at, completed_at, written_at);
-- Covers those of the trigger stages; without an outcome: not judged yet.
CREATE INDEX orders_trigger ON orders (organization_id, stage, vendor, outcome, created_at);
-- Results by day, and those that wait for a person.
CREATE INDEX orders_outcome ON orders (organization_id, outcome, completed_at) WHERE outcome IS NOT NULL;
