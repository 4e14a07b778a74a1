//! What SQLite says differently. Many rows come as one JSON parameter through `json_each` (the busiest inserts bind theirs,
//! see `many`); ids in it are text, which `unhex` turns into the bytes that are stored.

use std::borrow::Cow;

/// The n-th value of a long statement. Without a number: to SQLite `$7` is a name, looked up among all others.
pub(super) fn placeholder(_number: usize) -> Cow<'static, str> {
    Cow::Borrowed("?")
}

/// SQLite lists its tables in `sqlite_schema`.
pub(super) const MIGRATION_TABLES: &str =
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";

/// Those of a list of ids that are not there; ids in JSON are text, which `unhex` turns into the bytes that are stored.
pub(super) const MISSING_DELIVERIES: &str = "SELECT unhex(value, '-') FROM json_each($1) \
    WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.id = unhex(value, '-'))";

/// Organizations with a due job of a known kind.
pub(super) const DUE_ORGANIZATIONS: &str = concat!(
    ready_organizations!(),
    "SELECT id FROM ready WHERE id IS NOT NULL AND EXISTS (SELECT 1 FROM json_each($2) k WHERE EXISTS \
     (SELECT 1 FROM jobs j WHERE j.state = 'ready' AND j.organization_id = ready.id AND j.kind = k.value \
      AND j.run_at <= $1))"
);

/// There is one writer, so nothing has to be locked or skipped. CROSS JOIN keeps the order: for each kind its first jobs.
pub(super) const CLAIM: &str = "UPDATE jobs SET state = 'running', attempt = attempt + 1, leased_until = $4 WHERE id IN ( \
    SELECT j.id FROM json_each($5) k CROSS JOIN jobs j WHERE j.id IN ( \
      SELECT i.id FROM jobs i WHERE i.organization_id = $1 AND i.state = 'ready' AND i.kind = k.value AND i.run_at <= $2 \
      ORDER BY i.run_at LIMIT $3) \
    ORDER BY j.priority, j.run_at, j.id LIMIT $3) \
    RETURNING id, organization_id, payload, priority, run_at, attempt, failures";

/// The first job of each organization and kind, and the earliest of these.
pub(super) const NEXT_DUE: &str = concat!(
    ready_organizations!(),
    "SELECT min((SELECT j.run_at FROM jobs j WHERE j.state = 'ready' AND j.organization_id = ready.id \
     AND j.kind = k.value ORDER BY j.run_at LIMIT 1)) FROM ready CROSS JOIN json_each($1) k WHERE ready.id IS NOT NULL"
);

/// As above.
pub(super) const RENEW: &str = concat!(
    "UPDATE jobs SET leased_until = $2 \
     FROM (SELECT unhex(value ->> 'id', '-') AS id, value ->> 'attempt' AS attempt FROM json_each($1)) e",
    still_held!(),
    " RETURNING id"
);

/// As above.
pub(super) const RELEASE: &str = concat!(
    "UPDATE jobs SET state = 'ready', leased_until = NULL, again = false, \
     run_at = CASE WHEN again THEN $2 ELSE run_at END \
     FROM (SELECT unhex(value ->> 'id', '-') AS id, value ->> 'attempt' AS attempt FROM json_each($1)) e",
    still_held!()
);

/// For each opportunity the few that wait. INDEXED BY and `+ 0`: SQLite would rather walk all deliveries by time.
pub(super) const CLOSE_DELIVERIES: &str = "UPDATE deliveries INDEXED BY deliveries_waiting \
    SET status = 'done', reason = c.value ->> 'reason' FROM json_each($1) c \
    WHERE deliveries.organization_id = unhex(c.value ->> 'organization', '-') \
    AND deliveries.opportunity = c.value ->> 'opportunity' AND deliveries.status = 'stored' \
    AND deliveries.received_at + 0 <= c.value ->> 'until'";

/// As above.
pub(super) const MARK_WRITTEN: &str =
    "UPDATE orders SET written_at = $2 WHERE id IN (SELECT unhex(value, '-') FROM json_each($1))";

