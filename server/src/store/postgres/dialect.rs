//! What PostgreSQL says differently. Many rows come as one JSON parameter through `json_to_recordset`, which names the types.

use std::borrow::Cow;

/// The n-th value of a long statement.
pub(super) fn placeholder(number: usize) -> Cow<'static, str> {
    Cow::Owned(format!("${number}"))
}

/// Looks for the table where the connection would find it.
pub(super) const MIGRATION_TABLES: &str = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')";

/// Ids are cast.
pub(super) const MISSING_DELIVERIES: &str = "SELECT value::uuid FROM json_array_elements_text($1::json) \
    WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.id = value::uuid)";

/// LIMIT inside LATERAL keeps the planner from reading all due jobs to join them.
pub(super) const DUE_ORGANIZATIONS: &str = concat!(
    ready_organizations!(),
    "SELECT ready.id FROM ready CROSS JOIN LATERAL (SELECT 1 FROM json_array_elements_text($2::json) AS k(kind) \
     CROSS JOIN LATERAL (SELECT 1 FROM jobs j WHERE j.state = 'ready' AND j.organization_id = ready.id \
     AND j.kind = k.kind AND j.run_at <= $1 ORDER BY j.run_at LIMIT 1) due LIMIT 1) found WHERE ready.id IS NOT NULL"
);

/// Other nodes claim at the same time: SKIP LOCKED takes what they leave. MATERIALIZED: the pick is made once.
pub(super) const CLAIM: &str = "WITH pick AS MATERIALIZED (SELECT due.id FROM json_array_elements_text($5::json) AS k(kind) \
    CROSS JOIN LATERAL (SELECT j.id, j.priority, j.run_at FROM jobs j WHERE j.organization_id = $1 AND j.state = 'ready' \
      AND j.kind = k.kind AND j.run_at <= $2 ORDER BY j.run_at LIMIT $3 FOR UPDATE SKIP LOCKED) due \
    ORDER BY due.priority, due.run_at, due.id LIMIT $3) \
    UPDATE jobs SET state = 'running', attempt = attempt + 1, leased_until = $4 FROM pick WHERE jobs.id = pick.id \
    RETURNING jobs.id, jobs.organization_id, jobs.payload, jobs.priority, jobs.run_at, jobs.attempt, jobs.failures";

/// The first job of each organization and kind, and the earliest of these.
pub(super) const NEXT_DUE: &str = concat!(
    ready_organizations!(),
    "SELECT min(first.run_at) FROM ready CROSS JOIN json_array_elements_text($1::json) AS k(kind) \
     CROSS JOIN LATERAL (SELECT j.run_at FROM jobs j WHERE j.state = 'ready' AND j.organization_id = ready.id \
     AND j.kind = k.kind ORDER BY j.run_at LIMIT 1) first WHERE ready.id IS NOT NULL"
);

/// Ends as typed rows.
pub(super) const FINISH: &str = concat!(
    end_job!(),
    "json_to_recordset($1::json) AS e(id uuid, attempt integer, state text, failed boolean, run_at bigint, error text, \
     ended_at bigint)",
    still_held!(),
    " RETURNING jobs.id, jobs.organization_id"
);

/// As above.
pub(super) const RENEW: &str = concat!(
    "UPDATE jobs SET leased_until = $2 FROM json_to_recordset($1::json) AS e(id uuid, attempt integer)",
    still_held!(),
    " RETURNING jobs.id"
);

/// As above.
pub(super) const RELEASE: &str = concat!(
    "UPDATE jobs SET state = 'ready', leased_until = NULL, again = false, \
     run_at = CASE WHEN again THEN $2 ELSE run_at END \
     FROM json_to_recordset($1::json) AS e(id uuid, attempt integer)",
    still_held!()
);

/// Readings as typed rows.
pub(super) const SAVE_OPPORTUNITIES: &str = concat!(
    "INSERT INTO opportunities (organization_id, opportunity, name, email, stage, url, data, read_at, name_search, \
     email_search, changed_at) SELECT organization, opportunity, name, email, stage, url, data, read_at, name_search, \
     email_search, read_at FROM json_to_recordset($1::json) AS r(organization uuid, opportunity text, name text, \
     email text, stage text, url text, data text, read_at bigint, name_search text, email_search text)",
    read_again!()
);

