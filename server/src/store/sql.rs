//! Parts of statements that several methods share. Macros, because sqlx takes only constant text and `concat!` only literals.

macro_rules! order_columns {
    () => {
        "orders.id, orders.organization_id, orders.opportunity, orders.contact, orders.vendor, orders.test, \
         orders.test_name, orders.round, orders.stage, orders.posting, orders.state, orders.note, orders.vendor_ref, \
         orders.vendor_status, orders.score, orders.band, orders.outcome, orders.judged_by, orders.report_url, \
         orders.report_token, orders.email, orders.created_at, orders.invited_at, orders.completed_at, \
         orders.called_back_at, orders.written_at"
    };
}

macro_rules! decision_columns {
    () => {
        "organization_id, opportunity, stage, entered_at, vendor, decision, rules_version, decided_at"
    };
}

/// Everyone of a role in an organization, or in the instance. Parameters: role, organization.
macro_rules! lock_people {
    ($lock:literal) => {
        concat!(
            "SELECT id FROM users WHERE role = $1 \
             AND (organization_id = $2 OR ($2 IS NULL AND organization_id IS NULL)) ORDER BY id",
            $lock
        )
    };
}

/// Entries of a chain of the record of changes, before a number. Parameters: chain, number, act, who, how many.
macro_rules! audit_entries {
    () => {
        "SELECT number, at, who, source, act, target, before, after, hash FROM audit WHERE chain = $1 AND number < $2"
    };
}

macro_rules! delivery_columns {
    () => {
        "id, organization_id, event, opportunity, status, reason, received_at, repeats, suspicious"
    };
}

macro_rules! organization_select {
    () => {
        organization_select!("")
    };
    ($more:expr) => {
        concat!(
            "SELECT o.id, o.hook, o.paused, o.version, c.rules, o.created_at",
            $more,
            " FROM organizations o JOIN configurations c ON c.organization_id = o.id AND c.version = o.version "
        )
    };
}

/// The latest of everything that pages of an organization show, each the end of an index.
macro_rules! stamp_columns {
    () => {
        "(SELECT max(changed_at) FROM opportunities WHERE organization_id = o.id) AS candidate, \
         (SELECT max(decided_at) FROM decisions WHERE organization_id = o.id) AS decision, \
         (SELECT max(last_seen) FROM issues WHERE organization_id = o.id AND closed_at IS NULL) AS issue, \
         o.version AS rules_version, \
         (SELECT count(*) FROM issues WHERE organization_id = o.id AND closed_at IS NULL) AS issues, \
         (SELECT max(received_at) FROM deliveries WHERE organization_id = o.id) AS delivery, \
         (SELECT max(changed_at) FROM incoming_results WHERE organization_id = o.id) AS incoming"
    };
}

/// A row in a list of candidates: `o` is the opportunity, `r` the order shown with it; `$array` is the engine's function that
/// makes a JSON array, `$score` the order's score. The order is that of `rows::ShownCandidate`. One text instead of sixteen
/// columns, and one for all rows: each column costs the driver three allocations, each row a handover between threads, half the
/// time of a page. There is no report before there is a result, and JSON knows no infinity.
macro_rules! candidate_columns {
    ($array:literal, $score:literal) => {
        concat!(
            "'[' || CAST(",
            $array,
            "(o.opportunity, o.name, o.email, o.stage, o.url, o.changed_at, r.vendor, r.test_name, r.state, r.outcome, \
              r.band, r.stage, r.posting, \
              CASE WHEN r.completed_at IS NOT NULL THEN r.report_token END) AS text) || ',' || \
              coalesce(o.decision, 'null') || ',' || \
              CASE WHEN r.score BETWEEN -1e308 AND 1e308 THEN ",
            $score,
            " ELSE 'null' END || ']' AS shown"
        )
    };
}

/// The organizations with ready jobs, found by jumping from one to the next in the index `jobs_ready`: as many steps as
/// there are organizations, however many jobs wait.
macro_rules! ready_organizations {
    () => {
        "WITH RECURSIVE ready(id) AS ( \
           SELECT (SELECT organization_id FROM jobs WHERE state = 'ready' ORDER BY organization_id LIMIT 1) \
           UNION ALL \
           SELECT (SELECT j.organization_id FROM jobs j WHERE j.state = 'ready' AND j.organization_id > ready.id \
                   ORDER BY j.organization_id LIMIT 1) \
           FROM ready WHERE ready.id IS NOT NULL) "
    };
}