/// As above.
pub(super) const DECIDED: &str = "SELECT opportunity, stage, entered_at, vendor FROM decisions \
    WHERE organization_id = $1 AND opportunity IN (SELECT value FROM json_each($2))";

/// Parameters: organization, opportunities.
pub(super) const NAMES: &str = "SELECT p.opportunity, p.name FROM json_each($2) k CROSS JOIN opportunities p \
    WHERE p.organization_id = $1 AND p.opportunity = k.value";

/// Parameters: organization, orders.
pub(super) const ORDERED_FOR: &str = "SELECT r.id, r.opportunity FROM json_each($2) k CROSS JOIN orders r \
    WHERE r.organization_id = $1 AND r.id = unhex(k.value, '-')";

/// Same parameters as `SAVE_TESTS`.
pub(super) const RETIRE_TESTS: &str = "UPDATE vendor_tests SET retired = true, read_at = $3 \
    WHERE organization_id = $1 AND vendor = $2 AND test NOT IN (SELECT value ->> 'test' FROM json_each($4))";

/// As `INSERT_DELIVERIES`.
pub(super) const SAVE_TESTS: &str = "INSERT INTO vendor_tests (organization_id, vendor, test, name, retired, position, read_at) \
    SELECT $1, $2, value ->> 'test', value ->> 'name', value ->> 'retired', value ->> 'position', $3 FROM json_each($4) \
    WHERE true ON CONFLICT (organization_id, vendor, test) DO UPDATE SET name = excluded.name, retired = excluded.retired, \
    position = excluded.position, read_at = excluded.read_at";

/// A portion of ended jobs. The dead are kept until someone has looked at them.
pub(super) const PRUNE_JOBS: &str = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs \
    WHERE state IN ('done', 'cancelled') AND finished_at IS NOT NULL AND finished_at < $1 LIMIT 5000)";

/// A portion of handled deliveries, organization by organization: the index begins with it.
pub(super) const PRUNE_DELIVERIES: &str = "DELETE FROM deliveries WHERE id IN (SELECT d.id FROM organizations o \
    CROSS JOIN deliveries d WHERE d.organization_id = o.id AND d.received_at < $1 AND d.status <> 'stored' LIMIT 5000)";

/// All digits that a number has.
macro_rules! candidate_row {
    () => {
        candidate_columns!("json_array", "format('%!.17g', r.score)")
    };
}

/// Joined in the order in which they come.
macro_rules! candidate_list {
    ($more:expr) => {
        concat!("SELECT '[' || coalesce(group_concat(shown, ','), '') || ']'", $more, " FROM ")
    };
}

/// `json_array` makes an array.
pub(super) const CANDIDATE: &str = candidate!();
/// As above.
pub(super) const UNKNOWN_SENDS: &str = unknown_sends!();

/// `instr` finds a text in another.
pub(super) const CANDIDATES: [&str; 5] = over_candidates!(candidate_page, "instr");
/// As above.
pub(super) const CANDIDATE_COUNTS: [&str; 5] = over_candidates!(candidate_count, "instr");

/// There is one writer: nothing has to be locked.
pub(super) const LOCK_PEOPLE: &str = lock_people!("");

/// A list is JSON.
pub(super) const TRIGGERS: &str = triggers!("json_each($3) k");
/// As above.
pub(super) const DAYS: &str = days!("json_each($2) k");

/// The list of kinds is JSON.
pub(super) const FLEET: &str = fleet!("json_each($2) k");
/// As above. Parameters: organization, now, kinds.
pub(super) const OLDEST_DUE: &str = concat!("SELECT ", oldest_due!("json_each($3) k", "$1", "$2"));

/// Opportunities of several organizations as rows of JSON.
pub(super) const KNOWN_CANDIDACIES: &str = "SELECT c.organization_id, c.opportunity, c.contact, c.data \
    FROM json_each($1) k CROSS JOIN candidacies c WHERE c.organization_id = unhex(k.value ->> 'organization', '-') \
    AND c.opportunity = k.value ->> 'opportunity'";

