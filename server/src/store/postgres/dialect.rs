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

/// The driver takes JSON as text.
macro_rules! candidate_row {
    () => {
        candidate_columns!("json_build_array", "CAST(r.score AS text)")
    };
}

/// Joined in the order in which they come.
macro_rules! candidate_list {
    ($more:expr) => {
        concat!("SELECT '[' || coalesce(string_agg(shown, ','), '') || ']'", $more, " FROM ")
    };
}

/// `json_build_array` makes an array.
pub(super) const CANDIDATE: &str = candidate!();
/// As above.
pub(super) const UNKNOWN_SENDS: &str = unknown_sends!();

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

/// Opportunities of several organizations as typed rows.
pub(super) const KNOWN_CANDIDACIES: &str = "SELECT c.organization_id, c.opportunity, c.contact, c.data \
    FROM json_to_recordset($1::json) AS k(organization uuid, opportunity text) \
    JOIN candidacies c ON c.organization_id = k.organization AND c.opportunity = k.opportunity";

/// As above.
pub(super) const KNOWN_CONTACTS: &str = "SELECT c.organization_id, c.contact, c.data, c.aliases, c.keys, c.read_at \
    FROM json_to_recordset($1::json) AS k(organization uuid, contact text) \
    JOIN contacts c ON c.organization_id = k.organization AND c.contact = k.contact";

/// As above.
pub(super) const DROP_CONTACT_KEYS: &str = "DELETE FROM contact_keys c USING json_to_recordset($1::json) \
    AS k(organization uuid, key bigint, contact text) \
    WHERE c.organization_id = k.organization AND c.key = k.key AND c.contact = k.contact";

/// Results that wait for someone with these keys, one that is due already with another time, so that who looks at it sees it; a key that very many of them have wakes some of them.
pub(super) const WAKE_RESULTS: &str = "UPDATE incoming_results \
    SET resolve_at = least(coalesce(resolve_at, $2), $2) - 1 WHERE id IN ( \
      SELECT w.incoming_id FROM json_to_recordset($1::json) AS k(organization uuid, key bigint) \
      JOIN incoming_keys w ON w.organization_id = k.organization AND w.key = k.key LIMIT 1000) \
    AND state IN ('new', 'unknown', 'review') RETURNING organization_id";

/// For each key its holders, as JSON. Parameters: organization, keys, at most so many.
pub(super) const HOLDERS: &str = "SELECT k.key::bigint, (SELECT coalesce(json_agg(h.contact), '[]'::json)::text \
    FROM (SELECT c.contact FROM contact_keys c WHERE c.organization_id = $1 AND c.key = k.key::bigint LIMIT $3) h) \
    FROM json_array_elements_text($2::json) AS k(key)";

/// Parameters: organization, contacts.
pub(super) const CONTACTS: &str = "SELECT c.data, c.aliases FROM json_array_elements_text($2::json) k(value) \
    CROSS JOIN contacts c WHERE c.organization_id = $1 AND c.contact = k.value";

/// Parameters: organization, contacts.
pub(super) const CANDIDACIES: &str = "SELECT c.data, c.read_at FROM json_array_elements_text($2::json) k(value) \
    CROSS JOIN candidacies c WHERE c.organization_id = $1 AND c.contact = k.value LIMIT 500";

/// Parameters: organization, rows, now.
pub(super) const RECEIVE_RESULTS: &str = "INSERT INTO incoming_results (id, organization_id, vendor, reference, given, \
    person, received_at, state, standing, version, snoozed_until, resolve_at, changed_at) \
    SELECT k.id, $1, k.vendor, k.reference, k.given, k.person, $3, 'new', k.standing, 1, 0, $3, $3 \
    FROM json_to_recordset($2::json) \
    AS k(id uuid, vendor text, reference text, given text, person bigint, standing text) \
    ON CONFLICT (organization_id, vendor, reference) DO NOTHING RETURNING id";

/// Parameters: organization, rows.
pub(super) const ADD_RESULT_KEYS: &str = "INSERT INTO incoming_keys (organization_id, key, incoming_id) \
    SELECT $1, k.key, k.incoming FROM json_to_recordset($2::json) AS k(key bigint, incoming uuid) \
    ON CONFLICT (organization_id, key, incoming_id) DO NOTHING";

/// Parameters: organization, results with the versions that were looked at.
pub(super) const SAME_RESULTS: &str = "UPDATE incoming_results SET resolve_at = NULL \
    FROM json_array_elements($2::json) AS k(value) WHERE incoming_results.id = (k.value ->> 0)::uuid \
    AND incoming_results.version = (k.value ->> 1)::bigint \
    AND incoming_results.resolve_at = (k.value ->> 2)::bigint AND incoming_results.organization_id = $1";

/// Parameters: results, now.
pub(super) const LOOKERS: &str = "SELECT l.incoming_id, l.who FROM json_array_elements_text($1::json) k(value) \
    CROSS JOIN incoming_looks l WHERE l.incoming_id = k.value::uuid AND l.until > $2 ORDER BY l.who";

/// Parameters: orders, now.
pub(super) const MARK_WITHDRAWN: &str = "UPDATE withdrawals SET done_at = $2 WHERE done_at IS NULL \
    AND order_id IN (SELECT value::uuid FROM json_array_elements_text($1::json))";
