-- As migrations/sqlite/0007_newest.sql.
UPDATE opportunities SET decision = (decision::json -> 'decision')::text WHERE decision IS NOT NULL;