/// As above.
pub(super) const KNOWN_CONTACTS: &str = "SELECT c.organization_id, c.contact, c.data, c.aliases, c.keys, c.read_at \
    FROM json_each($1) k CROSS JOIN contacts c WHERE c.organization_id = unhex(k.value ->> 'organization', '-') \
    AND c.contact = k.value ->> 'contact'";

/// As above.
pub(super) const DROP_CONTACT_KEYS: &str = "DELETE FROM contact_keys WHERE (organization_id, key, contact) IN \
    (SELECT unhex(value ->> 'organization', '-'), value ->> 'key', value ->> 'contact' FROM json_each($1))";

/// Results that wait for someone with these keys, one that is due already with another time, so that who looks at it sees it; a key that very many of them have wakes some of them.
pub(super) const WAKE_RESULTS: &str = "UPDATE incoming_results \
    SET resolve_at = min(coalesce(resolve_at, $2), $2) - 1 WHERE id IN ( \
      SELECT w.incoming_id FROM json_each($1) k CROSS JOIN incoming_keys w \
      WHERE w.organization_id = unhex(k.value ->> 'organization', '-') AND w.key = k.value ->> 'key' LIMIT 1000) \
    AND state IN ('new', 'unknown', 'review') RETURNING organization_id";

/// For each key its holders, as JSON. Parameters: organization, keys, at most so many.
pub(super) const HOLDERS: &str = "SELECT k.value, (SELECT json_group_array(h.contact) FROM (SELECT c.contact \
    FROM contact_keys c WHERE c.organization_id = $1 AND c.key = k.value LIMIT $3) h) FROM json_each($2) k";

/// Parameters: organization, contacts.
pub(super) const CONTACTS: &str = "SELECT c.data, c.aliases FROM json_each($2) k CROSS JOIN contacts c \
    WHERE c.organization_id = $1 AND c.contact = k.value";

/// Parameters: organization, contacts.
pub(super) const CANDIDACIES: &str = "SELECT c.data, c.read_at FROM json_each($2) k CROSS JOIN candidacies c \
    WHERE c.organization_id = $1 AND c.contact = k.value LIMIT 500";

/// Parameters: organization, rows, now.
pub(super) const RECEIVE_RESULTS: &str = "INSERT INTO incoming_results (id, organization_id, vendor, reference, given, \
    person, received_at, state, standing, version, snoozed_until, resolve_at, changed_at) \
    SELECT unhex(value ->> 'id', '-'), $1, value ->> 'vendor', value ->> 'reference', value ->> 'given', \
    value ->> 'person', $3, 'new', value ->> 'standing', 1, 0, $3, $3 FROM json_each($2) WHERE true \
    ON CONFLICT (organization_id, vendor, reference) DO NOTHING RETURNING id";

/// Parameters: organization, rows.
pub(super) const ADD_RESULT_KEYS: &str = "INSERT INTO incoming_keys (organization_id, key, incoming_id) \
    SELECT $1, value ->> 'key', unhex(value ->> 'incoming', '-') FROM json_each($2) WHERE true \
    ON CONFLICT (organization_id, key, incoming_id) DO NOTHING";

/// Parameters: organization, results with the versions that were looked at.
pub(super) const SAME_RESULTS: &str = "UPDATE incoming_results SET resolve_at = NULL FROM json_each($2) k \
    WHERE incoming_results.id = unhex(k.value ->> 0, '-') AND incoming_results.version = k.value ->> 1 \
    AND incoming_results.resolve_at = k.value ->> 2 \
    AND incoming_results.organization_id = $1";

/// Parameters: results, now.
pub(super) const LOOKERS: &str = "SELECT l.incoming_id, l.who FROM json_each($1) k CROSS JOIN incoming_looks l \
    WHERE l.incoming_id = unhex(k.value, '-') AND l.until > $2 ORDER BY l.who";

/// Parameters: orders, now.
pub(super) const MARK_WITHDRAWN: &str = "UPDATE withdrawals SET done_at = $2 WHERE order_id IN (SELECT unhex(value, '-') FROM json_each($1)) AND done_at IS NULL";