/// Which candidates: `$position` is the engine's function for "where in", `$filter` narrows by an index.
/// Parameters: organization, part of the name, whole address, state, outcome, stage, whether waiting, changed since.
macro_rules! candidates_where {
    ($position:literal, $filter:expr) => {
        concat!(
            " WHERE o.organization_id = $1 ",
            $filter,
            " AND ($2 IS NULL OR ",
            $position,
            "(o.name_search, $2) > 0 OR ",
            $position,
            "(o.email_search, $3) > 0) AND ($4 IS NULL OR o.order_state = $4) \
             AND ($5 IS NULL OR o.order_outcome = $5) AND ($6 IS NULL OR o.stage = $6) \
             AND (NOT $7 OR o.order_state = 'send-unknown' OR o.order_outcome = 'needs-review') AND o.changed_at >= $8"
        )
    };
}

/// How many candidates there are at all, where `$12` says how far to count: whether there is a last one that counts, which is
/// faster than counting, and only below that how many. Read from an index alone.
macro_rules! everybody {
    () => {
        ", CASE WHEN $12 > 0 THEN coalesce( \
            (SELECT CAST($12 AS bigint) FROM opportunities WHERE organization_id = $1 LIMIT 1 OFFSET $12 - 1), \
            (SELECT count(*) FROM opportunities WHERE organization_id = $1)) END"
    };
}

/// A page of candidates, and how many there are. Further parameters: cursor (time, opportunity), rows, and how far to count if
/// nobody is left out.
macro_rules! candidate_page {
    ($position:literal, $filter:expr) => {
        concat!(
            candidate_list!(everybody!()),
            "(SELECT ",
            candidate_row!(),
            " FROM opportunities o LEFT JOIN orders r ON r.id = o.order_id",
            candidates_where!($position, $filter),
            " AND (o.changed_at, o.opportunity) < ($9, $10) ORDER BY o.changed_at DESC, o.opportunity DESC LIMIT $11) listed"
        )
    };
}

/// One candidate. Parameters: organization, opportunity.
macro_rules! candidate {
    () => {
        concat!(
            "SELECT ",
            candidate_row!(),
            " FROM opportunities o LEFT JOIN orders r ON r.id = o.order_id \
             WHERE o.organization_id = $1 AND o.opportunity = $2"
        )
    };
}

/// Candidates with a send that only a person can settle; the order shown is that one. Parameters: organization, rows.
macro_rules! unknown_sends {
    () => {
        concat!(
            candidate_list!(""),
            "(SELECT ",
            candidate_row!(),
            " FROM orders r JOIN opportunities o \
             ON o.organization_id = r.organization_id AND o.opportunity = r.opportunity \
             WHERE r.organization_id = $1 AND r.state = 'send-unknown' ORDER BY r.created_at, r.id LIMIT $2) listed"
        )
    };
}

/// How many candidates there are. Further parameter: the cap. The bound of time makes SQLite take the index that has the
/// names, or the one the filter narrows by.
macro_rules! candidate_count {
    ($position:literal, $filter:expr) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1 AS one FROM opportunities o",
            candidates_where!($position, $filter),
            " LIMIT $9) found"
        )
    };
}

/// The statements over candidates, each with the index of its own, in the order of `Narrow`.
macro_rules! over_candidates {
    ($statement:ident, $position:literal) => {
        [
            $statement!($position, ""),
            $statement!($position, "AND (o.order_state = 'send-unknown' OR o.order_outcome = 'needs-review')"),
            $statement!($position, "AND o.order_outcome = $5"),
            $statement!($position, "AND o.order_state = $4"),
            $statement!($position, "AND o.stage = $6"),
        ]
    };
}

