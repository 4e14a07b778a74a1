-- How far an invitation came, as bits: 1 invited, 2 started, 4 completed, 8 written. The figures of the first page count ranges of
-- an index that holds nothing else. Results that came from outside were never invited: 0.
ALTER TABLE orders ADD COLUMN reached INTEGER NOT NULL GENERATED ALWAYS AS (
    CASE WHEN invited_at IS NULL THEN 0
         ELSE 1 + CASE WHEN state IN ('started', 'submitted', 'completed') THEN 2 ELSE 0 END
                + CASE WHEN completed_at IS NOT NULL THEN 4 ELSE 0 END
                + CASE WHEN written_at IS NOT NULL THEN 8 ELSE 0 END END) VIRTUAL;
CREATE INDEX orders_reached ON orders (organization_id, reached, created_at);

DROP INDEX orders_created;
CREATE INDEX orders_created ON orders (organization_id, created_at, id);