/// As above.
pub(super) const CLOSE_DELIVERIES: &str = "UPDATE deliveries SET status = 'done', reason = c.reason \
    FROM json_to_recordset($1::json) AS c(organization uuid, opportunity text, until bigint, reason text) \
    WHERE deliveries.organization_id = c.organization AND deliveries.opportunity = c.opportunity \
    AND deliveries.status = 'stored' AND deliveries.received_at <= c.until";

/// Ids are cast.
pub(super) const MARK_WRITTEN: &str =
    "UPDATE orders SET written_at = $2 WHERE id IN (SELECT value::uuid FROM json_array_elements_text($1::json))";

/// As above.
pub(super) const DECIDED: &str = "SELECT opportunity, stage, entered_at, vendor FROM decisions \
    WHERE organization_id = $1 AND opportunity IN (SELECT value FROM json_array_elements_text($2::json))";

/// Parameters: organization, opportunities.
pub(super) const NAMES: &str = "SELECT p.opportunity, p.name FROM json_array_elements_text($2::json) k(value) CROSS JOIN opportunities p \
    WHERE p.organization_id = $1 AND p.opportunity = k.value";

/// Parameters: organization, orders.
pub(super) const ORDERED_FOR: &str = "SELECT r.id, r.opportunity FROM json_array_elements_text($2::json) k(value) CROSS JOIN orders r \
    WHERE r.organization_id = $1 AND r.id = k.value::uuid";

/// Same parameters as `SAVE_TESTS`.
pub(super) const RETIRE_TESTS: &str = "UPDATE vendor_tests SET retired = true, read_at = $3 WHERE organization_id = $1 \
    AND vendor = $2 AND test NOT IN (SELECT t.test FROM json_to_recordset($4::json) AS t(test text))";

/// As `INSERT_DELIVERIES`.
pub(super) const SAVE_TESTS: &str = "INSERT INTO vendor_tests (organization_id, vendor, test, name, retired, position, read_at) \
    SELECT $1, $2, t.test, t.name, t.retired, t.position, $3 \
    FROM json_to_recordset($4::json) AS t(test text, name text, retired boolean, position integer) \
    ON CONFLICT (organization_id, vendor, test) DO UPDATE SET name = excluded.name, retired = excluded.retired, \
    position = excluded.position, read_at = excluded.read_at";

/// A portion of ended jobs. The dead are kept until someone has looked at them.
pub(super) const PRUNE_JOBS: &str = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs \
    WHERE state IN ('done', 'cancelled') AND finished_at IS NOT NULL AND finished_at < $1 LIMIT 5000)";

/// A portion of handled deliveries, organization by organization: the index begins with it.
pub(super) const PRUNE_DELIVERIES: &str = "DELETE FROM deliveries WHERE id IN (SELECT d.id FROM organizations o \
    JOIN deliveries d ON d.organization_id = o.id WHERE d.received_at < $1 AND d.status <> 'stored' LIMIT 5000)";

/// `strpos` finds a text in another.
pub(super) const CANDIDATES: [&str; 5] = over_candidates!(candidate_page, "strpos");
/// As above.
pub(super) const CANDIDATE_COUNTS: [&str; 5] = over_candidates!(candidate_count, "strpos");

/// Others wait until this transaction has ended.
pub(super) const LOCK_PEOPLE: &str = lock_people!(" FOR UPDATE");

/// A list is JSON.
pub(super) const TRIGGERS: &str = triggers!("json_array_elements($3::json) AS k(value)");
/// As above.
pub(super) const DAYS: &str = days!("json_array_elements_text($2::json) AS k(value)");

/// The list of kinds is JSON.
pub(super) const FLEET: &str = fleet!("json_array_elements_text($2::json) AS k(value)");
/// As above. Parameters: organization, now, kinds.
pub(super) const OLDEST_DUE: &str =
    concat!("SELECT ", oldest_due!("json_array_elements_text($3::json) AS k(value)", "$1", "$2"));