/// The first due job of an organization `o`: `$kinds` lists the known kinds as `k.value`, `$now` is the parameter.
macro_rules! oldest_due {
    ($kinds:literal, $organization:literal, $now:literal) => {
        concat!(
            "(SELECT min((SELECT j.run_at FROM jobs j WHERE j.state = 'ready' AND j.organization_id = ",
            $organization,
            " AND j.kind = k.value AND j.run_at <= ",
            $now,
            " ORDER BY j.run_at LIMIT 1)) FROM ",
            $kinds,
            ")"
        )
    };
}

/// How many results of an organization `o` wait now for a person who says whose they are.
macro_rules! reviews_waiting {
    ($now:literal, $cap:literal) => {
        concat!(
            "(SELECT count(*) FROM (SELECT 1 AS one FROM incoming_results i WHERE i.organization_id = o.id \
             AND i.state = 'review' AND i.snoozed_until <= ",
            $now,
            " LIMIT ",
            $cap,
            ") found)"
        )
    };
}

/// One row for each organization, each figure found by an index. Parameters: now, kinds, only this organization, reviews
/// since, the cap.
macro_rules! fleet {
    ($kinds:literal) => {
        concat!(
            "SELECT o.id, o.slug, o.paused, o.created_at, c.rules, \
             (NOT o.paused OR EXISTS (SELECT 1 FROM audit a WHERE a.chain = o.id AND a.act IN ('paused', 'resumed'))) \
              AS was_live, \
             (SELECT count(*) FROM (SELECT 1 AS one FROM jobs j WHERE j.organization_id = o.id AND j.state = 'ready' \
              AND j.run_at <= $1 LIMIT $5) due) AS backlog, ",
            oldest_due!($kinds, "o.id", "$1"),
            " AS oldest_due, \
             (SELECT count(*) FROM (SELECT 1 AS one FROM jobs j WHERE j.organization_id = o.id AND j.state = 'dead' \
              LIMIT $5) dead) AS dead_jobs, \
             (SELECT count(*) FROM (SELECT 1 AS one FROM orders r WHERE r.organization_id = o.id \
              AND r.state = 'send-unknown' LIMIT $5) unknown) AS unknown_sends, \
             (SELECT count(*) FROM (SELECT 1 AS one FROM opportunities p WHERE p.organization_id = o.id \
              AND p.order_outcome = 'needs-review' AND p.changed_at >= $4 LIMIT $5) review) AS reviews, \
             ",
            reviews_waiting!("$1", "$5"),
            " AS matches, \
             (SELECT max(d.received_at) FROM deliveries d WHERE d.organization_id = o.id) AS last_delivery, \
             (SELECT max(r.written_at) FROM orders r WHERE r.organization_id = o.id AND r.written_at IS NOT NULL) \
              AS last_written, \
             (SELECT max(r.completed_at) FROM orders r WHERE r.organization_id = o.id AND r.completed_at IS NOT NULL) \
              AS last_completed, \
             (SELECT min(s.created_at) FROM secrets s WHERE s.organization_id = o.id) AS oldest_secret \
             FROM organizations o JOIN configurations c ON c.organization_id = o.id AND c.version = o.version \
             WHERE ($3 IS NULL OR o.id = $3) ORDER BY o.slug"
        )
    };
}

/// What became of the entries of each pair of stage and vendor in a list, in its order: ordered, passed, to be reviewed,
/// failed, skipped. Each is a range of an index. Parameters: organization, since, the list, cap of the skipped.
macro_rules! triggers {
    ($rows:literal) => {
        concat!(
            "SELECT ",
            judged!("r.outcome IS NULL"),
            " AS open, ",
            judged!("r.outcome = 'pass'"),
            " AS pass, ",
            judged!("r.outcome = 'needs-review'"),
            " AS review, ",
            judged!("r.outcome = 'fail'"),
            " AS fail, \
             (SELECT count(*) FROM (SELECT 1 AS one FROM decisions d WHERE d.organization_id = $1 \
              AND d.stage = k.value ->> 0 AND d.vendor = k.value ->> 1 AND d.kind <> 'invite' \
              AND d.decided_at >= $2 LIMIT $4) found) AS skipped FROM ",
            $rows
        )
    };
}

