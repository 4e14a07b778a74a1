-- As migrations/sqlite/0006_reached.sql.
ALTER TABLE orders ADD COLUMN reached SMALLINT NOT NULL GENERATED ALWAYS AS (
    CASE WHEN invited_at IS NULL THEN 0
         ELSE 1 + CASE WHEN state IN ('started', 'submitted', 'completed') THEN 2 ELSE 0 END
                + CASE WHEN completed_at IS NOT NULL THEN 4 ELSE 0 END
                + CASE WHEN written_at IS NOT NULL THEN 8 ELSE 0 END END) STORED;
CREATE INDEX orders_reached ON orders (organization_id, reached, created_at);

DROP INDEX orders_created;
CREATE INDEX orders_created ON orders (organization_id, created_at, id);