macro_rules! judged {
    ($outcome:literal) => {
        concat!(
            "(SELECT count(*) FROM orders r WHERE r.organization_id = $1 AND r.stage = k.value ->> 0 \
             AND r.vendor = k.value ->> 1 AND r.created_at >= $2 AND ",
            $outcome,
            ")"
        )
    };
}

/// Results of each day in a list, in its order: passed, to be reviewed, failed. Parameters: organization, the list.
/// 86400000000 microseconds are a day.
macro_rules! days {
    ($days:literal) => {
        concat!("SELECT ", of_day!("pass"), ", ", of_day!("needs-review"), ", ", of_day!("fail"), " FROM ", $days)
    };
}

macro_rules! of_day {
    ($outcome:literal) => {
        concat!(
            "(SELECT count(*) FROM orders r WHERE r.organization_id = $1 AND r.outcome = '",
            $outcome,
            "' AND r.completed_at >= CAST(k.value AS bigint) * 86400000000 \
             AND r.completed_at < (CAST(k.value AS bigint) + 1) * 86400000000)"
        )
    };
}

/// Where jobs join those with the same key: a waiting one is brought forward, except a send, which keeps its backoff; a
/// running one is marked to run again. Nothing is written when nothing changes.
macro_rules! join_job {
    () => {
        " ON CONFLICT (organization_id, unique_key) WHERE state IN ('ready', 'running') DO UPDATE SET \
         run_at = CASE WHEN jobs.state = 'ready' THEN excluded.run_at ELSE jobs.run_at END, \
         again = (jobs.state = 'running') \
         WHERE (jobs.state = 'running' AND NOT jobs.again) \
         OR (jobs.state = 'ready' AND jobs.kind <> 'send' AND excluded.run_at < jobs.run_at)"
    };
}

/// What the end of a run makes of its job; `e` is the end. A job that was asked for again meanwhile is ready at once,
/// because the run may not have seen what was new; after a failure that may pass it waits its time all the same.
macro_rules! end_job {
    () => {
        "UPDATE jobs SET state = CASE WHEN jobs.again THEN 'ready' ELSE e.state END, \
         run_at = CASE WHEN jobs.again AND NOT (e.failed AND e.state = 'ready') THEN e.ended_at ELSE e.run_at END, \
         finished_at = CASE WHEN jobs.again OR e.state = 'ready' THEN NULL ELSE e.ended_at END, \
         failures = CASE WHEN e.failed THEN jobs.failures + 1 ELSE 0 END, last_error = e.error, \
         again = false, leased_until = NULL FROM "
    };
}

/// Jobs that are still held, `e` being those asked about.
macro_rules! still_held {
    () => {
        " WHERE jobs.id = e.id AND jobs.attempt = e.attempt AND jobs.state = 'running'"
    };
}

/// What a reading changes of the row of its opportunity: nothing, where a newer one is there.
macro_rules! read_again {
    () => {
        " ON CONFLICT (organization_id, opportunity) DO UPDATE SET name = excluded.name, email = excluded.email, \
         stage = excluded.stage, url = excluded.url, data = excluded.data, read_at = excluded.read_at, \
         name_search = excluded.name_search, email_search = excluded.email_search, \
         changed_at = CASE WHEN excluded.changed_at > opportunities.changed_at THEN excluded.changed_at \
         ELSE opportunities.changed_at END \
         WHERE opportunities.read_at IS NULL OR excluded.read_at >= opportunities.read_at"
    };
}

/// A candidacy as a later reading says.
macro_rules! newer_candidacy {
    () => {
        " ON CONFLICT (organization_id, opportunity) DO UPDATE SET contact = excluded.contact, data = excluded.data, \
         read_at = excluded.read_at WHERE excluded.read_at >= candidacies.read_at"
    };
}

/// A contact as a later reading says. What decisions taught stays.
macro_rules! newer_contact {
    () => {
        " ON CONFLICT (organization_id, contact) DO UPDATE SET data = excluded.data, keys = excluded.keys, \
         read_at = excluded.read_at WHERE excluded.read_at >= contacts.read_at"
    };
}

macro_rules! incoming_columns {
    () => {
        "i.id, i.organization_id, i.given, i.received_at, i.version, i.standing, i.resolve_at"
    };
}
